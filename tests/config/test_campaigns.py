"""`campaigns` of acd.yaml: what a campaign may say, and every way in which it would go past the law or make no sense."""

from pathlib import Path
from typing import get_args

import pytest

from acd.campaign import ABANDONING, AGENTLESS, RETRIES, After, Blend, Campaign, Caps, Disposition, Mode, Retry
from acd.config.campaign_modes import FITS, NEEDS
from acd.config.campaign_shapes import CampaignShape, RetriesShape
from acd.config.campaigns import before_callers, campaign_flow_problems
from acd.config.load import load
from acd.law.profiles import PROFILES
from acd.words import FlowId, QueueId
from tests.config.test_acd_yaml import SMALL, refusal, written

HOUSE = SMALL.replace("priority: 3", "priority: 3, dispositions: [sold, later, again, never]") + (
    "calendars: {work: {zone: Europe/Berlin, weekly: {mon-fri: 10:00-17:00}}}\n"
    'trunks: {carrier: {address: "127.0.0.1:5090", prefixes: ["+49"], caller_id: "+493099"}}\n'
    'outbound: {caller_ids: ["+493055"]}\n'
    "campaigns:\n"
)
FIRST = HOUSE.count("\n") + 1
SPRING = "  spring: {mode: predictive, queue: sales, lists: [all], opt_out: 9, abandon: {message: sorry}%s}\n"
WHOLE = """\
  spring:
    mode: predictive
    law: us
    queue: sales
    lists: [spring_2026, returning]
    caller_id: "+493055"
    trunks: [carrier]
    lines: 60
    per_second: 2.5
    ring: 25s
    ring_least: 20s
    hours: work
    local_hours: {mon-fri: "09:00-12:00, 13:00-19:00", sat: 10:00-14:00}
    retries:
      busy: {after: [5m, 1h], at_most: 4, other_number: true, between: 17:00-19:00}
      machine: never
    caps: {lead_per_day: 2, lead_total: 8, number_per_day: 1, number_total: 6}
    abandon: {limit: 2.5%, answer: 1500ms, start: answer, message: sorry, lock: 3d}
    priority: 5
    weight: 3
    order: highest score
    chance: false
    blend: {waiting_over: 3, available_under: 2}
    dispositions: {sold: final, later: {retry: 2d}, again: callback, never: do_not_call}
    opt_out: 9
    guide: Ask how the last order was.
    amd: async
    voicemail: call_us
    replaces: [winter, autumn]
"""


def with_campaign(more: str, text: str = SPRING) -> str:
    return HOUSE + text % (f", {more}" if more else "")


def test_given_all_of_it_when_loaded_then_it_is_the_campaign(tmp_path: Path) -> None:
    spring = load(written(tmp_path, HOUSE + WHOLE)).campaigns["spring"]
    assert spring == Campaign(
        id="spring",
        mode=Mode.PREDICTIVE,
        law="us",
        queue=QueueId("sales"),
        lists=("spring_2026", "returning"),
        abandon_limit=0.025,
        abandon_start="answer",  # type: ignore[arg-type]
        answer_s=1.5,
        message=FlowId("sorry"),
        redial_lock_s=3 * 86400.0,
        caller_id="+493055",
        trunks=("carrier",),
        lines=60,
        per_second=2.5,
        ring_s=25.0,
        ring_least_s=20.0,
        hours="work",
        local_hours=(((540, 720), (780, 1140)),) * 5 + (((600, 840),), ()),
        retries={
            **RETRIES,
            "busy": Retry(after_s=(300.0, 3600.0), at_most=4, other_number=True, between=((1020, 1140),)),
            "machine": Retry(),
        },
        caps=Caps(lead_per_day=2, lead_total=8, number_per_day=1, number_total=6),
        priority=5,
        weight=3,
        order="highest score",
        chance=False,
        blend=Blend(waiting_over=3, available_under=2),
        dispositions={
            "sold": Disposition(),
            "later": Disposition(then=After.RETRY, after_s=2 * 86400.0),
            "again": Disposition(then=After.CALLBACK),
            "never": Disposition(then=After.DO_NOT_CALL),
        },
        opt_out_key="9",
        guide="Ask how the last order was.",
        amd="async",
        voicemail=FlowId("call_us"),
        replaces=("winter", "autumn"),
    )
    assert spring.names == ("spring", "winter", "autumn") and spring.profile is PROFILES["us"]
    assert spring.after("sold") == spring.after("asked") == Disposition() and spring.retry("talked") == Retry()


@pytest.mark.parametrize("law", PROFILES)
def test_given_little_when_loaded_then_the_rest_is_as_its_law_says(tmp_path: Path, law: str) -> None:
    spring = load(written(tmp_path, with_campaign(f"law: {law}"))).campaigns["spring"]
    profile = PROFILES[law]
    assert (spring.abandon_limit, spring.answer_s, spring.redial_lock_s) == (
        profile.abandon_limit,
        profile.answer_s,
        profile.redial_lock_s,
    )
    assert (spring.ring_least_s, spring.caps.number_per_day, spring.retries) == (profile.ring_least_s, profile.per_day, RETRIES)


def test_given_no_law_when_loaded_then_it_is_the_strict_one(tmp_path: Path) -> None:
    spring = load(written(tmp_path, with_campaign(""))).campaigns["spring"]
    assert spring.law == "strict" and spring.caps.number_per_day == 3 and spring.redial_lock_s == 5 * 86400.0


def test_given_a_house_without_campaigns_when_loaded_then_it_has_none(tmp_path: Path) -> None:
    assert load(written(tmp_path, SMALL)).campaigns == {}


def test_given_retries_when_asked_for_the_next_then_the_last_time_stays_and_there_is_an_end() -> None:
    retry = Retry(after_s=(60.0, 300.0), at_most=4)
    assert [retry.delay_s(n) for n in range(6)] == [60.0, 300.0, 300.0, 300.0, None, None]
    assert Retry().delay_s(0) is None and Retry(other_number=True).delay_s(0) is None


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("law: us, abandon: {limit: 3.01%, message: sorry}", "found '3.01%'; the law us allows at most 3 %"),
        ("law: ca, abandon: {limit: 6%, message: sorry}", "the law ca allows at most 5 %"),
        ("law: us, abandon: {answer: 2001ms, message: sorry}", "found '2.001s'; the law us wants an agent there within 2s"),
        ("law: it, abandon: {answer: 4s, message: sorry}", "the law it wants an agent there within 3s"),
        ("law: uk, amd: async, abandon: {start: greeting, message: sorry}", "the law uk counts from the answer, allowed: answer"),
        ("law: us, amd: async, abandon: {start: greeting, message: sorry}", "found 'greeting'; nobody here hears when a person's"),
        ("law: uk, abandon: {lock: 71h, message: sorry}", "found '71h'; the law uk wants that a number is left in peace for 3d after"),
        ("abandon: {lock: 4d, message: sorry}", "the law strict wants that a number is left in peace for 5d after an abandon"),
        ("law: us, ring: 14s", "found '14s'; the law us wants a phone to ring for at least 15s"),
        ("law: us, ring_least: 10s", "found '10s'; the law us wants a phone to ring for at least 15s"),
        ("law: us, ring: 20s, ring_least: 25s", "found '20s'; that is less than ring_least, 25s"),
        ("caps: {number_per_day: 4}", "found 4; the law strict allows a number to be dialled 3 times a day"),
        (
            "law: it, local_hours: {mon-sat: 10:00-19:30}",
            "people would be called 10:00-19:30 on saturdays; the law it lets people be called 10:00-19:00 then",
        ),
        (
            "law: us, local_hours: {sun: 07:00-12:00}",
            "called 07:00-12:00 on sundays; the law us lets people be called 08:00-21:00 then",
        ),
        ("law: it, local_hours: {mon-sun: 10:00-19:00}", "on sundays; the law it lets people be called never then"),
        ("law: us, local_hours: {mon-fri: 20:00-02:00}", "called over midnight on mondays; the law us"),
        ("law: us, retries: {busy: {after: [5m], between: 22:00-23:00}}", "nobody may be called then: the law us allows no such time"),
    ],
)
def test_given_what_is_looser_than_the_law_when_loaded_then_refused_with_what_it_allows(tmp_path: Path, more: str, said: str) -> None:
    """ACD.md 86, 90: nothing that is written goes past it."""
    text = HOUSE + "  spring: {mode: predictive, queue: sales, lists: [all], opt_out: 9" + ("" if "abandon" in more else MESSAGE)
    told = refusal(tmp_path, text + f", {more}}}\n")
    assert told.startswith(f"acd.yaml:{FIRST}:") and said in told and told.count("\n") == 0


MESSAGE = ", abandon: {message: sorry}"
HEARD = "opt_out: 9, abandon: {message: sorry}, "
"""What whoever is abandoned may hear and say; where a test is about something else."""


@pytest.mark.parametrize(
    ("weekly", "said"),
    [
        (
            "mon-fri: 08:00-17:00",
            "the calendar work is open 08:00-17:00 on mondays; the law strict lets people be called 09:00-20:00 then",
        ),
        (
            "sat: 09:30-12:00",
            "the calendar work is open 09:30-12:00 on saturdays; the law strict lets people be called 10:00-18:00 then",
        ),
        ("fri: 18:00-01:00", "the calendar work is open over midnight on fridays"),
    ],
)
def test_given_a_calendar_that_is_open_longer_than_the_law_when_a_campaign_has_it_then_refused(
    tmp_path: Path, weekly: str, said: str
) -> None:
    text = with_campaign("hours: work").replace("mon-fri: 10:00-17:00", weekly)
    told = refusal(tmp_path, text)
    assert said in told and told.count("\n") == 0 and told.startswith(f"acd.yaml:{FIRST}:")


def test_given_an_exception_of_a_calendar_when_it_is_longer_than_the_law_then_its_day_is_told(tmp_path: Path) -> None:
    text = with_campaign("hours: work").replace("}}}\n", "}, exceptions: {2026-12-19: 09:00-18:00, 2026-12-24: closed}}}\n", 1)
    told = refusal(tmp_path, text)
    assert "the calendar work is open 09:00-18:00 on saturdays (2026-12-19); the law strict" in told and told.count("\n") == 0


@pytest.mark.parametrize(
    ("campaign", "said"),
    [
        (
            "{mode: predictive, queue: sales, lists: [all], opt_out: 9}",
            "who is abandoned hears name and number of who called; give 'message'",
        ),
        ("{mode: progressive, queue: sales, lists: [all], law: it}", "the law it wants that who is abandoned hears name and number"),
        ("{mode: preview, queue: sales, lists: [all], law: uk}", "the law uk wants that who is abandoned hears"),
        ("{mode: ratio, ratio: 2, queue: sales, lists: [all], law: uk}", "the law uk wants that who is abandoned hears"),
        (
            "{mode: predictive, queue: sales, lists: [all], law: us, abandon: {message: x}}",
            "the law us wants that who is abandoned can say by a key that they are not called again; give 'opt_out'",
        ),
        ("{mode: message, lists: [all], script: hello}", "a campaign whose mode is message needs 'opt_out': the key by which"),
        ("{mode: survey, lists: [all], opt_out: 9}", "a campaign whose mode is survey needs 'script': the flow that"),
        ("{mode: preview, %slists: [all]}", "a campaign whose mode is preview needs 'queue'"),
        ("{mode: preview, %squeue: sales}", "a campaign whose mode is preview needs 'lists'"),
        ("{mode: preview, %squeue: sales, lists: [a, b, a]}", "the list 'a' is here twice"),
        ("{mode: ratio, queue: sales, lists: [a], opt_out: 1, abandon: {message: x}}", "mode is ratio needs 'ratio': so many numbers"),
        (
            "{mode: preview, %squeue: sales, lists: [a], ratio: 2}",
            "'ratio' does nothing in a campaign whose mode is preview; it goes with: ratio",
        ),
        (
            "{mode: manual, queue: sales, preview: 30s, opt_out: 9, abandon: {message: sorry}}",
            "'preview' does nothing in a campaign whose mode is manual; it goes with: preview",
        ),
        (
            "{mode: message, lists: [a], script: x, opt_out: 1, queue: sales}",
            "'queue' does nothing in a campaign whose mode is message",
        ),
        (
            "{mode: message, lists: [a], script: x, opt_out: 1, blend: {waiting_over: 1}}",
            "'blend' does nothing in a campaign whose mode is",
        ),
        ("{mode: preview, %squeue: sales, lists: [a], voicemail: x}", "'voicemail' does nothing in a campaign whose mode is preview"),
        ("{mode: message, lists: [a], script: x, opt_out: 1, voicemail: y}", "no machine is known from a person; give 'amd: async'"),
        (
            "{mode: preview, queue: sales, lists: [a], law: us, opt_out: 9, abandon: {message: sorry, start: greeting}}",
            "nobody here hears when a person's greeting ends",
        ),
        ("{mode: preview, %squeue: sales, lists: [a], order: chance, chance: false}", "which 'chance: false' switches off"),
        ("{mode: preview, %squeue: sales, lists: [a], order: best}", "found 'best'; oldest, newest, chance, or a field of the lead"),
        ("{mode: predict, queue: sales, lists: [a]}", "found 'predict' (did you mean 'predictive'?); allowed: manual, preview, "),
        ("{mode: preview, %squeue: sales, lists: [a], law: eu}", "found 'eu'"),
        ("{mode: preview, %squeue: sale, lists: [a]}", "there is no queue 'sale' (did you mean 'sales'?); there is: plain, sales"),
        ("{mode: preview, %squeue: sales, lists: [a], trunks: [x]}", "there is no trunk 'x'; there is: carrier"),
        ("{mode: preview, %squeue: sales, lists: [a], hours: office}", "there is no calendar 'office'; there is: work"),
        ('{mode: preview, %squeue: sales, lists: [a], caller_id: "+4912345"}', "the number '+4912345' may not be shown"),
        (
            "{mode: preview, %squeue: sales, lists: [a], dispositions: {sol: final}}",
            "the queue sales has no disposition 'sol'; it has: again, ",
        ),
        ("{mode: preview, %squeue: plain, lists: [a], dispositions: {sold: final}}", "has no disposition 'sold'; it has: none"),
        (
            "{mode: preview, %squeue: sales, lists: [a], dispositions: {sold: finale}}",
            "found 'finale' (did you mean 'final'?); allowed: final, ",
        ),
        ("{mode: preview, %squeue: sales, lists: [a], dispositions: {sold: {retry: 5}}}", "found '5'; a duration such as 5s, 2m or 1h"),
        (
            "{mode: preview, %squeue: sales, lists: [a], dispositions: {later: {retry: 1d}}}",
            "would be called again and again without end",
        ),
        (
            "{mode: preview, %squeue: sales, lists: [a], dispositions: {again: {callback: {after: 2h}}}}",
            "would be called again and again without end",
        ),
        (
            "{mode: preview, %squeue: sales, lists: [a], dispositions: {again: {callback: {}}}}",
            "a callback has {after: 2h, personal: true}",
        ),
        (
            "{mode: preview, %squeue: sales, lists: [a], dispositions: {again: {callback: {personal: perhaps}}}}",
            "found 'perhaps'; true or false",
        ),
        ("{mode: preview, %squeue: sales, lists: [a], retries: {busy: {after: [], at_most: 3}}}", "3 retries, and no time after which"),
        (
            "{mode: preview, %squeue: sales, lists: [a], retries: {busy: {after: [1m, 2m], at_most: 1}}}",
            "found 1; 'after' has 2 times already",
        ),
        (
            "{mode: preview, %squeue: sales, lists: [a], retries: {busy: {after: [1m], at_most: always}}}",
            "found 'always'; a whole number",
        ),
        ("{mode: preview, %squeue: sales, lists: [a], retries: {bussy: never}}", "'bussy' is not known here (did you mean 'busy'?)"),
        ("{mode: preview, %squeue: sales, lists: [a], retries: {busy: often}}", "found 'often'; a mapping is needed"),
        (
            "{mode: preview, %squeue: sales, lists: [a], local_hours: {mon: closed}}",
            "nobody could ever be called: no day has any hours",
        ),
        (
            "{mode: preview, %squeue: sales, lists: [a], local_hours: {mon-fri: 10:00-12:00, fri: 10:00-11:00}}",
            "fri is in more than one line",
        ),
        ("{mode: preview, %squeue: sales, lists: [a], replaces: [spring]}", "the campaign 'spring' cannot be in its own place"),
        ("{mode: preview, %squeue: sales, lists: [a], lines: 0}", "found '0'; at least 1 is allowed"),
        (
            "{mode: preview, queue: sales, lists: [a], opt_out: 9, abandon: {message: sorry, limit: 3}}",
            "found '3'; a share such as 2.5% is needed",
        ),
        ("{queue: sales, lists: [a]}", "'mode' is missing"),
        ("", "spring"),
    ],
)
def test_given_a_campaign_that_makes_no_sense_when_loaded_then_refused_once_with_its_place(
    tmp_path: Path, campaign: str, said: str
) -> None:
    told = refusal(tmp_path, f"{HOUSE}  spring: {campaign.replace('%s', HEARD)}\n")
    assert told.startswith(f"acd.yaml:{FIRST}:") and said in told and told.count("\n") == 0


def test_given_a_house_without_a_trunk_when_it_has_a_campaign_then_refused(tmp_path: Path) -> None:
    lines = [line for line in with_campaign("").splitlines() if not line.startswith("trunks")]
    assert "there is no trunk through which anybody could be called" in refusal(tmp_path, "\n".join(lines))


def test_given_a_trunk_that_shows_no_number_when_the_campaign_shows_none_either_then_refused(tmp_path: Path) -> None:
    text = with_campaign("").replace(', caller_id: "+493099"', "")
    assert "who is called through the trunk carrier would see no number of ours" in refusal(tmp_path, text)
    assert load(written(tmp_path, text.replace("opt_out: 9", 'opt_out: 9, caller_id: "+493055"'))).campaigns["spring"].caller_id


def test_given_two_campaigns_in_the_place_of_one_when_loaded_then_refused(tmp_path: Path) -> None:
    rest = "mode: manual, queue: sales, opt_out: 9, abandon: {message: sorry}"
    two = f"  a: {{{rest}, replaces: [old]}}\n  b: {{{rest}, replaces: [old, a]}}\n"
    told = refusal(tmp_path, HOUSE + two).splitlines()
    assert [line.partition(": ")[2] for line in told] == [
        "'old' is replaced by 'a' already",
        "the campaign 'a' is still there: it can be replaced when it is taken out of 'campaigns'",
    ]


def test_given_flows_that_are_not_there_when_checked_then_each_is_told_with_its_place(tmp_path: Path) -> None:
    house = load(written(tmp_path, HOUSE + WHOLE))
    said = [f"{one.line}: {one.what}" for one in campaign_flow_problems(house, {"main", "sorri"})]
    at = HOUSE.count("\n") + [n for n, line in enumerate(WHOLE.splitlines(), start=1) if "abandon:" in line][0]
    assert said[0] == f"{at}: there is no flow 'sorry' (did you mean 'sorri'?); there is: main, sorri"
    assert said[1].endswith("there is no flow 'call_us'; there is: main, sorri") and len(said) == 2
    assert not list(campaign_flow_problems(house, {"sorry", "call_us"}))


@pytest.mark.parametrize("mode", Mode)
def test_given_a_mode_when_it_has_all_that_it_needs_then_it_is_a_campaign(tmp_path: Path, mode: Mode) -> None:
    mine = "script: hello, opt_out: 9" if mode in AGENTLESS else "queue: sales"
    mine += ", ratio: 1.5" if mode is Mode.RATIO else ""
    mine += ", opt_out: 9, abandon: {message: sorry}" if mode in ABANDONING else ""
    house = load(written(tmp_path, f"{HOUSE}  c: {{mode: {mode}, lists: [a], {mine}}}\n"))
    assert house.campaigns["c"].mode is mode


def test_given_the_tables_when_read_then_they_name_keys_outcomes_and_laws_that_there_are() -> None:
    keys = set(CampaignShape.model_fields)
    assert set(FITS) <= keys and {key for _, key, _ in NEEDS} <= keys
    assert set(RetriesShape.model_fields) == set(RETRIES)
    assert set(get_args(CampaignShape.model_fields["law"].annotation)) == set(PROFILES)


@pytest.mark.parametrize(
    ("says", "lines"), [("mode: message", 10), ("mode: survey, lines: 60", 60), ("mode: progressive, queue: sales, %s", None)]
)
def test_given_no_lines_when_loaded_then_ten_without_agents_and_else_as_many_as_there_are_agents(
    tmp_path: Path, says: str, lines: int | None
) -> None:
    rest = "abandon: {message: sorry}" if "%s" in says else "script: hello"
    text = f"  spring: {{{says.replace(', %s', '')}, lists: [all], opt_out: 9, {rest}}}\n"
    assert load(written(tmp_path, HOUSE + text)).campaigns["spring"].lines == lines


# -- skills in place of a queue ------------------------------------------------------------------------------------------

SKILLED = (
    '  anna: {name: Anna, phone: "1001", queues: [sales], skills: {french: 3, cars: 1}}\n'
    '  ben: {name: Ben, phone: "1002", queues: [sales], skills: {french: 1, cars: 5}}\n'
    '  eva: {name: Eva, phone: "1003", skills: {french: 2, cars: 2}}\n'
)
BY_SKILL = HOUSE.replace('  anna: {name: Anna, phone: "1001", queues: [sales]}\n', SKILLED)
ASKS = "  spring: {mode: progressive, lists: [all], opt_out: 9, abandon: {message: sorry}, %s}\n"


def test_given_skills_in_place_of_a_queue_when_loaded_then_it_brings_a_queue_of_its_name_that_all_who_have_them_serve(
    tmp_path: Path,
) -> None:
    more = "requires: {french: 2, cars: 1}, dispositions: {sold: final, later: {retry: 2d}}, caps: {lead_total: 3}, replaces: [winter]"
    house = load(written(tmp_path, BY_SKILL + ASKS % more))
    spring, queue = house.campaigns["spring"], house.policy.queues[QueueId("spring")]
    assert (spring.queue, spring.requires) == ("spring", {"french": 2, "cars": 1})
    assert queue.requires == spring.requires and queue.dispositions == {"sold": "1", "later": "2"}
    assert {id: agent.queues for id, agent in house.policy.agents.items()} == {
        "anna": ("sales", "spring"),
        "ben": ("sales",),
        "eva": ("spring",),
    }
    assert house.policy.now_called(QueueId("winter")) == "spring"


def test_given_a_campaign_in_the_place_of_a_queues_name_when_loaded_then_that_queue_stays_what_it_was(tmp_path: Path) -> None:
    text = BY_SKILL.replace("  plain:\n", "  plain: {replaces: [winter]}\n") + ASKS % "requires: {cars: 1}, replaces: [winter, plain]"
    assert load(written(tmp_path, text)).policy.moved == {"winter": "plain"}


@pytest.mark.parametrize(
    ("more", "said"),
    [
        ("queue: sales, requires: {cars: 1}", "the agents are given twice; leave 'queue' out, or 'requires'"),
        ("requires: {}", "a campaign whose mode is progressive needs 'queue' or 'requires'"),
        ("requires: {frensh: 1}", "no agent has frensh 1, the highest level there is 0"),
        ("requires: {french: 4}", "no agent has french 4, the highest level there is 3"),
        ("requires: {french: 3, cars: 4}", "no agent has all of cars 4, french 3"),
        ("requires: {french: 0}", "found '0'; at least 1 is allowed"),
        ("requires: french", "found 'french'; a mapping is needed"),
    ],
)
def test_given_skills_that_make_no_sense_when_loaded_then_refused_once_with_its_place(tmp_path: Path, more: str, said: str) -> None:
    told = refusal(tmp_path, BY_SKILL + ASKS % more)
    assert told.startswith(f"acd.yaml:{BY_SKILL.count(chr(10)) + 1}:") and said in told and told.count("\n") == 0


def test_given_a_queue_of_the_same_name_when_a_campaign_would_bring_one_then_refused(tmp_path: Path) -> None:
    told = refusal(tmp_path, BY_SKILL + ASKS.replace("spring", "plain") % "requires: {cars: 1}")
    assert "a campaign brings a queue of its own name, and there is a queue 'plain' already" in told and told.count("\n") == 0


def test_given_skills_without_agents_to_talk_when_loaded_then_refused(tmp_path: Path) -> None:
    text = "  spring: {mode: message, lists: [a], script: x, opt_out: 1, requires: {cars: 1}}\n"
    assert "'requires' does nothing in a campaign whose mode is message" in refusal(tmp_path, BY_SKILL + text)


@pytest.mark.parametrize(
    ("written_", "meant"),
    [
        ("{callback: {after: 2h}}", Disposition(then=After.CALLBACK, after_s=7200.0)),
        ("{callback: {personal: true}}", Disposition(then=After.CALLBACK, personal=True)),
        ("{callback: {after: 1h, personal: false}}", Disposition(then=After.CALLBACK, after_s=3600.0)),
    ],
)
def test_given_a_callback_with_more_to_it_when_loaded_then_when_and_whose(tmp_path: Path, written_: str, meant: Disposition) -> None:
    more = f"dispositions: {{again: {written_}, sold: final}}, caps: {{lead_total: 9}}"
    spring = load(written(tmp_path, with_campaign(more))).campaigns["spring"]
    assert spring.after("again") == meant and spring.promises is meant.personal
    assert spring.callbacks == {"again": meant.after_s or 0.0}


@pytest.mark.parametrize(
    ("priority", "said"),
    [
        ("3", []),
        ("5", ["who answers goes before callers of sales who have waited for less than 178s, because the priority of that queue is 3"]),
    ],
)
def test_row_37_given_a_priority_above_that_of_callers_when_checked_then_it_is_told_before_whom_they_go(
    tmp_path: Path, priority: str, said: list[str]
) -> None:
    house = load(written(tmp_path, with_campaign(f"priority: {priority}")))
    assert [one.what for one in before_callers(house)] == said
    assert all(one.line == FIRST for one in before_callers(house))


def test_row_37_given_a_campaign_that_brings_its_queue_when_checked_then_its_own_queue_is_no_matter(tmp_path: Path) -> None:
    house = load(written(tmp_path, BY_SKILL + ASKS % "requires: {french: 3}, priority: 4"))
    assert [one.what.partition(" who have")[0] for one in before_callers(house)] == ["who answers goes before callers of sales"]

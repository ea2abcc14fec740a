"""``acd.yaml``: every fault is named with file, line and column, and what was allowed (ACD.md 84, FAULTS.md F36)."""

from pathlib import Path

import pytest

from acd.config.document import Refused
from acd.config.load import flow_problems, load
from acd.config.queues import heard_problems
from acd.core.lines.recipe import AddSkill, Announce, DropSkill, Leave, Offer, Open, Overflow, Prefer, Recipe, When
from acd.core.matching.routing_policy import Membership
from acd.core.media import Recorded, Speech
from acd.core.policy import AgentPolicy, FailureRule, Leaving, Reason
from acd.words import AgentId, FlowId, NodeId, OfferOutcome, PhoneId, QueueId, WrapUpMode

SAMPLE = Path(__file__).parents[2] / "config"

SMALL = """\
nodes:
  a: {}
queues:
  sales: {ring: 12s, max_wait: 2m, max_waiting: 7, priority: 3}
  plain:
agents:
  anna: {name: Anna, phone: "1001", queues: [sales]}
numbers:
  "+49301": main
  "*": main
phone_numbers:
  "*81": log_in
reasons: [lunch]
limits: {max_missed: 3, busy_rest: 1m}
"""


def written(folder: Path, text: str) -> Path:
    (folder / "acd.yaml").write_text(text, encoding="utf-8")
    return folder


def refusal(folder: Path, text: str) -> str:
    with pytest.raises(Refused) as caught:
        load(written(folder, text))
    return str(caught.value).replace(str(folder) + "/", "")


def test_given_a_small_file_when_loaded_then_it_is_the_policy(tmp_path: Path) -> None:
    policy = load(written(tmp_path, SMALL)).policy
    sales = policy.queues[QueueId("sales")]
    assert (sales.ring_s, sales.max_wait_s, sales.max_waiting, sales.priority) == (12.0, 120.0, 7, 3)
    assert policy.queues[QueueId("plain")].max_wait_s is None
    first = {QueueId("sales"): Membership(position=1)}
    anna = AgentPolicy(id=AgentId("anna"), name="Anna", phone=PhoneId("1001"), queues=(QueueId("sales"),), memberships=first)
    assert policy.agents == {"anna": anna} and policy.agent_of_phone == {"1001": "anna"}
    assert policy.numbers == {"+49301": "main", "*": "main"} and policy.phone_numbers == {"*81": "log_in"}
    rules = policy.on_failed_offer
    assert policy.reasons == {"lunch"} and rules[OfferOutcome.NO_ANSWER].not_ready_after == 3
    assert rules[OfferOutcome.BUSY].rest_s == rules[OfferOutcome.BRIDGE_FAILED].rest_s == 60.0


def test_given_rules_by_cause_when_loaded_then_each_says_what_it_changes_and_the_rest_is_as_ever(tmp_path: Path) -> None:
    text = SMALL + (
        "leaving_while_rung: finish\nnailed_up: {when_lost: ring, presence_after: 5}\n"
        "on_failed_offer:\n  no_answer: {rest: 5s}\n  busy: {rest: 1s, not_ready_after: 4}\n"
        "  network_error: {alarm_after: never}\n  forwarded: {not_ready_after: never}\n"
    )
    policy = load(written(tmp_path, text)).policy
    rules = policy.on_failed_offer
    assert rules[OfferOutcome.NO_ANSWER] == FailureRule(rest_s=5.0, not_ready_after=3)
    assert rules[OfferOutcome.BUSY] == FailureRule(rest_s=1.0, not_ready_after=4)
    assert rules[OfferOutcome.NETWORK_ERROR] == FailureRule(rest_s=60.0)
    assert rules[OfferOutcome.FORWARDED] == FailureRule() and rules[OfferOutcome.DUMPED] == FailureRule()
    assert policy.leaving_while_rung is Leaving.FINISH
    assert policy.nailed.when_lost_ring and policy.nailed.presence_after == 5


def test_given_reasons_of_which_more_is_said_when_loaded_then_breaks_return_and_alarms_have_their_time(tmp_path: Path) -> None:
    text = SMALL.replace("reasons: [lunch]", "reasons: {lunch: {returning: true, max: 30m}, training: }")
    policy = load(written(tmp_path, text)).policy
    assert policy.reasons == {"lunch", "training"}
    assert policy.returning == {"lunch"} and policy.reason("lunch") == Reason(most_s=1800.0) and policy.reason("training") == Reason()


def test_given_a_wrap_up_in_full_when_loaded_then_dispositions_have_their_digits(tmp_path: Path) -> None:
    more = "wrap_up_mode: mandatory, wrap_up_limit: 5m, wrap_up_more: {by: 30s, times: 2}, dispositions: [sold, later]"
    policy = load(written(tmp_path, SMALL.replace("priority: 3", f"priority: 3, {more}"))).policy
    sales = policy.queues[QueueId("sales")]
    assert (sales.wrap_up_mode, sales.wrap_up_limit_s) == (WrapUpMode.MANDATORY, 300.0)
    assert (sales.wrap_up_more_s, sales.wrap_up_more_times) == (30.0, 2)
    assert sales.dispositions == {"sold": "1", "later": "2"}


def test_given_how_a_queue_is_joined_and_left_when_loaded_then_it_is_the_policy(tmp_path: Path) -> None:
    """ACD.md 43, 44, 46, 47."""
    hours = "calendars: {shop: {zone: UTC, weekly: {mon-fri: 09:00-17:00}}}\n"
    rules = "hours: shop, at_close: leave, join_when: online, grace: 20s, overflow: {full: plain}, carry_age: false"
    policy = load(written(tmp_path, SMALL.replace("ring: 12s", rules).replace("[lunch]", "{lunch: {returning: true}}") + hours)).policy
    sales, plain = policy.queues[QueueId("sales")], policy.queues[QueueId("plain")]
    assert (sales.hours, sales.at_close, sales.join_when, sales.grace_s) == ("shop", "leave", "online", 20.0)
    assert (sales.overflow, sales.carry_age) == ({"full": "plain"}, False) and (plain.overflow, plain.carry_age) == ({}, True)
    assert (plain.hours, plain.at_close, plain.join_when, plain.grace_s) == ("", "serve", "staffed", 10.0)
    monday = 4 * 86400.0
    assert [policy.calendars["shop"].state(monday + hour * 3600) for hour in (8.99, 9, 16.99, 17)] == [
        "closed",
        "open",
        "open",
        "closed",
    ]
    assert policy.returning == {"lunch"}


def test_given_the_same_text_twice_when_loaded_then_the_version_is_the_same_and_another_text_has_another(tmp_path: Path) -> None:
    first, again = (load(written(tmp_path, SMALL)).policy.version for _ in range(2))
    assert first == again != load(written(tmp_path, SMALL + "http: {port: 9}\n")).policy.version


def test_given_voices_by_language_when_loaded_then_files_are_found_from_the_configurations_folder(tmp_path: Path) -> None:
    text = SMALL + "speech: {engine: piper, voice: voices/amy.onnx, voices: {de: ../eva.onnx, fr: fr-be}}\n"
    speech = load(written(tmp_path, text)).speech
    assert speech.voice == str(tmp_path / "voices" / "amy.onnx")
    assert speech.voices == {"de": str(tmp_path.parent / "eva.onnx"), "fr": "fr-be"}
    told = refusal(tmp_path, SMALL + "speech: {engine: espeek-ng}\n")
    assert "did you mean 'espeak-ng'?" in told and "allowed: espeak-ng, piper, flite, none" in told


def test_given_the_sample_when_loaded_then_nothing_is_wrong_with_it() -> None:
    configuration = load(SAMPLE)
    assert configuration.nodes[NodeId("local")].event_socket == ("127.0.0.1", 8021)
    assert configuration.database is None and configuration.flows.name == "ivr_flows"


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("queues: [sales]", "queues: [sails]", "acd.yaml:7:… there is no queue 'sails' (did you mean 'sales'?); there is: plain"),
        ("queues: [sales]", "queues: [sales, sales]", "acd.yaml:7:… the queue 'sales' is here twice"),
        ("ring: 12s", "rings: 12s", "acd.yaml:4:… 'rings' is not known here (did you mean 'ring'?)"),
        ("ring: 12s", "ring: 12", "acd.yaml:4:… found '12'; a duration such as 5s, 2m or 1h is needed"),
        ("ring: 12s", "ring: 1h", "acd.yaml:4:… found '1h'; 3s to 2m is allowed"),
        ("max_waiting: 7", "max_waiting: 0", "acd.yaml:4:… found '0'; at least 1 is allowed"),
        ("ring: 12s", "hours: shop", "acd.yaml:4:… there is no calendar 'shop'; there is: none"),
        ("ring: 12s", "at_close: leave", "acd.yaml:4:… the queue has no hours, so it never closes"),
        ("ring: 12s", "at_close: stay", "acd.yaml:4:… found 'stay'; allowed: serve, leave"),
        ("ring: 12s", "join_when: staff", "acd.yaml:4:… found 'staff' (did you mean 'staffed'?); allowed: always, online, staffed"),
        ("ring: 12s", "grace: 2h", "acd.yaml:4:… found '2h'; 0s to 1h is allowed"),
        ("ring: 12s", "overflow: {full: plan}", "acd.yaml:4:… there is no queue 'plan' (did you mean 'plain'?); there is"),
        ("ring: 12s", "overflow: {full: sales}", "acd.yaml:4:… callers would go round in a circle: sales -> sales"),
        ("ring: 12s", "overflow: {busy: plain}", "acd.yaml:4:… 'busy' is not known here"),
        ("ring: 12s", "overflow: {closed: plain}", "acd.yaml:4:… the queue has no hours, so it never closes"),
        (
            "ring: 12s, max_wait: 2m, max_waiting: 7, priority: 3}\n  plain:",
            "overflow: {full: plain}}\n  plain: {overflow: {timed_out: third}}\n  third: {overflow: {full: plain}}",
            "acd.yaml:6:… callers would go round in a circle: plain -> third -> plain",
        ),
        ("max_missed: 3", "max_hops: 11", "acd.yaml:14:… found '11'; at most 10 is allowed"),
        ("[lunch]", "[rna]", "acd.yaml:13:… the reason 'rna' is set by the house"),
        ("[lunch]", "{rna: {returning: true}}", "acd.yaml:13:… the reason 'rna' is set by the house"),
        ("[lunch]", "{lunch: {return: true}}", "acd.yaml:13:… 'return' is not known here (did you mean 'returning'?)"),
        ("ring: 12s", "wrap_up_mode: forced", "acd.yaml:4:… found 'forced'; allowed: none, optional, timed"),
        ("ring: 12s", "wrap_up_mode: mandatory", "acd.yaml:4:… mandatory needs 'dispositions'"),
        ("ring: 12s", "dispositions: {sold: x}", "acd.yaml:4:… found 'x'; one to four digits is needed"),
        ("ring: 12s", 'dispositions: {sold: "1", later: "1"}', "acd.yaml:4:… the digits '1' stand for 'sold' already"),
        ("[lunch]", "[lunch]\non_failed_offer: {busy: {not_ready_after: 0}}", "acd.yaml:14:… "),
        ("[lunch]", "[lunch]\non_failed_offer: {voicemail: {}}", "acd.yaml:14:… 'voicemail' is not known here"),
        ("a: {}", "a: {event_socket: localhost}", "acd.yaml:2:… found 'localhost'; HOST:PORT"),
        ("a: {}", 'a: {event_socket: "h;rm:80"}', "acd.yaml:2:… "),
        ("a: {}", "a: {callers_from: [everywhere]}", "acd.yaml:2:… found 'everywhere'; a network such as"),
        ("a: {}", "a: {password_env: X, password_file: y}", "acd.yaml:2:… the password is given twice"),
        ("a: {}", "A: {}", "acd.yaml:2:… "),
        ('"*81": log_in', '"x81": log_in', "acd.yaml:12:… "),
        ("nodes:\n  a: {}", "nodes: {}", "acd.yaml:1:… "),
        ("reasons: [lunch]", "reasons: [lunch]\nreasons: [x]", "acd.yaml:14:… the key 'reasons' is here twice"),
        (
            "reasons: [lunch]",
            "calendars:\n  main: {zone: Mars/Base, weekly: {mon: closed}}\nreasons: [lunch]",
            "acd.yaml:14:… found 'Mars/Base'",
        ),
        (
            "reasons: [lunch]",
            "calendars:\n  main: {zone: UTC, weekly: {mon: 9-17}}\nreasons: [lunch]",
            "acd.yaml:14:… found '9'; a time of day such as 09:30",
        ),
        ("a: {}", "a: {domain: x.y}\n  b: {domain: z.y}", "acd.yaml:1:… all nodes share one domain; found x.y, z.y"),
    ],
)
def test_given_a_fault_when_loaded_then_its_place_and_what_is_allowed_are_named(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert old in SMALL
    place, _, what = sentence.partition("… ")
    found = refusal(tmp_path, SMALL.replace(old, new))
    assert found.startswith(place) and what in found


def test_given_a_phone_with_two_agents_when_loaded_then_the_second_is_refused(tmp_path: Path) -> None:
    two = SMALL.replace('numbers:\n  "+', '  ben: {name: Ben, phone: "1001", queues: []}\nnumbers:\n  "+', 1)
    assert "acd.yaml:8:20: the phone '1001' belongs to agent 'anna' already" in refusal(tmp_path, two)


def test_given_several_faults_when_loaded_then_all_are_named_at_once(tmp_path: Path) -> None:
    text = SMALL.replace("ring: 12s", "ring: x").replace("max_missed: 3", "max_missed: many")
    assert len(refusal(tmp_path, text).splitlines()) == 2


def test_given_numbers_that_lead_nowhere_when_flows_are_known_then_each_is_named(tmp_path: Path) -> None:
    configuration = load(written(tmp_path, SMALL))
    found = [str(p).rpartition("/")[2] for p in flow_problems(configuration, {"main", "log_out"})]
    assert found == ["acd.yaml:12:3: there is no flow 'log_in' (did you mean 'log_out'?); there is: log_out, main"]


def test_given_no_file_when_loaded_then_it_says_so(tmp_path: Path) -> None:
    with pytest.raises(Refused, match=r"acd.yaml:1:1: cannot be read: No such file"):
        load(tmp_path)


TRUNK = 'trunks: {provider: {address: "sip.example.com:5060", prefixes: ["+49"]}}\n'


def test_given_agents_with_several_phones_and_one_outside_when_loaded_then_each_is_reached_so(tmp_path: Path) -> None:
    anna = 'anna: {name: Anna, phones: ["1001", 1001m], confirm: "1", queues: [sales]}'
    zoe = 'zoe: {name: Zoe, external: {number: "+4930123456", trunk: provider, confirm: "5", prompt: Press five}, queues: [sales]}'
    text = SMALL.replace('anna: {name: Anna, phone: "1001", queues: [sales]}', f"{anna}\n  {zoe}") + TRUNK
    policy = load(written(tmp_path, text.replace("ring: 12s", 'whisper: "Sales, in German"'))).policy
    one, two = policy.agents[AgentId("anna")], policy.agents[AgentId("zoe")]
    assert one.devices == ("1001", "1001m") and (one.phone, one.confirm) == ("1001", "1")
    assert policy.agent_of_phone == {"1001": "anna", "1001m": "anna"}
    assert two.devices == () and two.external is not None
    assert (two.external.number, two.external.trunks, two.external.confirm) == ("+4930123456", ("provider",), "5")
    said = [medium.text for medium in policy.media() if isinstance(medium, Speech)]
    assert said == ["Sales, in German", "You have a call. To take it, press 1.", "Press five"]


@pytest.mark.parametrize(
    ("agent", "sentence"),
    [
        ("{name: Anna}", "acd.yaml:7:3: 'phone', 'phones' or 'external' is missing: nothing could be rung"),
        ('{name: Anna, phone: "1", phones: ["2"]}', "acd.yaml:7:… the phones are given twice; leave 'phone' out"),
        ('{name: Anna, phones: ["1", "1"]}', "acd.yaml:7:… a phone is here twice"),
        ('{name: Anna, phone: "1", capacity: {voice: 2}}', "acd.yaml:7:… found 2; by voice an agent can take one at a time"),
        ('{name: Anna, phone: "1", confirm: "12"}', "acd.yaml:7:… found '12'; one digit"),
        ('{name: Anna, phone: "1", confirm_prompt: Hi}', "acd.yaml:7:… it asks for a digit; give 'confirm'"),
        ('{name: Anna, external: {number: "+4930123456", trunk: provide}}', "acd.yaml:7:… there is no trunk 'provide' (did you"),
        ('{name: Anna, external: {number: "+4366412345678", trunk: provider}}', "acd.yaml:7:… nobody could call there: "),
        ('{name: Anna, external: {number: "112", trunk: provider}}', "acd.yaml:7:… nobody could call there: "),
        ("{name: Anna, external: {number: bob, trunk: provider}}", "acd.yaml:7:… found 'bob'; a phone number"),
    ],
)
def test_given_an_agent_who_cannot_be_reached_so_when_loaded_then_it_is_said_where_and_why(
    tmp_path: Path, agent: str, sentence: str
) -> None:
    place, _, what = sentence.partition("… ")
    found = refusal(tmp_path, SMALL.replace('{name: Anna, phone: "1001", queues: [sales]}', agent) + TRUNK)
    assert place in found and what in found, found


RECIPES = """\
    recipes:
      - name: thanks
        when: {waited: 30s, position_over: 3, calls_waiting_over: 10, available_under: 1, eligible_under: 2, hours: shop/closed}
        every: 30s
        do: [{announce: Thank you.}, {priority: +5}, {add_skill: {french: 3}}, {drop_skill: sales}]
      - {when: {between: "08:00-09:00, 23:00-01:00", zone: UTC}, do: [{announce: [{file: early}, Hello.]}, {offer: call_back}]}
      - {when: {waited: 5m}, do: [{overflow: plain}]}
      - {when: {waited: 9m}, do: [{leave: message}]}
"""
QUEUES = "  sales: {ring: 12s, max_wait: 2m, max_waiting: 7, priority: 3}\n  plain:\n"
SHOP = "calendars: {shop: {zone: UTC, weekly: {mon-fri: 09:00-17:00}}}\n"
COOKED = SMALL.replace(QUEUES, f"  plain:\n  sales:\n{RECIPES}") + SHOP


def test_given_recipes_when_loaded_then_they_are_the_policy(tmp_path: Path) -> None:
    sales = load(written(tmp_path, COOKED)).policy.queues[QueueId("sales")]
    thanks, early, over, out = sales.recipes
    assert thanks == Recipe(
        name="thanks",
        when=When(
            waited_s=30.0, position_over=3, waiting_over=10, available_under=1, eligible_under=2,
            hours=(Open(calendar="shop", is_open=False),),
        ),
        every_s=30.0,
        do=(
            Announce(media=(Speech(text="Thank you.", language="en"),)), Prefer(by=5), AddSkill(skill="french", level=3),
            DropSkill(skill="sales"),
        ),
    )  # fmt: skip
    between = early.when.between
    assert between is not None
    assert [between.state(hour * 3600.0) for hour in (0.5, 7.9, 8.5, 9, 23.5)] == ["open", "closed", "open", "closed", "open"]
    media = (Recorded(name="early", language="en"), Speech(text="Hello.", language="en"))
    assert (early.name, early.every_s, early.do) == ("recipe 2", None, (Announce(media=media), Offer(flow=FlowId("call_back"))))
    assert (over.do, out.do) == ((Overflow(queue=QueueId("plain")),), (Leave(exit="message"),))


@pytest.mark.parametrize(
    ("old", "new", "sentence"),
    [
        ("shop/closed", "shop", "acd.yaml:8:… found 'shop'; a calendar and its state, such as office/open"),
        ("shop/closed", "shp/closed", "acd.yaml:8:… there is no calendar 'shp' (did you mean 'shop'?)"),
        ("waited: 30s", "wait: 30s", "acd.yaml:8:… 'wait' is not known here (did you mean 'waited'?)"),
        ("every: 30s", "every: 1s", "acd.yaml:9:… "),
        ("{priority: +5}", "{priority: 5}", "acd.yaml:10:… found '5'; more or less priority, such as +5 or -5"),
        ("{priority: +5}", "{priority: +5, leave: x}", "acd.yaml:10:… one thing is done at a time"),
        ("{priority: +5}", "{leave: x}", "acd.yaml:7:… 'overflow' and 'leave' come last"),
        ("french: 3", "french: 0", "acd.yaml:10:… found '0'; a level from 1 to 100 is needed"),
        ("{file: early}", "{fil: early}", "acd.yaml:11:… a text, {file: name} or a list of these is needed"),
        (", zone: UTC}, do: [{ann", "}, do: [{ann", "acd.yaml:11:… between needs 'zone'"),
        ("{overflow: plain}", "{overflow: plan}", "acd.yaml:12:… there is no queue 'plan' (did you mean 'plain'?)"),
        ("{overflow: plain}", "{overflow: sales}", "acd.yaml:12:… callers would go round in a circle: sales -> sales"),
        ("when: {waited: 5m}", "when: {}", "acd.yaml:12:… a recipe needs to know when"),
        ("do: [{leave: message}]", "do: []", "acd.yaml:13:… "),
        ("- {when: {waited: 9m}", "- {name: thanks, when: {waited: 9m}", "acd.yaml:13:… a recipe before this one is called 'thanks'"),
    ],
)
def test_given_a_bad_recipe_when_loaded_then_its_place_and_what_is_allowed_are_named(
    tmp_path: Path, old: str, new: str, sentence: str
) -> None:
    assert old in COOKED
    place, _, what = sentence.partition("… ")
    found = refusal(tmp_path, COOKED.replace(old, new))
    assert found.startswith(place) and what in found


def test_given_recipes_that_say_what_is_not_there_when_flows_and_recordings_are_known_then_each_is_named(tmp_path: Path) -> None:
    configuration = load(written(tmp_path, COOKED))
    found = [str(problem).replace(f"{tmp_path}/", "") for problem in heard_problems(configuration, frozenset({"late"}), {"main"})]
    assert found == [
        "acd.yaml:11:72: there is no recording 'early'; there is: late",
        "acd.yaml:11:109: there is no flow 'call_back'; there is: main",
    ]
    assert not list(heard_problems(configuration, frozenset({"en/early"}), {"call_back"}))


def test_given_what_is_recorded_when_loaded_then_it_is_the_queues_policy(tmp_path: Path) -> None:
    text = SMALL.replace("priority: 3}", "priority: 3, record: {when: 20%, keep: 90d, mask_longest: 1m, without_recording: refuse}}")
    found = load(written(tmp_path, text)).policy.queues[QueueId("sales")].record
    assert (found.when.value, found.percent, found.keep_s, found.mask_longest_s) == ("some", 20.0, 90 * 86400.0, 60.0)
    assert found.without.value == "refuse" and not found.announce
    told = load(written(tmp_path, SMALL.replace("priority: 3}", "priority: 3, record: {when: always, announce: You are recorded.}}")))
    assert told.policy.queues[QueueId("sales")].record.announce == (Speech(text="You are recorded.", language="en"),)
    assert Speech(text="You are recorded.", language="en") in set(told.policy.media())
    assert load(written(tmp_path, SMALL)).policy.queues[QueueId("sales")].record.when.value == "never"


@pytest.mark.parametrize(
    ("bad", "said"),
    [
        ("{when: sometimes}", "acd.yaml:4:80: found 'sometimes'; always, never or a share such as 20% is needed"),
        ("{when: 101%}", "always, never or a share such as 20% is needed"),
        ("{keep: 1m}", "1h to 7320d is allowed"),
        ("{without_recording: beep}", "found 'beep'; allowed: talk, refuse"),
        ("{until: later}", "until"),
        ("{announce: This call is recorded.}", "'announce' says that talks are recorded, but 'when' is never"),
    ],
)
def test_given_a_bad_record_when_loaded_then_it_is_refused_with_its_place(tmp_path: Path, bad: str, said: str) -> None:
    assert said in refusal(tmp_path, SMALL.replace("priority: 3}", f"priority: 3, record: {bad}}}"))

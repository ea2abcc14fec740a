"""What a plan says of campaigns: for whom what will be otherwise, and a renamed one that would lose its count of abandons."""

from pathlib import Path
from typing import Any

import pytest

from acd.plan.lines import lines
from tests.plan.houses import ACD, FILES, MAIN, READY, planned

SPRING = (
    "campaigns:\n"
    "  spring: {mode: predictive, law: us, queue: sales, lists: [all], opt_out: 9, lines: 60,"
    " hours: office, abandon: {message: main, limit: 2%}}\n"
)
CALLS = ACD.replace("['+49']", "['+49'], caller_id: '+493055'") + SPRING

NO_MORE = "  no_more: {step: opt_out, next: end, otherwise: end}\n"


def plan_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, before: str, after: str) -> Any:
    main = MAIN.replace("1: sale,", "1: sale, 3: find, 9: no_more,") + NO_MORE
    files = {"acd.yaml": before, "flows/main.yaml": main, "flows/ready.yaml": READY.replace("next: end", "next: no_more") + NO_MORE}
    monkeypatch.setattr("tests.plan.houses.FILES", {**FILES, **files})
    return planned(tmp_path, {"acd.yaml": after})


@pytest.mark.parametrize(
    ("was", "now", "said"),
    [
        ("mon-fri: '09:00-17:00'", "mon-fri: '09:00-16:00'", "stops dialling at 16:00 instead of 17:00"),
        ("mon-fri: '09:00-17:00'", "mon-fri: '10:00-17:00'", "begins to dial at 10:00 instead of 09:00"),
        ("mon-fri: '09:00-17:00'", "mon-thu: '09:00-17:00'", "does not dial any more on fridays"),
        (
            "mon-fri: '09:00-17:00'",
            "mon-fri: '09:00-17:00', sat: '10:00-12:00'",
            "dials 10:00-12:00 on saturdays, where it did not",
        ),
        (
            "mon-fri: '09:00-17:00'",
            "mon-fri: '09:00-12:00, 13:00-17:00'",
            "dials 09:00-12:00, 13:00-17:00 instead of 09:00-17:00",
        ),
        ("hours: office", "hours: office, local_hours: {mon-fri: '10:00-20:00'}", "begins to dial at 10:00 instead of 09:00"),
        (
            "hours: office, ",
            "",
            "dials 08:00-21:00 instead of 09:00-17:00 on mondays, tuesdays, wednesdays, thursdays, fridays",
        ),
        (
            "limit: 2%",
            "limit: 1.5%",
            "at most 1.5 % of those who answer may find no agent, instead of 2 %; what was abandoned already counts",
        ),
        ("limit: 2%", "limit: 2%, answer: 1s", "an agent must be there 1 s after the answer instead of 2 s"),
        ("limit: 2%", "limit: 2%, lock: 72h", "who was abandoned is left in peace for 72 h instead of no time"),
        ("message: main", "message: ready", "who finds no agent hears ready instead of main"),
        ("mode: predictive", "mode: progressive", "dials one number for each free agent (predictive -> progressive)"),
        ("law: us", "law: uk", "is under the law uk instead of us"),
        ("queue: sales", "queue: support", "who answers is given to agents of support instead of sales, from the next answer on"),
        ("lists: [all]", "lists: [all, new]", "calls the leads of new too"),
        ("lists: [all]", "lists: [new]", "calls the leads of all no more"),
        ("lines: 60", "lines: 40", "at most 40 calls at once instead of 60"),
        (", lines: 60", "", "no limit of calls at once any more; it was 60"),
        ("lines: 60", "lines: 60, per_second: 2", "at most 2 new calls a second, where there was no limit"),
        ("lines: 60", "lines: 60, ring: 20s", "lets a phone ring for 20 s instead of 30 s"),
        ("lines: 60", "lines: 60, blend: {waiting_over: 1}", "stands back for callers of its queue by other thresholds"),
        ("lines: 60", "lines: 60, caller_id: '+493055'", "shows +493055 instead of the number of the trunk"),
        ("lines: 60", "lines: 60, caps: {lead_total: 3}", "at most 3 attempts to a lead in all, where there was no limit"),
        (
            "lines: 60",
            "lines: 60, retries: {busy: never}",
            "tries again otherwise after busy; leads that wait already keep their time",
        ),
    ],
)
def test_given_a_campaign_when_it_is_changed_then_the_plan_says_what_that_means(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, was: str, now: str, said: str
) -> None:
    assert was in CALLS
    plan = plan_of(tmp_path, monkeypatch, CALLS, CALLS.replace(was, now))
    assert f"campaign spring: {said}" in plan.people


def test_given_a_campaign_when_nothing_of_it_changes_then_the_plan_says_nothing_of_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(tmp_path, monkeypatch, CALLS, CALLS + "http: {port: 9999}\n")
    assert not [each for each in (*plan.people, *plan.warnings) if "campaign" in each]


def test_given_a_first_campaign_and_one_that_goes_when_planned_then_both_are_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = CALLS.replace("spring:", "summer:").replace("lists: [all]", "lists: [others]")
    plan = plan_of(tmp_path, monkeypatch, CALLS, other)
    assert "campaign summer is new: it dials nobody until it is started" in plan.people
    assert "campaign spring is gone: it dials nobody any more, and who is on the line is served to the end" in plan.people
    assert not [each for each in plan.warnings if "campaign" in each]
    written = [line for line in lines(plan) if line.startswith(("+", "-"))]
    assert written[0].startswith("+ campaign summer: {mode: predictive, law: us") and written[1] == "- campaign spring"


def test_row_88_given_a_campaign_under_another_name_when_it_says_so_then_its_abandons_go_with_it_and_else_the_plan_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    silent = plan_of(tmp_path, monkeypatch, CALLS, CALLS.replace("spring:", "summer:"))
    warned = "campaign summer calls lists of spring, which is gone, and does not replace it: abandons of spring do not count for it"
    assert any(each.startswith(warned) and "give 'replaces: [spring]'" in each for each in silent.warnings)
    told = CALLS.replace("  spring: {", "  summer: {replaces: [spring], ").replace("lines: 60", "lines: 50")
    plan = plan_of(tmp_path, monkeypatch, CALLS, told)
    assert (
        "campaign summer goes on in the place of spring: what was counted for that one counts here, and its abandons stay"
        in plan.people
    )
    assert "campaign summer: at most 50 calls at once instead of 60" in plan.people
    assert not [each for each in (*plan.people, *plan.warnings) if "gone" in each or "is new" in each]


def test_given_a_campaign_in_the_place_of_one_that_never_was_when_planned_then_the_plan_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan = plan_of(tmp_path, monkeypatch, CALLS, CALLS.replace("lines: 60", "replaces: [sprung]"))
    assert "the campaign spring replaces sprung, and there is no campaign of that name" in plan.warnings


def test_given_a_campaign_whose_queue_nobody_serves_when_planned_then_the_plan_warns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    alone = CALLS.replace("phone: '1001', queues: [sales]", "phone: '1001'")
    said = "no agent serves the queue sales: the campaign spring has nobody to talk to those who answer"
    assert said in plan_of(tmp_path, monkeypatch, ACD, alone).warnings
    assert said in plan_of(tmp_path, monkeypatch, CALLS, alone).warnings
    assert said not in plan_of(tmp_path, monkeypatch, ACD, CALLS).warnings


def test_given_a_campaign_that_asks_for_skills_when_it_is_new_or_asks_for_others_then_the_plan_says_who_will_have_them(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    skilled = CALLS.replace("queues: [sales]}", "queues: [sales], skills: {french: 2}}")
    by_skill = skilled.replace("queue: sales, lists", "requires: {french: 1}, lists")
    said = [*lines(plan_of(tmp_path / "a", monkeypatch, skilled.replace(SPRING, ""), by_skill))]
    assert "    campaign spring brings the queue spring for who answers, for agents who have french 1: anna" in said
    assert "    agent anna (Anna) will serve spring" in said
    said = [*lines(plan_of(tmp_path / "b", monkeypatch, skilled, by_skill))]
    assert "    campaign spring: who answers is for agents who have french 1: anna, from the next answer on" in said
    said = [*lines(plan_of(tmp_path / "c", monkeypatch, by_skill, skilled))]
    assert "    campaign spring: who answers is given to agents of sales instead of spring, from the next answer on" in said


def test_row_37_given_a_campaign_of_a_higher_priority_when_planned_then_it_says_whom_its_people_overtake(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    said = [*lines(plan_of(tmp_path, monkeypatch, CALLS, CALLS.replace("lines: 60", "lines: 60, priority: 9")))]
    whole = "queue sales: before its callers are served at most those who join within 9 min after them; until now nobody"
    assert any(whole in line for line in said), said

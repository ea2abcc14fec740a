"""A campaign with real calls: leads out of a file, agents who talk to those who answer, ends stored (ACD.md 86-94; FAULTS.md F10)."""

import json
import subprocess
import sys
import time
from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest

from .centre import DONE_TONE, TIMED_OUT_TONE, Plan
from .house import House
from .people import Does, People, numbers_by_day
from .switches import PROMPT_TONE, ROOT
from .waiting import throughout, until

OpenHouse = Callable[..., House]
PERSON_TONE = 780
SORRY = """
title: Nobody was there in time
start: sorry
steps:
  sorry: {step: menu, prompt: {file: sorry}, options: {"9": no_more}, first_digit: 8s, tries: 1, otherwise: end}
  no_more: {step: opt_out, next: kept, otherwise: end}
  kept: {step: play, prompt: {file: done}, next: stays}
  stays: {step: pause, for: 10s, next: end}
  end: {step: hang_up}
"""
NUMBERS = numbers_by_day()
OUTCOMES = {"busy": "busy", "decline": "rejected", "missing": "invalid", "broken": "congestion", "unavailable": "no_answer"}


HELLO = """
title: What a campaign without agents says
start: hello
steps:
  hello: {step: menu, prompt: {file: welcome}, options: {"9": no_more}, first_digit: 1s, tries: 1, otherwise: end}
  no_more: {step: opt_out, next: kept, otherwise: end}
  kept: {step: play, prompt: {file: done}, next: end}
  end: {step: hang_up}
"""


def message_plan() -> Plan:
    """No agents; whoever hangs up too soon is called again."""
    spring = {
        "mode": "message",
        "law": "us",
        "lists": ["spring"],
        "script": "hello",
        "opt_out": "9",
        "lines": "1",
        "retries": {"hung_up": {"after": ["10s"], "at_most": "1"}},
    }
    return replace(plan(), flows={"hello": HELLO}, settings={"campaigns": {"spring": spring}})


def plan(**campaign: Any) -> Plan:
    spring: dict[str, Any] = {
        "mode": "progressive",
        "queue": "sales",
        "law": "us",
        "lists": ["spring"],
        "abandon": {"message": "sorry"},
        "opt_out": "9",
        "lines": "20",
        "retries": {"busy": {"after": ["1h"], "at_most": "1"}},
    }
    prefix = NUMBERS[0][:3]
    queue = {"ring": "20s", "wrap_up": "0s", "short_abandon": "0s"}
    return Plan(
        flows={"sorry": SORRY},
        numbers={},
        trunks={"carrier": {"prefixes": [prefix], "caller_id": "+12125550100"}},
        settings={"queues": {"sales": queue}, "campaigns": {"spring": spring | campaign}},
    )


def dialer(here: House, *words: str) -> str:
    argv = [sys.executable, "-m", "dialer", *words, "--home", str(here.centre.home)]
    done = subprocess.run(argv, cwd=ROOT, capture_output=True, text=True, timeout=90, check=False)
    assert done.returncode == 0, f"dialer {' '.join(words)}: {done.returncode}\n{done.stdout}{done.stderr}"
    return done.stdout


def leads(here: House, numbers: list[str]) -> None:
    file, public = here.stage.directory / "leads.csv", here.stage.directory / "public.txt"
    file.write_text("number,name\n" + "".join(f"{number},Customer {n}\n" for n, number in enumerate(numbers)))
    public.write_text("+12025550199\n")
    dialer(here, "dnc", "import", str(public), "--scope", "national:us", "--dated", time.strftime("%Y-%m-%d"))
    dialer(here, "leads", "import", "spring", str(file))


def attempts(here: House, limit: int = 50) -> list[dict[str, Any]]:
    found: list[dict[str, Any]] = json.loads(dialer(here, "attempts", "--campaign", "spring", "--limit", str(limit), "--json"))
    return found


def is_listed(here: House, number: str) -> bool:
    return "internal" in dialer(here, "dnc", "check", number)


def leads_by_state(here: House) -> dict[str, int]:
    return {row["state"]: row["leads"] for row in json.loads(dialer(here, "leads", "report", "--json"))}


def campaign(here: House) -> dict[str, Any]:
    found: dict[str, Any] = here.centre.ask("GET", "/v1/campaigns/spring")
    return found


def opened(
    house: OpenHouse, does: Callable[[str], Does], numbers: list[str], given: Plan | None = None, **rules: Any
) -> tuple[House, People]:
    here = house(given or plan(**rules))
    leads(here, numbers)
    people = People(here.carrier("carrier", tone=PERSON_TONE), does).begin()
    here.stage.keep(people)
    return here, people


def test_row_37_given_a_started_campaign_when_a_person_answers_then_they_talk_to_the_agent_and_its_end_is_stored(
    house: OpenHouse,
) -> None:
    here, people = opened(house, lambda number: Does(talks_s=3), NUMBERS[:1])
    anna = here.ready_phone("anna")
    throughout("nobody is dialled before it is started", lambda: not people.dialled, for_s=1)
    before = dialer(here, "why", "spring")
    assert "spring is stopped (progressive, law us)" in before and "1  leads may be dialled now" in before, before
    assert "running" in dialer(here, "start", "spring", "--by", "sue")
    anna.must_ring()
    anna.accept()
    until("the agent hears the person", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    anna.must_be_released()
    (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=15) or []
    assert (row["number"], row["outcome"], row["agent"]) == (NUMBERS[0], "talked", "anna")
    assert people.dialled == [NUMBERS[0]]
    assert campaign(here)["ledger"][0]["answered"] == 1


@pytest.mark.parametrize("what", list(OUTCOMES))
def test_given_each_way_not_to_be_reached_when_dialled_then_the_outcome_with_the_networks_word_and_the_next_lead(
    house: OpenHouse, what: str
) -> None:
    here, people = opened(house, lambda number: Does(what=what), NUMBERS[:2])
    here.ready_phone("anna")
    dialer(here, "start", "spring")
    rows = until("both are over", lambda: len(done := [r for r in attempts(here) if r["outcome"]]) == 2 and done, within_s=30) or []
    assert {row["outcome"] for row in rows} == {OUTCOMES[what]} and all(row["cause"] for row in rows)
    assert sorted(people.dialled) == sorted(NUMBERS[:2])


def test_row_86_given_an_agent_who_leaves_while_it_rings_when_the_person_answers_then_they_hear_the_message_and_it_is_counted(
    house: OpenHouse,
) -> None:
    here, people = opened(house, lambda number: Does(after_s=3, talks_s=20), NUMBERS[:1])
    here.ready_phone("anna")
    dialer(here, "start", "spring")
    until("it rings", lambda: people.dialled, within_s=10)
    here.centre.wish("anna", "not-ready", "lunch")
    since = time.monotonic()
    until("the message is heard", lambda: people.carrier.ear.hears_tone(TIMED_OUT_TONE, since=since), within_s=12)
    until("the ledger has it", lambda: campaign(here)["ledger"][0]["abandoned"] == 1, within_s=10)
    (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=15) or []
    assert row["outcome"] == "dialer_abandon" and row["abandoned_at"] - row["answered_at"] < 3


def test_row_94_given_the_message_when_they_press_9_then_on_the_list_before_the_call_is_over_and_the_lead_is_done(
    house: OpenHouse,
) -> None:
    here, people = opened(house, lambda number: Does(after_s=3, talks_s=40), NUMBERS[:1])
    here.ready_phone("anna")
    assert not is_listed(here, NUMBERS[0])
    dialer(here, "start", "spring")
    until("it rings", lambda: people.dialled, within_s=10)
    here.centre.wish("anna", "not-ready", "lunch")
    since = time.monotonic()
    until("the message is heard", lambda: people.carrier.ear.hears_tone(TIMED_OUT_TONE, since=since), within_s=12)
    people.carrier.ear.press("9")
    until("it is confirmed", lambda: people.carrier.ear.hears_tone(DONE_TONE, since=since), within_s=10)
    until("it is kept", lambda: is_listed(here, NUMBERS[0]), within_s=10)
    assert not [each for each in attempts(here) if each["outcome"]], "and the call is not over yet"
    (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=15) or []
    assert row["outcome"] == "dialer_abandon" and leads_by_state(here) == {"do_not_call": 1}


def test_given_a_campaign_without_agents_when_people_answer_then_each_hears_it_whole_one_after_the_other_and_done(
    house: OpenHouse,
) -> None:
    here, people = opened(house, lambda number: Does(talks_s=30), NUMBERS[:2], message_plan())
    since = time.monotonic()
    dialer(here, "start", "spring")
    until("the first hears it", lambda: people.carrier.ear.hears_tone(PROMPT_TONE, since=since), within_s=12)
    assert len(people.dialled) == 1
    rows = until("both are over", lambda: len(done := [r for r in attempts(here) if r["outcome"]]) == 2 and done, within_s=40) or []
    assert [row["outcome"] for row in rows] == ["done", "done"] and sorted(people.dialled) == sorted(NUMBERS[:2])
    assert leads_by_state(here) == {"done": 2} and campaign(here)["ledger"][0]["abandoned"] == 0


def test_row_94_given_a_campaign_without_agents_when_one_presses_9_and_leaves_then_they_are_never_dialled_again_and_another_is(
    house: OpenHouse,
) -> None:
    here, people = opened(house, lambda number: Does(talks_s=3), NUMBERS[:2], message_plan())
    since = time.monotonic()
    dialer(here, "start", "spring")
    until("the first hears it", lambda: people.carrier.ear.hears_tone(PROMPT_TONE, since=since), within_s=12)
    people.carrier.ear.press("9")
    until("it is kept", lambda: is_listed(here, NUMBERS[0]), within_s=10)
    until("the other was called twice", lambda: people.dialled.count(NUMBERS[1]) == 2, within_s=40)
    until("all is over", lambda: leads_by_state(here) == {"do_not_call": 1, "done": 1}, within_s=30)
    assert people.dialled.count(NUMBERS[0]) == 1


def test_row_93_given_a_talk_that_is_over_when_the_agent_says_in_two_hours_and_then_a_time_then_the_lead_waits_for_it(
    house: OpenHouse,
) -> None:
    given = plan(dispositions={"later": {"retry": "2d"}, "call_back": "callback"}, caps={"lead_total": "5"})
    words = {"dispositions": ["later", "call_back"], "wrap_up_mode": "mandatory"}
    given = replace(given, settings={**given.settings, "queues": {"sales": {"ring": "20s", "short_abandon": "0s", **words}}})
    here, _ = opened(house, lambda number: Does(talks_s=3), NUMBERS[:1], given)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    anna.must_ring()
    anna.accept()
    (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=25) or []
    assert (row["outcome"], row["disposition"]) == ("talked", None) and leads_by_state(here) == {"done": 1}
    with pytest.raises(AssertionError, match="call_back needs a time"):
        here.centre.wish("anna", "dispose", "2")
    assert leads_by_state(here) == {"done": 1}
    here.centre.wish("anna", "dispose", "2*2")
    until("the lead waits", lambda: leads_by_state(here) == {"waiting": 1}, within_s=10)
    dialer(here, "dispose", row["id"], "call_back", "--at", "2031-05-06T10:30")
    until("it is said", lambda: attempts(here)[0]["disposition"] == "call_back", within_s=10)
    assert leads_by_state(here) == {"waiting": 1}


def test_given_an_agent_who_sees_the_lead_first_when_they_accept_then_it_is_dialled_and_they_talk(house: OpenHouse) -> None:
    given = plan()
    spring = {"mode": "preview", "queue": "sales", "law": "us", "lists": ["spring"], "preview": "5m", "opt_out": "9"}
    spring |= {"abandon": {"message": "sorry"}}
    given = replace(given, settings={**given.settings, "campaigns": {"spring": spring}})
    here, people = opened(house, lambda number: Does(talks_s=4), NUMBERS[:2], given)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    seen = until("anna sees a lead", lambda: campaign(here)["calls"]["shown"] == 1 and dialer(here, "preview", "anna"), within_s=10)
    assert NUMBERS[0] in str(seen) and "Customer 0" in str(seen)
    dialer(here, "skip", "anna")
    until("anna sees the other", lambda: NUMBERS[1] in dialer(here, "preview", "anna"), within_s=15)
    assert not people.dialled
    dialer(here, "accept", "anna")
    anna.must_ring()
    anna.accept()
    until("the agent hears the person", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    over = until("it is over", lambda: [row for row in attempts(here) if row["outcome"] == "talked"], within_s=20) or []
    assert [row["agent"] for row in over] == ["anna"] and people.dialled == NUMBERS[1:2]


def test_row_94_given_a_phone_that_rings_when_its_number_is_listed_by_hand_then_it_is_dropped_after_its_least(house: OpenHouse) -> None:
    here, people = opened(house, lambda number: Does(what=""), NUMBERS[:1], ring="60s")
    here.ready_phone("anna")
    dialer(here, "start", "spring")
    until("it rings", lambda: people.dialled, within_s=10)
    dialer(here, "dnc", "add", NUMBERS[0])
    (row,) = until("it is over", lambda: [each for each in attempts(here) if each["outcome"]], within_s=30) or []
    assert row["outcome"] == "dropped" and row["ended_at"] - row["at"] >= 15 and not is_listed(here, NUMBERS[1])

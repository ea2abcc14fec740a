"""An agent dials a number of their own choice for a campaign, and is held to all that holds its leads (ACD.md 37, 91, 93, 94)."""

import time
from dataclasses import replace
from typing import Any

import pytest

from .house import House
from .people import Does
from .switches import PROMPT_TONE
from .test_campaign import NUMBERS, PERSON_TONE, SORRY, OpenHouse, attempts, campaign, dialer, leads_by_state, opened, plan
from .waiting import throughout, until

THEIRS = NUMBERS[40]
MINE = """
title: A number of their choice
start: ask
steps:
  ask:
    step: gather
    prompt: {file: choose}
    into: digits
    max: 20
    terminator: "#"
    first_digit: 20s
    between_digits: 10s
    next: called
    exits: {timeout: bye, invalid: bye}
  called: {step: lead, do: call, number: "+{{ digits }}", next: done, exits: {refused: bye}}
  done: {step: hang_up, prompt: {file: done}}
  bye: {step: hang_up}
"""


def manual(**more: Any) -> Any:
    spring = {"mode": "manual", "queue": "sales", "law": "us", "lists": ["spring"], "opt_out": "9", "abandon": {"message": "sorry"}}
    given = plan()
    return replace(given, settings={**given.settings, "campaigns": {"spring": spring | more}})


def calls(here: House, number: str = THEIRS, agent: str = "anna") -> tuple[int, str]:
    return here.centre.answer("POST", "/v1/campaigns/spring/calls", {"agent": agent, "number": number})


def test_row_37_given_a_number_of_her_choice_when_she_dials_then_whoever_answers_is_hers_and_all_is_stored(house: OpenHouse) -> None:
    here, people = opened(house, lambda number: Does(after_s=3, talks_s=4), NUMBERS[:1], manual())
    ben = here.ready_phone("ben")
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    throughout("nobody is dialled by itself", lambda: not people.dialled, for_s=1)
    assert "is dialled for anna" in dialer(here, "call", "anna", THEIRS, "--campaign", "spring", "--by", "sue")
    until("it rings", lambda: people.dialled == [THEIRS], within_s=10)
    caller = here.caller().must_be_answered()
    ben.must_ring()
    anna.must_ring()
    anna.accept()
    until("anna hears the person", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=20) or []
    assert (row["number"], row["outcome"], row["agent"]) == (THEIRS, "talked", "anna") and anna.times_rung == 1
    assert leads_by_state(here) == {"done": 1, "ready": 1} and campaign(here)["ledger"][0]["answered"] == 1
    caller.hang_up()


def test_row_94_given_what_holds_a_number_when_she_dials_it_then_told_which_and_she_takes_calls(house: OpenHouse) -> None:
    here, people = opened(house, lambda number: Does(what="busy"), NUMBERS[:1], manual(caps={"number_per_day": "1"}))
    anna = here.ready_phone("anna")
    refused = calls(here)
    assert refused[0] == 409 and "the campaign is stopped" in refused[1]
    dialer(here, "start", "spring")
    dialer(here, "dnc", "add", NUMBERS[1])
    for number, status, why in (
        (NUMBERS[1], 409, "it is on a do-not-call list"),
        ("nonsense", 422, "no phone number"),
        (NUMBERS[0], 200, "attempt"),
    ):
        found = calls(here, number)
        assert found[0] == status and why in found[1], found
    until("it is over", lambda: [each for each in attempts(here) if each["outcome"] == "busy"], within_s=15)
    found = calls(here, NUMBERS[0])
    assert found[0] == 409 and "as often as it may be in a day" in found[1], found
    assert people.dialled == NUMBERS[:1]
    here.caller().must_be_answered()
    anna.must_ring()


@pytest.mark.parametrize("agent_does", ["log-out", "nothing"])
def test_f10_given_a_number_that_rings_for_her_when_the_controller_is_killed_then_it_rings_on_and_nobody_stays_reserved(
    house: OpenHouse, agent_does: str
) -> None:
    here, people = opened(house, lambda number: Does(what=""), NUMBERS[:1], manual(ring="15s"))
    here.ready_phone("anna")
    dialer(here, "start", "spring")
    assert calls(here)[0] == 200
    until("it rings", lambda: people.dialled, within_s=10)
    here.centre.kill()
    here.centre.start()
    assert here.centre.agent("anna")["reserved_for"] == attempts(here)[0]["id"]
    assert "has a lead already" in until("the dialer is back", lambda: _refusal(here), within_s=10)
    if agent_does == "log-out":
        here.centre.wish("anna", "log-out")
    since = time.time()
    (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=40) or []
    assert row["outcome"] == ("dropped" if agent_does == "log-out" else "no_answer"), (row, time.time() - since)
    assert not here.centre.agent("anna")["reserved_for"] and people.dialled == [THEIRS]


def test_row_37_given_a_phone_code_when_she_types_a_number_then_it_is_dialled_and_whoever_answers_is_hers(house: OpenHouse) -> None:
    given = replace(manual(), flows={"sorry": SORRY, "mine": MINE}, codes={"*91": "mine"})
    here, people = opened(house, lambda number: Does(after_s=6, talks_s=4), NUMBERS[:1], given)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    anna.dial("*91")
    anna.must_talk()
    until("she is asked", lambda: anna.hears_tone(PROMPT_TONE), within_s=10)
    anna.press(f"{THEIRS.removeprefix('+')}#")
    until("it rings", lambda: people.dialled == [THEIRS], within_s=15)
    anna.must_ring(within_s=15)
    anna.accept()
    until("anna hears the person", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=20) or []
    assert (row["number"], row["outcome"], row["agent"]) == (THEIRS, "talked", "anna")


def _refusal(here: House) -> str:
    status, text = calls(here, NUMBERS[2])
    return text if status == 409 else ""

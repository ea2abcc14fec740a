"""An agent who sees a lead before it is dialled is reserved for it, and never left so (ACD.md 37, 87; FAULTS.md F10)."""

import json
from dataclasses import replace
from typing import Any

import pytest

from .house import House
from .people import Does
from .switches import PROMPT_TONE
from .test_campaign import NUMBERS, PERSON_TONE, SORRY, OpenHouse, attempts, campaign, dialer, leads_by_state, opened, plan
from .waiting import throughout, until


def previews(**more: str) -> Any:
    """Two agents; a lead is dialled when its agent says so."""
    spring = {"mode": "preview", "queue": "sales", "law": "us", "lists": ["spring"], "opt_out": "9"}
    spring |= {"abandon": {"message": "sorry"}, **more}  # type: ignore[dict-item]
    given = plan()
    return replace(given, settings={**given.settings, "campaigns": {"spring": spring}})


def seen_by(here: House, agent: str) -> str:
    """The number that an agent sees; '' none."""
    status, text = here.centre.answer("GET", f"/v1/previews/{agent}")
    return str(json.loads(text)["number"]) if status == 200 else ""


def sees(here: House, agent: str) -> str:
    return until(f"{agent} sees a lead", lambda: seen_by(here, agent), within_s=10, seen=lambda: campaign(here))


def test_row_37_given_a_lead_that_is_shown_when_somebody_calls_then_they_wait_until_it_is_skipped(house: OpenHouse) -> None:
    here, people = opened(house, lambda number: Does(), NUMBERS[:1], previews())
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    number = sees(here, "anna")
    assert here.centre.agent("anna")["reserved_for"]
    caller = here.caller().must_be_answered()
    throughout("anna is left in peace", lambda: anna.times_rung == 0, for_s=3)
    dialer(here, "skip", "anna")
    anna.must_ring()
    anna.accept()
    until("the two talk", lambda: here.centre.agent_state("anna") == "talking", within_s=10)
    caller.hang_up()
    assert not people.dialled and leads_by_state(here) == {"waiting": 1} and number == NUMBERS[0]


def test_row_87_given_two_who_see_leads_when_one_accepts_then_whoever_answers_is_theirs_and_the_other_is_not_rung(
    house: OpenHouse,
) -> None:
    here, people = opened(house, lambda number: Does(talks_s=4), NUMBERS[:2], previews())
    ben = here.ready_phone("ben")
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    number, _ = sees(here, "anna"), sees(here, "ben")
    dialer(here, "accept", "anna")
    anna.must_ring()
    assert ben.times_rung == 0, "who has been ready for longer"
    anna.accept()
    until("anna hears the person", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    over = until("it is over", lambda: [row for row in attempts(here) if row["outcome"] == "talked"], within_s=20) or []
    assert [row["agent"] for row in over] == ["anna"] and people.dialled == [number]


@pytest.mark.parametrize("leaves", ["log-out", "not-ready"])
def test_given_a_lead_that_is_shown_when_its_agent_goes_then_it_goes_back_and_another_sees_it(house: OpenHouse, leaves: str) -> None:
    here, people = opened(house, lambda number: Does(), NUMBERS[:1], previews())
    here.ready_phone("anna")
    dialer(here, "start", "spring")
    number = sees(here, "anna")
    here.ready_phone("ben")
    throughout("ben sees none: there is no other", lambda: not seen_by(here, "ben"), for_s=1)
    here.centre.wish("anna", leaves)
    until("ben sees it, when leads are asked for again", lambda: seen_by(here, "ben") == number, within_s=25)
    assert not people.dialled
    assert not here.centre.agent("anna")["reserved_for"]


def test_given_a_lead_that_is_shown_when_the_campaign_is_stopped_then_its_agent_takes_calls(house: OpenHouse) -> None:
    here, _ = opened(house, lambda number: Does(), NUMBERS[:1], previews())
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    sees(here, "anna")
    here.caller().must_be_answered()
    dialer(here, "stop", "spring")
    anna.must_ring()
    until("the lead is as it was", lambda: leads_by_state(here) == {"ready": 1}, within_s=10)


@pytest.mark.parametrize("when", ["shown", "ringing"])
def test_f10_given_a_reserved_agent_when_the_controller_is_killed_then_free_at_once_or_when_the_call_is_over(
    house: OpenHouse, when: str
) -> None:
    here, people = opened(house, lambda number: Does(what="" if when == "ringing" else "answer"), NUMBERS[:1], previews(ring="15s"))
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    sees(here, "anna")
    if when == "ringing":
        dialer(here, "accept", "anna")
        until("it rings", lambda: people.dialled, within_s=10)
    else:
        dialer(here, "pause", "spring")
        dialer(here, "start", "spring")
        sees(here, "anna")
    here.centre.kill()
    here.centre.start()
    if when == "ringing":
        assert here.centre.agent("anna")["reserved_for"], "it rings for her"
        here.caller().must_be_answered()
        throughout("the caller waits", lambda: anna.times_rung == 0, for_s=2)
        anna.must_ring(within_s=40)
        (row,) = until("its end is stored", lambda: [each for each in attempts(here) if each["outcome"]], within_s=15) or []
        assert row["outcome"] == "no_answer" and people.dialled == NUMBERS[:1]
        return
    until("it is shown again", lambda: seen_by(here, "anna"), within_s=20, seen=lambda: campaign(here))
    assert sorted(row["outcome"] or "" for row in attempts(here)) == ["", "returned", "returned"] and not people.dialled


LEAD = """
title: The lead that an agent sees
start: look
steps:
  look: {step: lead, do: look, next: told, exits: {refused: bye}}
  told:
    step: menu
    prompt: {file: choose}
    options: {"1": accept, "2": skip}
    first_digit: 20s
    exits: {timeout: bye, invalid: bye}
  accept: {step: lead, do: accept, next: done, exits: {refused: bye}}
  skip: {step: lead, do: skip, next: done, exits: {refused: bye}}
  done: {step: hang_up, prompt: {file: done}}
  bye: {step: hang_up}
"""


def test_row_37_given_a_phone_code_when_she_passes_one_on_and_accepts_the_next_then_that_one_is_hers(house: OpenHouse) -> None:
    given = replace(previews(), flows={"sorry": SORRY, "lead": LEAD}, codes={"*90": "lead"})
    here, people = opened(house, lambda number: Does(after_s=6, talks_s=4), NUMBERS[:2], given)
    anna = here.ready_phone("anna")
    dialer(here, "start", "spring")
    first = sees(here, "anna")
    for n, key in enumerate("21", 1):
        anna.dial("*90")
        anna.must_talk(count=n)
        until("she is asked", lambda: anna.hears_tone(PROMPT_TONE, last_s=1.5), within_s=10)
        anna.press(key)
        anna.must_be_released(count=n)
        if key == "2":
            until("she sees the other", lambda: seen_by(here, "anna") not in ("", first), within_s=10)
    until("it rings", lambda: people.dialled, within_s=10)
    anna.must_ring(within_s=15)
    anna.accept()
    until("anna hears the person", lambda: anna.hears_tone(PERSON_TONE), within_s=10)
    assert people.dialled == [number for number in NUMBERS[:2] if number != first]

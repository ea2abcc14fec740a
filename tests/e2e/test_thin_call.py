"""One call, once round: prompt, digit, music, the agent's phone, a talk in both directions, the record."""

import time
from collections.abc import Callable

import pytest

from .centre import DONE_TONE, READY_CODE, Centre
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .switches import MUSIC_TONE, PROMPT_TONE
from .waiting import until

OpenHouse = Callable[..., House]
LONGEST_SILENCE_S = 2.0


@pytest.mark.parametrize("digits_by", ["rfc4733", "info"])
@pytest.mark.parametrize("ended_by", ["agent", "customer"])
def test_given_two_agents_when_a_caller_goes_through_menu_and_queue_then_they_talk_and_the_record_is_there(
    house: OpenHouse, digits_by: str, ended_by: str
) -> None:
    here = house()
    anna, ben = here.phone("anna"), here.phone("ben")
    _ready_by_phone(here.centre, anna, "anna")
    here.centre.wish("ben", "log-in")  # somebody is there while anna is at lunch (ACD.md 46)

    caller = here.caller("100").must_be_answered()
    began = time.monotonic()
    _hears(caller, "the prompt", PROMPT_TONE, began)
    here.centre.wish("anna", "not-ready", "lunch")
    caller.press("1") if digits_by == "rfc4733" else caller.press_by_info("1")
    until("the caller waits", lambda: here.centre.callers(), within_s=5)
    _hears(caller, "music", MUSIC_TONE, time.monotonic())

    here.centre.wish("anna", "ready")
    anna.must_ring()
    anna.accept()
    anna.must_talk()
    _both_hear_each_other(caller, anna)
    ended = time.monotonic()
    assert caller.ear.longest_silence_s(begin=began, end=ended) < LONGEST_SILENCE_S
    assert ben.times_rung == 0

    anna.hang_up() if ended_by == "agent" else caller.hang_up()
    if ended_by == "agent":
        caller.must_be_ended()
    anna.must_be_released(count=2)  # the first was the call to the feature code
    _record_is_there(here.centre, caller.number, ended_by)
    here.centre.must_become("anna", "ready")


def _ready_by_phone(centre: Centre, phone: Phone, agent: str) -> None:
    """The agent dials the feature code, hears it confirmed, and the house rings off."""
    phone.dial(READY_CODE)
    until("the agent hears the confirmation", lambda: phone.hears_tone(DONE_TONE), within_s=10)
    phone.must_be_released()
    centre.must_become(agent, "ready")


def _hears(caller: Caller, what: str, tone: float, since: float, *, within_s: float = 6.0) -> None:
    until(f"the caller hears {what}", lambda: caller.ear.hears_tone(tone, since=since), within_s=within_s)


def _both_hear_each_other(caller: Caller, phone: Phone) -> None:
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=10), within_s=8)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, blocks=10), within_s=8)


def _record_is_there(centre: Centre, number: str, ended_by: str) -> None:
    story = centre.story(number)
    contact, (visit,), (offer,) = story["contact"], story["visits"], story["offers"]
    assert (contact["dialled"], contact["ended_by"]) == ("100", ended_by)
    assert [step["step"] for step in contact["path"]][:3] == ["welcome", "choose", "sales"]
    assert (visit["queue"], visit["outcome"], visit["agent"], visit["offers"]) == ("sales", "answered", "anna", 1)
    assert visit["waited_s"] > 0 and visit["talk_s"] > 0.5
    assert (offer["agent"], offer["outcome"], offer["ended_by"]) == ("anna", "answered", ended_by)
    assert offer["offered_at"] <= offer["ringing_at"] <= offer["answered_at"] <= offer["bridged_at"] <= offer["ended_at"]
    assert "anna" in [candidate["agent"] for candidate in offer["trace"]["candidates"]]
    assert "ben" in [passed["agent"] for passed in offer["trace"]["passed_over"]]

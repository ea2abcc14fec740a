"""Supervisors at a talk: who hears whom, by the tones that each speaks (ACD.md 61, 62; FAULTS.md S13)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from .centre import Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .sipp import Caller
from .switches import DOMAIN
from .waiting import throughout, until

OpenHouse = Callable[..., House]
SUE_TONE = 1300
SUE: dict[str, Any] = {"name": "Sue", "phone": "2001", "queues": ["sales"], "rights": ["listen", "whisper", "barge", "take_over"]}


def supervised(house: OpenHouse, **changes: Any) -> tuple[House, Caller, Phone, Phone]:
    """A talk, and a supervisor whose phone is there."""
    here = house(Plan(settings={"supervisors": {"sue": SUE | changes}}))
    sue = Phone(
        here.stage, user="2001", secret=here.centre.secret("2001"), domain=DOMAIN, registrar=here.switch.phones, tone=SUE_TONE
    ).must_be_registered()
    anna = here.ready_phone("anna")
    caller = here.caller("200").must_be_answered()
    anna.must_ring()
    anna.accept()
    until("the agent hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=1, blocks=5), within_s=10)
    return here, caller, anna, sue


def asks(here: House, mode: str, agent: str = "") -> Any:
    return here.centre.cli("supervise", *([agent] if agent else []), "--as", "sue", "--mode", mode)


def listens(here: House, sue: Phone) -> None:
    asks(here, "listen", "anna")
    sue.must_ring()
    sue.accept()
    until("she hears the talk", lambda: hears(sue, CALLER_TONE) and hears(sue, TONES["anna"]), within_s=8)


def hears(phone: Phone, tone: int) -> bool:
    """In the last second, perhaps among others."""
    return phone.hears_tone(tone, last_s=1, blocks=4, share=0.2)


def caller_hears(caller: Caller, tone: int) -> bool:
    return caller.ear.hears_tone(tone, since=time.monotonic() - 1, blocks=4, share=0.2)


def test_given_a_talk_when_a_supervisor_listens_whispers_and_barges_in_then_only_who_should_hears_her(house: OpenHouse) -> None:
    here, caller, anna, sue = supervised(house)
    listens(here, sue)
    throughout("nobody hears her", lambda: not hears(anna, SUE_TONE) and not caller_hears(caller, SUE_TONE), for_s=1.5)
    asks(here, "whisper")
    until("the agent hears her", lambda: hears(anna, SUE_TONE), within_s=5)
    throughout("the caller does not", lambda: not caller_hears(caller, SUE_TONE), for_s=1.5)
    asks(here, "barge")
    until("both hear her", lambda: hears(anna, SUE_TONE) and caller_hears(caller, SUE_TONE), within_s=5)
    assert hears(anna, CALLER_TONE) and caller_hears(caller, TONES["anna"])
    asks(here, "listen")
    until("nobody hears her any more", lambda: not hears(anna, SUE_TONE) and not caller_hears(caller, SUE_TONE), within_s=5)
    caller.hang_up()
    sue.must_be_released()
    [kept] = here.centre.story(caller.number)["monitors"]
    assert [turned["what"] for turned in kept["turns"]] == ["listen", "whisper", "barge", "listen", "ended"]


def test_given_a_listener_when_she_presses_keys_then_it_is_as_asked_and_without_the_right_nothing_is(house: OpenHouse) -> None:
    here, caller, anna, sue = supervised(house, rights=["listen", "whisper"])
    listens(here, sue)
    sue.press("2")
    until("the agent hears her", lambda: hears(anna, SUE_TONE), within_s=5)
    sue.press("3")
    throughout("the caller never hears her", lambda: not caller_hears(caller, SUE_TONE), for_s=2)
    sue.press("1")
    until("nobody hears her", lambda: not hears(anna, SUE_TONE), within_s=5)


def test_given_a_listener_when_she_takes_over_then_the_agent_is_free_and_the_caller_goes_on_with_her(house: OpenHouse) -> None:
    here, caller, anna, sue = supervised(house)
    listens(here, sue)
    sue.press("4")
    anna.must_be_released()
    until("the two talk", lambda: caller_hears(caller, SUE_TONE) and hears(sue, CALLER_TONE), within_s=5)
    throughout("and go on", lambda: caller.is_connected and sue.is_in_call, for_s=2)
    sue.hang_up()
    caller.must_be_ended()
    story = here.centre.story(caller.number)
    assert (story["offers"][0]["ended_by"], story["offers"][0]["cause"]) == ("supervisor", "TAKEN_OVER")
    here.centre.must_become("anna", "ready")


def test_row_61_given_a_supervisor_who_barged_in_when_the_agent_hangs_up_then_the_caller_is_not_lost(house: OpenHouse) -> None:
    here, caller, anna, sue = supervised(house)
    listens(here, sue)
    asks(here, "barge")
    until("both hear her", lambda: hears(anna, SUE_TONE) and caller_hears(caller, SUE_TONE), within_s=5)
    anna.hang_up()
    until("she goes on with the caller", lambda: not hears(sue, TONES["anna"]) and hears(sue, CALLER_TONE), within_s=5)
    throughout("both stay", lambda: caller.is_connected and sue.is_in_call, for_s=2)
    caller.hang_up()
    sue.must_be_released()


@pytest.mark.parametrize("ends", ["before", "meanwhile"])
def test_given_a_listener_when_the_controller_dies_then_she_listens_on_and_never_stays_behind(house: OpenHouse, ends: str) -> None:
    here, caller, anna, sue = supervised(house)
    listens(here, sue)
    here.centre.kill()
    throughout("she listens on", lambda: hears(sue, CALLER_TONE), for_s=1.5)
    if ends == "meanwhile":
        caller.hang_up()
        anna.must_be_released()
    here.centre.start()
    if ends == "before":
        throughout("and after", lambda: hears(sue, CALLER_TONE) and hears(sue, TONES["anna"]), for_s=2)
        asks(here, "whisper")
        until("the agent hears her", lambda: hears(anna, SUE_TONE), within_s=5)
        caller.hang_up()
    sue.must_be_released(within_s=15)

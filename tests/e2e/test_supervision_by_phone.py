"""Supervisors who ask by phone alone, who follow an agent from talk to talk, and who may not; all of it kept (ACD.md 61, 62)."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from .centre import RIGHT_TONE, TIMED_OUT_TONE, Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .sipp import Caller
from .switches import DOMAIN
from .test_supervision import SUE, SUE_TONE, hears
from .waiting import throughout, until

OpenHouse = Callable[..., House]
SUPERVISE_CODE = "*70"
OTHER_TONE = 1150
BY_PHONE = """
title: A supervisor asks for a talk
start: who
steps:
  who: {step: gather, prompt: {file: choose}, into: agent, min: 2, max: 6, next: listen, exits: {timeout: bye, invalid: bye}}
  listen: {step: supervise, extension: "{{ agent }}", next: comes, exits: {refused: no}}
  comes: {step: hang_up, prompt: {file: right}}
  no: {step: hang_up, prompt: {file: sorry}}
  bye: {step: hang_up}
"""


def opened(house: OpenHouse, **changes: Any) -> tuple[House, Phone, Phone]:
    """anna is ready at her phone, and sue's phone is there."""
    here = house(
        Plan(flows={"by_phone": BY_PHONE}, codes={SUPERVISE_CODE: "by_phone"}, settings={"supervisors": {"sue": SUE | changes}})
    )
    sue = Phone(
        here.stage, user="2001", secret=here.centre.secret("2001"), domain=DOMAIN, registrar=here.switch.phones, tone=SUE_TONE
    ).must_be_registered()
    return here, here.ready_phone("anna"), sue


def talks(here: House, anna: Phone, *, tone: int = CALLER_TONE, count: int = 1) -> Caller:
    caller = here.caller("200")
    caller.ear.hum(tone)
    caller.must_be_answered()
    anna.must_ring(count=count)
    anna.accept()
    until("the agent hears the caller", lambda: hears(anna, tone), within_s=10)  # perhaps whispers, too
    return caller


def asks_for_anna(phone: Phone) -> None:
    """By the code, and her number; the house says which it is: the phone rings, or not."""
    phone.dial(SUPERVISE_CODE)
    phone.must_talk()
    phone.press("1001#")


def test_given_a_talk_when_a_supervisor_dials_the_code_then_her_phone_rings_and_she_hears_it(house: OpenHouse) -> None:
    here, anna, sue = opened(house)
    caller = talks(here, anna)
    asks_for_anna(sue)
    until("it is said that it comes", lambda: sue.hears_tone(RIGHT_TONE), within_s=8)
    sue.must_ring()
    sue.must_be_released()
    sue.accept()
    until("she hears the talk", lambda: hears(sue, CALLER_TONE) and hears(sue, TONES["anna"]), within_s=8)
    sue.press("2")
    until("the agent hears her", lambda: hears(anna, SUE_TONE), within_s=5)
    caller.hang_up()
    sue.must_be_released(count=2)
    [kept] = here.centre.story(caller.number)["monitors"]
    assert (kept["supervisor"], kept["agent"], kept["why"]) == ("sue", "anna", "talk ended")
    assert [(turned["what"], bool(turned["by"])) for turned in kept["turns"][:2]] == [("listen", True), ("whisper", True)]


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"queues": [], "agents": ["ben"]}, "sue may not be at talks of anna in sales"),
        ({"rights": ["whisper"]}, "sue may not listen"),
    ],
    ids=["another's", "the_right"],
)
def test_given_a_supervisor_without_the_right_when_she_dials_the_code_then_it_is_said_and_kept(
    house: OpenHouse, changes: dict[str, Any], why: str
) -> None:
    here, anna, sue = opened(house, **changes)
    caller = talks(here, anna)
    asks_for_anna(sue)
    until("it is said that she may not", lambda: sue.hears_tone(TIMED_OUT_TONE), within_s=8)
    sue.must_be_released()
    throughout("her phone does not ring", lambda: sue.times_rung == 0 and anna.is_in_call, for_s=1.5)
    caller.hang_up()
    [kept] = here.centre.story(caller.number)["monitors"]
    assert (kept["supervisor"], kept["why"]) == ("sue", why)
    assert [turned["what"] for turned in kept["turns"]] == ["refused: listen"]


def test_given_an_agent_s_phone_when_the_code_is_dialled_then_nobody_listens(house: OpenHouse) -> None:
    here, anna, sue = opened(house)
    ben = here.phone("ben")
    caller = talks(here, anna)
    asks_for_anna(ben)
    until("it is said that they may not", lambda: ben.hears_tone(TIMED_OUT_TONE), within_s=8)
    ben.must_be_released()
    throughout("no phone rings", lambda: ben.times_rung == sue.times_rung == 0, for_s=1.5)
    caller.hang_up()
    assert here.centre.story(caller.number)["monitors"] == []


def test_given_a_supervisor_who_follows_an_agent_when_the_next_caller_comes_then_she_hears_that_talk_also_across_a_restart(
    house: OpenHouse,
) -> None:
    here, anna, sue = opened(house, follow="agent")
    first = talks(here, anna)
    here.centre.cli("supervise", "anna", "--as", "sue", "--mode", "whisper")
    sue.must_ring()
    sue.accept()
    until("she hears the talk", lambda: hears(sue, CALLER_TONE) and hears(sue, TONES["anna"]), within_s=8)
    until("the agent hears her", lambda: hears(anna, SUE_TONE), within_s=5)
    first.hang_up()
    anna.must_be_released()
    here.centre.must_become("anna", "ready")
    throughout("she waits for the next one", lambda: sue.is_in_call, for_s=1)
    here.centre.kill()
    here.centre.start()
    second = talks(here, anna, tone=OTHER_TONE, count=2)
    until("she hears the next talk", lambda: hears(sue, OTHER_TONE) and hears(sue, TONES["anna"]), within_s=8)
    until("the agent hears her again", lambda: hears(anna, SUE_TONE), within_s=5)
    since = time.monotonic()
    throughout("the caller never does", lambda: not second.ear.hears_tone(SUE_TONE, since=since, share=0.2), for_s=1.5)
    sue.hang_up()
    throughout("the talk goes on", lambda: second.is_connected and anna.is_in_call, for_s=1)
    second.hang_up()
    [kept] = here.centre.story(second.number)["monitors"]  # it goes along with her
    turned = [each["what"] for each in kept["turns"]]
    assert (turned[0], turned[-1]) == ("whisper", "ended") and kept["ended_at"] is not None

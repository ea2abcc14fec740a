"""A flow calls a number outside through a trunk. The carrier is SIPp at the trunk's address: it says what it was asked, and hears.

FAULTS.md S01: what the house does not allow is never dialled.
"""

import time
from collections.abc import Callable

import pytest

from .centre import RIGHT_TONE, Plan
from .house import CALLER_TONE, House
from .sipp import Caller, Carrier
from .waiting import throughout, until

OpenHouse = Callable[..., House]
CARRIER_TONE, OTHER_TONE, EARLY_TONE, RINGING_TONE = 780, 900, 1120, 425
BUSY_TONE, LATE_TONE, TROUBLE_TONE = 1320, 1560, 1680
NUMBER, RING_S, LONG_RING_S = "+493055501", 8, 60
SHOWN = "+493099"
OUT = f"""
title: To the outside
start: ask
steps:
  ask:
    step: menu
    prompt: {{file: choose}}
    first_digit: 20s
    options: {{"1": out, "2": abroad, "3": far, "4": any, "5": several}}
    exits: {{timeout: bye, invalid: bye}}
  out:
    step: transfer
    to: {{number: "{NUMBER}", trunk: carrier}}
    ring: {RING_S}s
    next: after
    exits: {{busy: busy, no_answer: late, failed: trouble}}
  abroad: {{step: set, values: {{number: "+4955501"}}, next: dial}}
  far: {{step: set, values: {{number: "+431234"}}, next: dial}}
  any: {{step: transfer, to: {{number: "+431234"}}, next: after, otherwise: trouble}}
  several: {{step: transfer, to: {{number: "{NUMBER}", trunks: [other, broken, carrier]}}, next: after, otherwise: trouble}}
  dial:
    step: transfer
    to: {{number: "{{{{ number }}}}", trunk: carrier}}
    exits: {{busy: busy, no_answer: late, failed: trouble}}
  after: {{step: hang_up, prompt: {{file: right}}}}
  busy: {{step: hang_up, prompt: {{file: busy}}}}
  late: {{step: hang_up, prompt: {{file: late}}}}
  trouble: {{step: hang_up, prompt: {{file: trouble}}}}
  bye: {{step: hang_up}}
"""
PLAN = Plan(
    flows={"out": OUT, "long": OUT.replace(f"ring: {RING_S}s", f"ring: {LONG_RING_S}s")},
    numbers={"400": "out", "401": "long"},
    tones={"busy": BUSY_TONE, "late": LATE_TONE, "trouble": TROUBLE_TONE},
    trunks={"carrier": {"prefixes": ["+4930"]}, "other": {"prefixes": ["+43"], "caller_id": SHOWN}, "broken": {"prefixes": ["+49"]}},
)


def test_given_a_number_outside_when_it_answers_then_both_talk_and_the_caller_goes_on_after_it(house: OpenHouse) -> None:
    here, carrier = _opened(house)
    caller = _dials(here)
    call = carrier.must_be_invited().call
    asked = carrier.invites()[0]
    assert asked["number"] == NUMBER
    assert caller.number in asked["From"], asked
    carrier.tell(call, "ring")
    since = time.monotonic()
    until("the caller hears it ring", lambda: caller.ear.hears_tone(RINGING_TONE, since=since), within_s=6)
    carrier.tell(call, "answer")
    _talk(caller, carrier)
    carrier.tell(call, "bye")
    _hears(caller, RIGHT_TONE)
    caller.must_be_ended()
    assert ("out", "done") in _path(here, caller)
    assert carrier.times_invited == 1


def test_given_a_talk_with_the_outside_when_the_caller_hangs_up_then_the_carrier_is_released(house: OpenHouse) -> None:
    here, carrier = _opened(house)
    caller = _dials(here)
    call = carrier.must_be_invited().call
    carrier.tell(call, "answer")
    _talk(caller, carrier)
    caller.hang_up()
    carrier.must_be_released()
    contact = here.centre.story(caller.number)["contact"]
    assert contact["ended_by"] == "customer" and contact["path"][-1]["step"] == "out"


def test_given_early_media_when_the_carrier_speaks_before_its_answer_then_the_caller_hears_it(house: OpenHouse) -> None:
    here, carrier = _opened(house)
    carrier.ear.hum(EARLY_TONE)
    caller = _dials(here)
    call = carrier.must_be_invited().call
    carrier.tell(call, "early_media")
    _hears(caller, EARLY_TONE)
    carrier.tell(call, "busy")
    _hears(caller, BUSY_TONE)


@pytest.mark.parametrize(
    ("refusal", "exit", "tone"),
    [
        ("busy", "busy", BUSY_TONE),
        ("decline", "failed", TROUBLE_TONE),
        ("unavailable", "no_answer", LATE_TONE),
        ("missing", "failed", TROUBLE_TONE),
        ("broken", "failed", TROUBLE_TONE),
    ],
)
def test_given_a_number_outside_when_it_refuses_then_the_caller_goes_on_by_the_exit(
    house: OpenHouse, refusal: str, exit: str, tone: int
) -> None:
    here, carrier = _opened(house)
    caller = _dials(here)
    call = carrier.must_be_invited().call
    carrier.tell(call, "ring")
    carrier.tell(call, refusal)
    _hears(caller, tone)
    caller.must_be_ended()
    assert ("out", exit) in _path(here, caller)


def test_given_a_number_outside_when_nobody_answers_in_time_then_it_stops_ringing_and_the_caller_goes_on(
    house: OpenHouse,
) -> None:
    here, carrier = _opened(house)
    caller = _dials(here)
    call = carrier.must_be_invited().call
    carrier.tell(call, "ring")
    carrier.must_be_cancelled(within_s=RING_S + 3)
    _hears(caller, LATE_TONE)
    caller.must_be_ended()
    assert ("out", "no_answer") in _path(here, caller)


def test_given_a_ringing_number_outside_when_the_caller_hangs_up_then_it_stops_ringing(house: OpenHouse) -> None:
    here, carrier = _opened(house)
    caller = _dials(here)
    carrier.tell(carrier.must_be_invited().call, "ring")
    caller.hang_up()
    carrier.must_be_cancelled(within_s=3)
    assert here.centre.story(caller.number)["contact"]["ended_by"] == "customer"


def test_given_a_carrier_that_is_not_there_when_dialled_then_the_caller_goes_on(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = _dials(here)
    tones = (TROUBLE_TONE, LATE_TONE)  # told at once by FreeSWITCH, which hears of a closed port; else it has not answered
    since = caller.answered_at
    until("the caller goes on", lambda: any(caller.ear.hears_tone(t, since=since) for t in tones), within_s=RING_S + 8)


def test_given_row_s01_a_carrier_that_sends_the_call_elsewhere_when_dialled_then_nobody_follows(house: OpenHouse) -> None:
    here, carrier = _opened(house)
    caller = _dials(here)
    carrier.tell(carrier.must_be_invited().call, "moved")
    _hears(caller, TROUBLE_TONE)
    throughout("nobody follows", lambda: carrier.times_invited == 1, for_s=0.5)


@pytest.mark.parametrize("digit", ["2", "3"], ids=["allowed nowhere", "allowed through another trunk"])
def test_given_row_s01_a_number_that_the_trunk_does_not_allow_when_transferred_then_it_is_never_dialled(
    house: OpenHouse, digit: str
) -> None:
    here, carrier = _opened(house)
    other = here.carrier("other", tone=OTHER_TONE)
    caller = _dials(here, digit)
    _hears(caller, TROUBLE_TONE)
    caller.must_be_ended()
    assert ("dial", "failed") in _path(here, caller)
    assert carrier.times_invited == other.times_invited == 0


def test_given_a_trunk_that_shows_a_number_of_its_own_when_dialled_then_the_called_sees_that_and_nothing_of_the_caller(
    house: OpenHouse,
) -> None:
    here = house(PLAN)
    other = here.carrier("other", tone=OTHER_TONE)
    caller = _dials(here, "4")
    other.tell(other.must_be_invited().call, "answer")
    until("they talk", lambda: other.ear.hears_tone(CALLER_TONE, since=caller.answered_at), within_s=8)
    (asked,) = other.invites()
    assert asked["number"] == "+431234" and SHOWN in asked["From"]
    assert caller.number not in str(asked) and "Caller" not in asked["From"]


def test_given_three_trunks_when_one_may_not_and_one_is_broken_then_the_third_is_taken(house: OpenHouse) -> None:
    here, carrier = _opened(house)
    other, broken = here.carrier("other", tone=OTHER_TONE), here.carrier("broken", tone=OTHER_TONE)
    caller = _dials(here, "5")
    broken.tell(broken.must_be_invited().call, "broken")
    carrier.tell(carrier.must_be_invited().call, "answer")
    _talk(caller, carrier)
    assert other.times_invited == 0


def test_given_a_ringing_number_outside_when_the_controller_restarts_then_it_rings_on_and_its_answer_counts(
    house: OpenHouse,
) -> None:
    here, carrier = _opened(house)
    caller = _dials(here, dialled="401")
    call = carrier.must_be_invited().call
    carrier.tell(call, "ring")
    here.centre.kill()
    here.centre.start()
    carrier.tell(call, "answer")
    _talk(caller, carrier)
    throughout("they talk on", lambda: caller.is_connected and carrier.times_invited == 1, for_s=4)  # past the second look
    carrier.tell(call, "bye")
    _hears(caller, RIGHT_TONE)


def test_given_a_talk_with_the_outside_when_the_controller_restarts_then_it_goes_on_undisturbed(house: OpenHouse) -> None:
    here, carrier = _opened(house)
    caller = _dials(here)
    call = carrier.must_be_invited().call
    carrier.tell(call, "answer")
    _talk(caller, carrier)
    began = time.monotonic()
    here.centre.kill()
    here.centre.start()
    throughout("they talk on", lambda: caller.is_connected, for_s=4)
    assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < 0.3
    carrier.tell(call, "bye")
    _hears(caller, RIGHT_TONE)


def _opened(house: OpenHouse) -> tuple[House, Carrier]:
    here = house(PLAN)
    return here, here.carrier("carrier", tone=CARRIER_TONE)


def _dials(here: House, digit: str = "1", dialled: str = "400") -> Caller:
    caller = here.caller(dialled).must_be_answered()
    until("the menu is reached", lambda: here.centre.state()["calls"][0]["step"] == "ask", within_s=10)
    caller.press(digit)
    return caller


def _talk(caller: Caller, carrier: Carrier) -> None:
    since = time.monotonic()
    until("the caller hears the outside", lambda: caller.ear.hears_tone(CARRIER_TONE, since=since, blocks=8))
    until("the outside hears the caller", lambda: carrier.ear.hears_tone(CALLER_TONE, since=since, blocks=8))


def _hears(caller: Caller, tone: int, *, within_s: float = 8.0) -> None:
    since = time.monotonic()
    until(f"the caller hears {tone} Hz", lambda: caller.ear.hears_tone(tone, since=since), within_s=within_s)


def _path(here: House, caller: Caller) -> list[tuple[str, str]]:
    return [(step["step"], step["exit"]) for step in here.centre.story(caller.number)["contact"]["path"]]

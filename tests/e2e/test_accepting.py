"""The controller is killed (-9) between an agent's pick-up and the talk: while a digit is asked for, and in a whisper.

The caller hears music all the while, nobody is rung twice, and the two talk (FAULTS.md F03, ACD.md 15, 75).
"""

import time
from collections.abc import Callable

import pytest

from .centre import Plan
from .house import CALLER_TONE, TONES, House
from .sipp import Caller, Carrier
from .switches import MUSIC_TONE, PROMPT_TONE
from .waiting import until

OpenHouse = Callable[..., House]
OUTSIDE_TONE = 780
OUTSIDE = {"name": "Anna", "external": {"number": "+493055501", "trunk": "carrier"}, "queues": ["sales"]}
WHISPER_S = 8


def _asked(house: OpenHouse) -> tuple[House, Caller, Carrier]:
    """Anna has picked up outside, and hears what to press."""
    here = house(Plan(trunks={"carrier": {"prefixes": ["+4930"]}}, settings={"agents": {"anna": OUTSIDE}}))
    carrier = here.carrier("carrier", tone=OUTSIDE_TONE)
    here.centre.wish("anna", "ready")
    here.centre.must_become("anna", "ready")
    caller = here.caller().must_be_answered()
    carrier.tell(carrier.must_be_invited().call, "answer")
    until("she hears what to press", lambda: carrier.ear.hears_anything(since=here.opened_at), within_s=8)
    return here, caller, carrier


def _hears_music(caller: Caller, *, since: float) -> None:
    until("the caller hears music", lambda: caller.ear.hears_tone(MUSIC_TONE, since=since, blocks=8), within_s=8)


@pytest.mark.parametrize("pressed", ["afterwards", "meanwhile"])
def test_given_an_agent_outside_who_is_asked_for_the_digit_when_the_controller_dies_then_they_are_asked_again_and_the_two_talk(
    house: OpenHouse, pressed: str
) -> None:
    here, caller, carrier = _asked(house)
    here.centre.kill()
    if pressed == "meanwhile":
        carrier.ear.press("1")  # nobody is there who could hear it
    here.centre.start()
    back_at = time.monotonic()
    _hears_music(caller, since=back_at)
    until("she is asked again", lambda: carrier.ear.hears_anything(since=back_at), within_s=8)
    assert here.centre.agent_state("anna") == "offered"
    carrier.ear.press("1")
    here.centre.must_become("anna", "talking")
    since = time.monotonic()
    until("the caller hears her", lambda: caller.ear.hears_tone(OUTSIDE_TONE, since=since, blocks=8), within_s=8)
    until("she hears the caller", lambda: carrier.ear.hears_tone(CALLER_TONE, since=since, blocks=8), within_s=8)
    caller.hang_up()
    assert [offer["outcome"] for offer in here.centre.story(caller.number)["offers"]] == ["answered"]
    assert carrier.times_invited == 1


def test_given_an_agent_who_is_whispered_to_when_the_controller_dies_then_the_two_are_joined_when_it_is_over(
    house: OpenHouse,
) -> None:
    sales = {"ring": "10s", "wrap_up": "1s", "short_abandon": "0s", "whisper": {"file": "welcome"}}
    here = house(Plan(prompt_s=WHISPER_S, settings={"queues": {"sales": sales}}))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    until("anna hears the whisper", lambda: anna.hears_tone(PROMPT_TONE), within_s=8)
    here.centre.kill()
    here.centre.start()
    since = time.monotonic()
    until("the caller hears anna", lambda: caller.ear.hears_tone(TONES["anna"], since=since, blocks=8), within_s=WHISPER_S + 6)
    until("anna hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)
    here.centre.must_become("anna", "talking")
    caller.hang_up()
    anna.must_be_released()
    assert [offer["outcome"] for offer in here.centre.story(caller.number)["offers"]] == ["answered"]
    assert anna.times_rung == 1

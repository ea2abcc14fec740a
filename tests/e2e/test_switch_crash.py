"""The switch is killed (-9) and started again: answered calls that it can bring back stand where they were (FAULTS.md F21)."""

import time
from collections.abc import Callable

import pytest

from .house import House
from .switches import FAILSAFE_TONE, MUSIC_TONE, FreeSwitch
from .waiting import throughout, until

OpenHouse = Callable[..., House]
FAILSAFE_S = 6


def test_given_a_waiting_caller_when_freeswitch_crashes_and_comes_back_then_they_wait_on_with_music_and_are_served(
    house: OpenHouse, kind: str
) -> None:
    if kind != FreeSwitch.kind:
        pytest.skip("the embedded switch brings nothing back")
    here = house(failsafe_s=FAILSAFE_S)
    here.staffed()
    anna = here.phone("anna")
    caller = here.caller().must_be_answered()
    until("the caller waits", here.centre.callers, within_s=8)
    (before,) = here.centre.callers()
    until("music plays", lambda: caller.ear.hears_tone(MUSIC_TONE, since=caller.answered_at), within_s=8)
    here.switch.kill()
    here.switch.start()
    back = time.monotonic()
    until("the switch is reached again", here.centre.is_working, within_s=20)
    until("music goes on", lambda: caller.ear.hears_tone(MUSIC_TONE, since=back), within_s=15)
    (after,) = here.centre.callers()
    assert after["call"] == before["call"]
    throughout("they are in the line", here.centre.callers, for_s=FAILSAFE_S + 3)
    assert not caller.ear.hears_tone(FAILSAFE_TONE, since=back), "the dead man's switch of the new start was not taken off"
    since = time.monotonic()
    until("music still plays", lambda: caller.ear.hears_tone(MUSIC_TONE, since=since), within_s=5)
    here.ready("anna")
    anna.must_ring()
    anna.accept()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(anna.tone, since=since, blocks=8), within_s=15)
    assert here.centre.callers() == []

"""The dead man's switch: a controller that never comes, or never comes back, leaves nobody in music for ever."""

import time
import wave
from collections.abc import Callable

import pytest

from .centre import Plan
from .house import CALLER_TONE, House
from .processes import Stage
from .sipp import Caller
from .switches import FAILSAFE_TONE, KINDS, MUSIC_TONE
from .waiting import until


def test_given_no_controller_when_somebody_calls_then_they_hear_the_announcement_and_leave_a_message(stage: Stage, kind: str) -> None:
    switch = KINDS[kind](stage, failsafe_s=2)
    switch.start()
    caller = Caller(stage, to=switch.callers, dialled="100")
    caller.must_be_answered(within_s=10)
    _ends_in_a_message(caller, switch.messages)


@pytest.mark.slow
@pytest.mark.timeout(180)
def test_given_a_waiting_caller_when_the_controller_never_returns_then_they_end_in_the_announcement(
    house: Callable[..., House],
) -> None:
    here = house(Plan(failsafe="60s"))
    here.staffed()
    caller = here.caller().must_be_answered()
    until("the caller waits", lambda: here.centre.callers(), within_s=10)
    here.centre.kill()
    since = time.monotonic()
    until("music goes on", lambda: caller.ear.hears_tone(MUSIC_TONE, since=since), within_s=5)
    _ends_in_a_message(caller, here.switch.messages, within_s=75)


def _ends_in_a_message(caller: Caller, messages: Callable[[], list[str]], *, within_s: float = 10.0) -> None:
    since = time.monotonic()
    until("the caller hears the announcement", lambda: caller.ear.hears_tone(FAILSAFE_TONE, since=since), within_s=within_s)
    caller.ear.hum(CALLER_TONE)
    until("a message is being taken", lambda: any(_size(path) > 16_000 for path in messages()), within_s=20)
    caller.hang_up()
    until("the message is whole", lambda: any(_seconds(path) > 0.8 for path in messages()), within_s=10)


def _size(path: str) -> int:
    with open(path, "rb") as file:
        return file.seek(0, 2)


def _seconds(path: str) -> float:
    """0 while its header is not yet written."""
    try:
        with wave.open(path, "rb") as message:
            return message.getnframes() / message.getframerate()
    except (wave.Error, EOFError):
        return 0.0

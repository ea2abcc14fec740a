"""Plays a caller's script on a phone, step by step, in a greenlet of its own."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from softswitch.party.line import Line
from softswitch.party.phone import Phone
from softswitch.party.script import (
    CallerScript,
    HangUp,
    Press,
    Speak,
    Step,
    Wait,
    WaitAnswered,
    WaitEnded,
    WaitHears,
)

SPEAK_TIMEOUT_S = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """How a script went: ``failed_step`` is the index of the first step that did not come true, None when all did."""

    status: int
    answered: bool
    failed_step: int | None


def play(phone: Phone, script: CallerScript) -> Told:
    """Dials and goes through the steps; ends early when the call ends or a step does not come true. Hangs up in any
    case."""
    line = phone.dial(script.dial)
    failed: int | None = None
    try:
        for index, step in enumerate(script.steps):
            if not _do(line, step):
                failed = index
                break
    finally:
        line.hang_up()
    return Told(status=line.status, answered=line.answered.is_set(), failed_step=failed)


def _do(line: Line, step: Step) -> bool:
    return _DOERS[type(step)](line, step)


def _wait(line: Line, step: Wait) -> bool:
    return not line.ended.wait(step.s)


def _wait_hears(line: Line, step: WaitHears) -> bool:
    if step.hz is not None:
        return line.heard.wait_tone(step.hz, timeout_s=step.timeout_s)
    return line.heard.wait_loud(timeout_s=step.timeout_s, level=step.level)


def _press(line: Line, step: Press) -> bool:
    line.press(step.digits, by=step.by)
    return not line.ended.is_set()


def _speak(line: Line, step: Speak) -> bool:
    if step.wav:
        line.speak_file(Path(step.wav))
    else:
        line.speak_tone(step.tone)
    return line.wait_spoken(timeout_s=SPEAK_TIMEOUT_S) if step.wait else True


def _hang_up(line: Line, step: HangUp) -> bool:
    line.ended.wait(step.after_s)
    line.hang_up()
    return True


_DOERS: dict[type, Callable[..., bool]] = {
    Wait: _wait,
    WaitAnswered: lambda line, step: line.wait_answered(timeout_s=step.timeout_s),
    WaitHears: _wait_hears,
    WaitEnded: lambda line, step: line.wait_ended(timeout_s=step.timeout_s),
    Press: _press,
    Speak: _speak,
    HangUp: _hang_up,
}

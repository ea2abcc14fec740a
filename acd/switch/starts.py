"""Playbacks, and joinings of a talk, that may not have begun. PURE: says which must be asked for again.

A break that falls between the switch's taking a playback and its beginning is lost, and then what plays goes on
while what we asked for waits behind it, with music for ever. It is rare (6 in 1,000 of those broken within 60 ms),
and asking again is safe: the break in front of it throws away the one that waits. So what has not begun in time is
asked for again, a few times. What is asked of a leg that is just on its way from one to another may be thrown away as
well: so who joins a conference, or listens in, is looked after in the same way.
"""

from dataclasses import dataclass

from acd.core.commands import (
    Bridge,
    Command,
    Dial,
    Dismiss,
    HangUp,
    ListenIn,
    Play,
    Record,
    Separate,
    StopListening,
    StopPlay,
    ThreeWay,
)

_AGAIN_S = 0.3
_TIMES = 3
_REPLACING = (Bridge, Dismiss, HangUp, Separate, StopListening, StopPlay)
Begins = Play | Record | Dial | ListenIn | ThreeWay


@dataclass(slots=True, kw_only=True)
class _Start:
    command: Begins
    due_at: float
    times: int = 1


class Starts:
    """By leg: only what was asked for last can still begin."""

    def __init__(self) -> None:
        self._waiting: dict[str, _Start] = {}

    def sent(self, command: Command, at: float) -> None:
        if isinstance(command, Begins):
            self._waiting[command.leg] = _Start(command=command, due_at=at + _AGAIN_S)
        elif isinstance(command, _REPLACING):
            self._waiting.pop(command.leg, None)

    def begun(self, leg: str, play: str) -> None:
        start = self._waiting.get(leg)
        if start is not None and start.command.play == play:
            del self._waiting[leg]

    def ended(self, leg: str) -> None:
        self._waiting.pop(leg, None)

    def forget(self) -> None:
        """After a gap nobody knows what began; the snapshot shows what plays."""
        self._waiting.clear()

    def overdue(self, now: float) -> list[Begins]:
        """Those to be asked for again now."""
        again = []
        for leg, start in list(self._waiting.items()):
            if start.due_at > now:
                continue
            if start.times >= _TIMES:
                del self._waiting[leg]
                continue
            start.times += 1
            start.due_at = now + _AGAIN_S
            again.append(start.command)
        return again

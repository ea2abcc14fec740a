"""Playbacks whose end may have been lost. PURE: says about which legs the switch must be asked.

A caller whose prompt is over and whose flow has not heard of it stands in silence. How long a playback lasts is known
when it is sent, so its end is due: a little later the switch is asked whether it still plays, and again until it does not
or its end is told after all. Nothing is ever taken for ended by the clock alone: a busy switch may play late. What has no
length of its own (a recording, a talk with somebody outside, a file that nobody could read) is asked about now and then.
"""

from collections.abc import Callable
from dataclasses import dataclass

from acd.core.commands import Bridge, Command, Dial, Dismiss, HangUp, ListenIn, Play, Record, Separate, StopPlay, ThreeWay

Ending = Play | Record | Dial

_START_S = 0.5
"""A playback begins so long after it was asked for, when nobody says that it has begun."""
_SPARE_S = 0.7
_AGAIN_S = 0.5
_UNKNOWN_S = 1.0
_TALK_S = 10.0
"""Two who talk are asked about seldom: that one of them left is told by that leg's own end, too."""
_REPLACING = (Bridge, Dismiss, HangUp, ListenIn, Separate, StopPlay, ThreeWay)


@dataclass(slots=True, kw_only=True)
class _Running:
    command: Ending
    length_s: float | None
    due_at: float
    sent_at: float


class Ends:
    """By leg: what was asked for last is what can still end. ``lasts`` gives the seconds of a playback, None when unknown."""

    def __init__(self, lasts: Callable[[Play], float | None]) -> None:
        self._lasts = lasts
        self._running: dict[str, _Running] = {}

    def sent(self, command: Command, at: float) -> None:
        if isinstance(command, Play | Record | Dial):
            length_s = self._lasts(command) if isinstance(command, Play) else None
            due_at = at + _START_S + (_UNKNOWN_S if length_s is None else length_s) + _SPARE_S
            self._running[command.leg] = _Running(command=command, length_s=length_s, due_at=due_at, sent_at=at)
        elif isinstance(command, _REPLACING):
            self._running.pop(command.leg, None)

    def begun(self, leg: str, play: str, at: float) -> None:
        running = self._running.get(leg)
        if running is not None and running.command.play == play and running.length_s is not None:
            running.due_at = at + running.length_s + _SPARE_S

    def ended(self, leg: str, play: str) -> None:
        running = self._running.get(leg)
        if running is not None and running.command.play == play:
            del self._running[leg]

    def over(self, leg: str) -> None:
        """The leg is gone."""
        self._running.pop(leg, None)

    def partner_gone(self, leg: str, at: float) -> None:
        """A leg that was made for this one has ended: so, soon, has its dial."""
        running = self._running.get(leg)
        if running is not None and isinstance(running.command, Dial):
            running.due_at = min(running.due_at, at + _SPARE_S)

    def awaits(self, command: Ending) -> bool:
        """Whether this is still what can end on its leg."""
        running = self._running.get(command.leg)
        return running is not None and running.command is command

    def overdue(self, now: float) -> list[Ending]:
        """Those to be asked about now."""
        due = [running for running in self._running.values() if running.due_at <= now]
        for running in due:
            running.due_at = now + _pace_s(running, now)
        return [running.command for running in due]


def _pace_s(running: _Running, now: float) -> float:
    if running.length_s is not None:
        return _AGAIN_S
    command = running.command
    return _TALK_S if isinstance(command, Dial) and now > running.sent_at + command.timeout_s else _UNKNOWN_S

"""Seconds since the epoch that never step: the clock of every event.

Anchored to the wall clock once, carried on by the monotonic clock, and drawn gently towards the wall clock (at most
``SLEW``), so that an administrator, NTP or a virtual machine that sets the wall clock an hour ahead ends nobody's
waiting (ACD.md 81, FAULTS.md F30).
"""

import time
from collections.abc import Callable

SLEW = 500e-6
"""Seconds by which it may be drawn for each second that passes."""


class SteadyClock:
    def __init__(
        self,
        *,
        wall: Callable[[], float] = time.time,
        monotonic: Callable[[], float] = time.monotonic,
        not_before: float = 0.0,
    ) -> None:
        """``not_before``: the last instant that the journal knows; time goes on from there if the wall clock is behind."""
        self._wall, self._monotonic = wall, monotonic
        self._last_s = monotonic()
        self._now = max(wall(), not_before)

    def __call__(self) -> float:
        passed_s = self._monotonic() - self._last_s
        if passed_s <= 0.0:
            return self._now
        self._last_s += passed_s
        self._now += passed_s
        behind_s = self._wall() - self._now
        self._now += max(-SLEW * passed_s, min(SLEW * passed_s, behind_s))
        return self._now

    @property
    def apart_s(self) -> float:
        """How far the wall clock is ahead of this one."""
        return self._wall() - self._now

"""Is the hub blocked? A greenlet beats; a native thread watches the beat and photographs whoever holds it up.

A blocked hub is dead air for every caller (ACD.md 85, FAULTS.md F43). The thread neither logs nor waits for anything of the
hub's: the greenlet reports for it once it gets to run again.
"""

import logging
import sys
import time
import traceback
from collections.abc import Callable
from types import FrameType

import gevent
from gevent.monkey import get_original

from acd.live.greenlets import Died, Task, spawn

log = logging.getLogger(__name__)

BEAT_S = 0.05
BLOCKED_S = 0.1


class Beat:
    """The arithmetic: when the last beat was, how late it came, and whether its absence is news."""

    def __init__(self, *, beat_s: float = BEAT_S, blocked_s: float = BLOCKED_S) -> None:
        self.beat_s, self.blocked_s = beat_s, blocked_s
        self._last_at: float | None = None
        self._reported_at: float | None = None
        self.stack = ""

    def beat(self, at: float) -> float:
        """The seconds by which this beat is late."""
        lag_s = 0.0 if self._last_at is None else max(0.0, at - self._last_at - self.beat_s)
        self._last_at = at
        return lag_s

    def is_overdue(self, at: float) -> bool:
        """True once for each blockage."""
        if self._last_at is None or at - self._last_at - self.beat_s <= self.blocked_s:
            return False
        first = self._reported_at != self._last_at
        self._reported_at = self._last_at
        return first


class Watchdog:
    def __init__(
        self,
        *,
        observe: Callable[[float], None],
        clock: Callable[[], float] = time.perf_counter,
        beat: Beat | None = None,
    ) -> None:
        """``observe(lag_s)`` hears every beat's lateness."""
        self._observe, self._clock, self.beat = observe, clock, beat or Beat()
        self.blocked = 0
        self._running = False
        self._task: Task | None = None
        self._hub_thread = get_original("threading", "get_ident")()

    def start(self, on_died: Died) -> None:
        self._running = True
        self._task = spawn("watchdog", self._beat_forever, on_died=on_died)
        get_original("_thread", "start_new_thread")(self._watch_forever, ())

    def stop(self) -> None:
        self._running = False
        if self._task is not None:
            self._task.kill(timeout=1)

    def once(self) -> None:
        """One beat: measure, and say who blocked if the thread caught somebody."""
        lag_s = self.beat.beat(self._clock())
        self._observe(lag_s)
        if lag_s > self.beat.blocked_s:
            self.blocked += 1
            stack, self.beat.stack = self.beat.stack, ""
            log.warning("the hub was blocked for %.0f ms by:\n%s", lag_s * 1000, stack or "(not caught)")

    def look(self) -> None:
        """In the thread: keep the stack of whoever runs while the beat is overdue."""
        if self.beat.is_overdue(self._clock()):
            frame: FrameType | None = sys._current_frames().get(self._hub_thread)
            self.beat.stack = "".join(traceback.format_stack(frame)) if frame else ""

    def _beat_forever(self) -> None:
        while True:
            gevent.sleep(self.beat.beat_s)
            self.once()

    def _watch_forever(self) -> None:
        sleep = get_original("time", "sleep")
        while self._running:
            sleep(self.beat.beat_s)
            self.look()

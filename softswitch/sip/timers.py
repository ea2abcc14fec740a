"""Things to do later, on a clock that is passed in. Nothing here waits: who runs it asks ``next_at`` and calls
``run``."""

import heapq
import itertools
import logging
from collections.abc import Callable
from dataclasses import dataclass

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class TimerValues:
    """RFC 3261 table 4."""

    t1_s: float = 0.5
    t2_s: float = 4.0
    t4_s: float = 5.0

    @property
    def give_up_s(self) -> float:
        """Timers B, F, H, J, L: 64 * T1."""
        return 64 * self.t1_s


class Timer:
    """One thing to do; ``cancel`` is safe at any time."""

    __slots__ = ("_call",)

    def __init__(self, call: Callable[[], None]) -> None:
        self._call: Callable[[], None] | None = call

    def cancel(self) -> None:
        self._call = None

    @property
    def active(self) -> bool:
        return self._call is not None

    def fire(self) -> None:
        call, self._call = self._call, None
        if call is not None:
            call()


class Timers:
    def __init__(self, clock: Callable[[], float], *, on_earlier: Callable[[], None] = lambda: None) -> None:
        self.clock = clock
        self.values = TimerValues()
        self._on_earlier = on_earlier
        self._heap: list[tuple[float, int, Timer]] = []
        self._order = itertools.count()

    def after(self, seconds: float, call: Callable[[], None]) -> Timer:
        timer = Timer(call)
        at = self.clock() + seconds
        earlier = not self._heap or at < self._heap[0][0]
        heapq.heappush(self._heap, (at, next(self._order), timer))
        if earlier:
            self._on_earlier()
        return timer

    def next_at(self) -> float | None:
        while self._heap and not self._heap[0][2].active:
            heapq.heappop(self._heap)
        return self._heap[0][0] if self._heap else None

    def run(self) -> None:
        """Does all that is due; one that raises is logged and stops no other."""
        now = self.clock()
        while (at := self.next_at()) is not None and at <= now:
            try:
                heapq.heappop(self._heap)[2].fire()
            except Exception:
                log.exception("sip timer")

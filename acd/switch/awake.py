"""While an event is expected the switch's sender is kept awake: an empty line now and then ends its sleep early."""

from collections.abc import Callable

import gevent
from gevent.event import Event as Signal

_IDLE_S = 60.0


class Awake:
    """``nudge`` sends the empty line; it must not block."""

    def __init__(self, nudge: Callable[[], None], clock: Callable[[], float], *, every_s: float, for_s: float) -> None:
        """``for_s`` 0 turns it off."""
        self._nudge, self._clock, self._every_s, self._for_s = nudge, clock, every_s, for_s
        self._expecting = Signal()
        self._until = 0.0
        self._stopping = False

    def expect(self) -> None:
        if self._for_s > 0:
            self._until = self._clock() + self._for_s
            self._expecting.set()

    def stop(self) -> None:
        self._stopping = True
        self._expecting.set()

    def run(self) -> None:
        """Until it is stopped; for a greenlet of its own."""
        while not self._stopping:
            if self._clock() >= self._until:
                self._expecting.clear()
                self._expecting.wait(_IDLE_S)
                continue
            self._nudge()
            gevent.sleep(self._every_s)

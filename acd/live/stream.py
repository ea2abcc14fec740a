"""What programs beside the house are told as it happens: numbered events, of which the last are kept, so that no reader is waited for.

Whoever tells (a greenlet of ours) returns at once. A reader comes back with the last number it has; what it was too slow for is gone.
"""

from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from gevent.event import Event as Flag

VERSION = 1
"""Of the shape of events: it grows when one loses a key or a key its meaning; keys that come along do not change it."""
KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """``what`` is plain data, and whatever strangers wrote in it is text."""

    n: int
    at: float
    event: str
    what: Mapping[str, Any]

    def view(self) -> dict[str, Any]:
        return {**self.what, "v": VERSION, "n": self.n, "at": self.at, "event": self.event}


class Stream:
    """Numbers go on from the clock, so that they only grow, also across restarts."""

    def __init__(self, clock: Callable[[], float], kept: int = KEPT) -> None:
        self._clock = clock
        self._kept: deque[Told] = deque(maxlen=kept)
        self.first = self.last = int(clock() * 1000)  # what came before ``first`` was another run's
        self._there = Flag()

    def tell(self, event: str, what: Mapping[str, Any]) -> None:
        self.last += 1
        self._kept.append(Told(n=self.last, at=self._clock(), event=event, what=what))
        self._there.set()
        self._there = Flag()

    def after(self, n: int, wait_s: float) -> list[Told]:
        """What was told after ``n``, waiting at most ``wait_s`` for the first; empty when nothing was."""
        if self.last <= n:
            self._there.wait(timeout=wait_s)
        return [each for each in self._kept if each.n > n]

    def missed(self, n: int) -> bool:
        """Whether something after ``n`` was told that is not kept any more, or may have been: by another run."""
        oldest = self._kept[0].n if self._kept else self.last + 1
        return n < self.first or n + 1 < oldest

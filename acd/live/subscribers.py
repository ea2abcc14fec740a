"""Readers of what was decided (metrics, boards): told after it was remembered and done, never waited for."""

from collections import deque
from collections.abc import Sequence

from gevent.event import Event as Flag

from acd.core.decision import Decision


class Subscription:
    """A bounded queue of decisions. A reader that is too slow loses the oldest; ``missed`` counts them."""

    def __init__(self, name: str, size: int) -> None:
        self.name, self.missed = name, 0
        self._kept: deque[Decision] = deque(maxlen=size)
        self._there = Flag()

    def tell(self, decisions: Sequence[Decision]) -> None:
        self.missed += max(0, len(self._kept) + len(decisions) - (self._kept.maxlen or 0))
        self._kept.extend(decisions)
        self._there.set()

    def wake(self) -> None:
        """Whoever waits for decisions has something else to do."""
        self._there.set()

    def take(self, wait_s: float) -> list[Decision]:
        """All that is there, after waiting at most ``wait_s`` for the first; empty when nothing came."""
        self._there.wait(timeout=wait_s)
        self._there.clear()
        taken = list(self._kept)
        self._kept.clear()
        return taken


class Subscribers:
    def __init__(self) -> None:
        self._all: list[Subscription] = []

    def subscribe(self, name: str, size: int = 10_000) -> Subscription:
        subscription = Subscription(name, size)
        self._all.append(subscription)
        return subscription

    def leave(self, subscription: Subscription) -> None:
        self._all = [s for s in self._all if s is not subscription]

    def missed(self) -> dict[str, int]:
        """Decisions that each reader was too slow for."""
        return {subscription.name: subscription.missed for subscription in self._all}

    def tell(self, decisions: Sequence[Decision]) -> None:
        for subscription in self._all:
            subscription.tell(decisions)

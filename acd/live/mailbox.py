"""What the controller is told: events, each perhaps with somebody who waits for what comes of it."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

import gevent
from gevent.event import AsyncResult
from gevent.queue import Empty, Queue

from acd.core.decision import Decision
from acd.core.events import Event
from acd.core.state import State

Decisions = tuple[Decision, ...]


@dataclass(slots=True, kw_only=True)
class Letter:
    event: Event
    reply: "AsyncResult[Decisions] | None" = None
    before: Callable[[State], None] | None = None
    """Done to the state just before the event is stepped (a new policy put in place)."""


class Mailbox:
    """Any greenlet may post; other threads use ``post_from_thread``."""

    def __init__(self) -> None:
        self._letters: Queue[Letter | None] = Queue()
        self._foreign: deque[Letter] = deque()
        self._door = gevent.get_hub().loop.async_()
        self._door.start(self._fetch)
        self.closed = False

    def __len__(self) -> int:
        return self._letters.qsize()

    def put(self, letter: Letter) -> None:
        if not self.closed:
            self._letters.put(letter)

    def put_from_thread(self, letter: Letter) -> None:
        self._foreign.append(letter)
        self._door.send()

    def close(self) -> None:
        """What is in it is still taken; nothing new comes in; whoever takes is woken."""
        self.closed = True
        self._letters.put(None)

    def take(self, limit: int, wait_s: float) -> list[Letter]:
        """Up to ``limit`` letters that are there, after waiting at most ``wait_s`` for the first."""
        taken: list[Letter] = []
        try:
            first = self._letters.get(timeout=wait_s) if wait_s > 0 else self._letters.get_nowait()
            taken.extend([first] if first else [])
            while len(taken) < limit:
                letter = self._letters.get_nowait()
                taken.extend([letter] if letter else [])
        except Empty:
            pass
        return taken

    def _fetch(self) -> None:
        while self._foreign:
            self.put(self._foreign.popleft())

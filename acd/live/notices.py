"""People are told that somebody left them a message: by a webhook, by mail. A reader of the records, never on a call's path.

At least once, across restarts: what was told is remembered only when the other side has taken it. One that does not take it is
tried again, ever more seldom, for three days. What stands in no record yet is told when it does.
"""

import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from gevent.event import Event
from gevent.threadpool import ThreadPool

from acd.config.outside import MailboxPlace
from acd.live.outbox import Outbox, Way

log = logging.getLogger(__name__)

Row = Mapping[str, Any]
LOOK_S = 3.0
SETTLE_S = 2.0
"""The sound of a caller who has just hung up may still be on its way to the disk."""
KEEP_S = 3 * 86400.0
LEAST_S, MOST_S = 5.0, 900.0


class NotTold(Exception):
    """They did not take it; says why, without a word of the caller's."""


class Tell(Protocol):
    def __call__(self, mailbox: MailboxPlace, message: Row) -> None:
        """Raises NotTold. Bounded in time."""
        ...


@dataclass(slots=True)
class Pause:
    until: float = 0.0
    failures: int = 0


@dataclass(kw_only=True)
class Notices:
    """``run`` is the body of its greenlet. ``mailboxes`` may be replaced while it runs; ``tell`` by the name of the way.

    ``messages()`` gives the records of messages, in a thread; ``written()`` is a number that changes when there may be more.
    """

    messages: Callable[[], Sequence[Row]]
    written: Callable[[], int]
    outbox: Outbox
    tell: Mapping[str, Tell]
    clock: Callable[[], float]
    mailboxes: Mapping[str, MailboxPlace] = field(default_factory=dict)
    told_total: int = 0
    failed_total: int = 0
    _pauses: dict[tuple[str, str], Pause] = field(default_factory=dict)
    _thread: ThreadPool = field(default_factory=lambda: ThreadPool(1))
    _stop: Event = field(default_factory=Event)
    _seen: tuple[object, ...] = ()

    def run(self) -> None:
        while not self._stop.wait(timeout=LOOK_S):
            self.turn()

    def stop(self) -> None:
        """What is not told yet is told after the next start."""
        self._stop.set()
        self._thread.kill()

    def turn(self) -> None:
        """One look; never raises for the sake of a disk, a database or a server."""
        ways = {way: mailbox for mailbox in self.mailboxes.values() for way in ways_of(mailbox)}
        seen = (self.written(), tuple(sorted(ways)))
        if (not ways or seen == self._seen) and not self._pauses:
            return
        found = self._thread.apply(self._due, (ways,))
        if isinstance(found, Exception):
            log.error("messages cannot be looked at: %s", type(found).__name__)
            return
        waiting = self._tell_all(found)
        self._seen = () if waiting else seen

    def _due(self, ways: Mapping[Way, MailboxPlace]) -> "list[tuple[MailboxPlace, str, Row]] | Exception":
        """In the thread."""
        try:
            since, told = self.outbox.watch(ways, self.clock()), self.outbox.told()
            return list(due(self.messages(), ways, since, told, self.clock()))
        except Exception as error:
            return error

    def _tell_all(self, found: Sequence[tuple[MailboxPlace, str, Row]]) -> bool:
        """Whether some must still wait."""
        self._pauses = {key: pause for key, pause in self._pauses.items() if key in {(row["id"], way) for _, way, row in found}}
        waiting = False
        for mailbox, way, row in found:
            if self._stop.is_set():
                break
            waiting |= not (self._may(row, way) and self._told(mailbox, way, row))
        return waiting

    def _may(self, row: Row, way: str) -> bool:
        pause = self._pauses.get((row["id"], way))
        settled = row["left_at"] + SETTLE_S <= self.clock()
        return settled and (pause is None or pause.until <= self.clock())

    def _told(self, mailbox: MailboxPlace, way: str, row: Row) -> bool:
        key = (row["id"], way)
        try:
            self.tell[way](mailbox, row)
        except NotTold as why:
            pause = self._pauses.setdefault(key, Pause())
            pause.failures += 1
            pause.until = self.clock() + min(MOST_S, LEAST_S * 2 ** min(pause.failures - 1, 16))
            self.failed_total += 1
            log.warning("message %s: %s of mailbox %s did not take it (%d times): %s", row["id"], way, mailbox.id, pause.failures, why)
            return False
        self._pauses.pop(key, None)
        self.told_total += 1
        error = self._thread.apply(self._remember, (key,))
        if error is not None:
            log.error("message %s: that %s was told is not remembered, it may be told again: %s", *key, error)
        return True

    def _remember(self, key: tuple[str, str]) -> Exception | None:
        """In the thread."""
        try:
            self.outbox.tell(*key, self.clock(), 2 * KEEP_S)
        except Exception as error:
            return error
        return None


def ways_of(mailbox: MailboxPlace) -> Iterator[Way]:
    if mailbox.url:
        yield mailbox.id, "webhook"
    if mailbox.email:
        yield mailbox.id, "email"


def due(
    messages: Sequence[Row],
    ways: Mapping[Way, MailboxPlace],
    since: Mapping[Way, float],
    told: frozenset[tuple[str, str]],
    now: float,
) -> Iterator[tuple[MailboxPlace, str, Row]]:
    """What is to be told, the oldest first. PURE."""
    for row in sorted(messages, key=lambda row: float(row["left_at"])):
        for (mailbox, way), place in ways.items():
            new = row["left_at"] >= max(since.get((mailbox, way), now), now - KEEP_S)
            if row["mailbox"] == mailbox and new and (row["id"], way) not in told:
                yield place, way, row

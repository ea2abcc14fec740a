"""Carries the journal into the database, behind the calls and never in their way.

The journal's own segments are the spool: this reads what was remembered, writes rows and cursor in one transaction, and only
then lets the journal go of those lines. A database that is down, slow, locked or full costs nothing but distance: the lines wait
on disk, ``behind_lines`` grows (there is an alarm on it), and everything is written in order once it is back (FAULTS.md F25-F28).

All of the work is done in one native thread, so that no driver and no disk can hold up the hub. Must not be asked by anything
that decides.
"""

import logging
import random
from collections.abc import Callable, Iterator
from typing import Protocol, TypeVar

from gevent import Timeout
from gevent.event import Event
from gevent.threadpool import ThreadPool

from acd.records.activities import Activity
from acd.records.batch import Line, Target, batch_of, no_target
from acd.records.store import DatabaseUnavailable, Store
from acd.records.upgrade import DatabaseRefused
from acd.words import AgentId

log = logging.getLogger("acd.records")

T = TypeVar("T")


class Tail(Protocol):
    """A reader of the journal that remembers where it was."""

    def read(self, limit: int | None = None) -> Iterator[Line]: ...


class Spool(Protocol):
    """The journal, as far as the writer needs it."""

    @property
    def last_n(self) -> int:
        """The last line that can be read."""
        ...

    def tail(self, after: int) -> Tail: ...

    def release(self, n: int) -> None:
        """Lines up to ``n`` are not needed for records any more."""
        ...


class RecordsWriter:
    """``run`` is the body of its greenlet; ``wake`` may be called by anybody who wrote to the journal."""

    def __init__(
        self,
        spool: Spool,
        store: Store,
        *,
        target: Target = no_target,
        batch_lines: int = 500,
        retry_s: tuple[float, float] = (0.2, 10.0),
        look_s: float = 5.0,
        gather_s: float = 0.25,
    ) -> None:
        """``gather_s``: between two batches, so that a transaction carries many lines; half of a call's cost else."""
        self.spool, self.store, self.target = spool, store, target
        self.batch_lines, self.retry_s, self.look_s, self.gather_s = batch_lines, retry_s, look_s, gather_s
        self.written_n = 0
        self.failures = 0  # in a row; 0 is healthy
        self.failed_total = 0
        self.last_error = ""
        self._thread = ThreadPool(1)
        self._running: dict[AgentId, Activity] = {}
        self._tail: Tail | None = None  # None: look up the cursor first
        self._wake, self._told_to_stop = Event(), Event()

    @property
    def behind_lines(self) -> int:
        return max(0, self.spool.last_n - self.written_n)

    @property
    def is_healthy(self) -> bool:
        return self.failures == 0

    def open(self) -> None:
        """Before the first call: raises DatabaseRefused. A database that is merely unreachable is left to ``run``."""
        try:
            self._in_thread(self.store.open)
            self._in_thread(self.look_up)
        except DatabaseUnavailable as error:
            self.note(error)

    def run(self) -> None:
        while not self._told_to_stop.is_set():
            self._wake.clear()
            pause_s = self.turn()
            if pause_s > 0:
                self._wake.wait(timeout=pause_s)
            if self.behind_lines < self.batch_lines:
                self._told_to_stop.wait(timeout=self.gather_s)

    def turn(self) -> float:
        """One batch. Returns after how many seconds to look again (0: at once); never raises for the database's sake."""
        try:
            lines = self._in_thread(self.write_batch)
        except (DatabaseUnavailable, DatabaseRefused, OSError) as error:
            self._tail = None
            self.note(error)
            return self.pause_s()
        if self.failures:
            log.warning("records: %s is back after %d failures", self.store.name, self.failures)
        self.failures, self.last_error = 0, ""
        self.spool.release(self.written_n)
        return 0.0 if lines else self.look_s

    def wake(self) -> None:
        """Something was written; while the database is failing, the pause is kept."""
        if not self.failures:
            self._wake.set()

    def stop(self, timeout_s: float = 5.0) -> None:
        """Writes what is there if the database takes it in time; what it does not take waits in the journal."""
        self._told_to_stop.set()
        self._wake.set()
        try:
            with Timeout(timeout_s):
                while not self.failures and self.behind_lines and self.turn() == 0.0:
                    pass
                self._in_thread(self.store.close)
                self._thread.kill()
        except Timeout:
            log.error("records: the database did not answer within %.0f s; %d lines wait", timeout_s, self.behind_lines)

    def write_batch(self) -> int:
        """In the thread. Returns how many lines were taken; 0 when there were none."""
        if self._tail is None:
            self.look_up()
        assert self._tail is not None
        lines = list(self._tail.read(self.batch_lines))
        if not lines:
            return 0
        self.note_gap(lines[0])
        batch = batch_of(self.written_n, lines, self._running, self.target)
        self.store.write(batch)
        self._running, self.written_n = dict(batch.running), batch.line
        return len(lines)

    def look_up(self) -> None:
        """In the thread. Where the database stands; it alone knows (a commit may have succeeded though its answer was lost)."""
        written_n, running = self.store.cursor(), self.store.running()
        if written_n > self.spool.last_n:
            log.error("records: the database has line %d, the journal ends at %d: begun anew", written_n, self.spool.last_n)
            self.store.restart_cursor()
            written_n = 0
        self.written_n, self._running = written_n, running
        self._tail = self.spool.tail(written_n)

    def note_gap(self, line: Line) -> None:
        if line.n > self.written_n + 1 and not line.is_snapshot:
            log.error("records: lines %d to %d of the journal are gone", self.written_n + 1, line.n - 1)

    def note(self, error: Exception) -> None:
        self.failures += 1
        self.failed_total += 1
        self.last_error = str(error)
        if self.failures == 1 or self.failures % 60 == 0:
            log.error("records wait in the journal (%d lines behind): %s", self.behind_lines, error)

    def pause_s(self) -> float:
        """Twice as long each time, up to a limit, with jitter so that several writers do not knock together."""
        least, most = self.retry_s
        return float(min(most, least * 2 ** min(self.failures - 1, 16)) * random.uniform(0.5, 1.0))

    def _in_thread(self, work: Callable[[], T]) -> T:
        return self._thread.apply(work)

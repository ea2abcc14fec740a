"""What was decided, on disk, before it is done: an append-only log of record versions, and the records writer's spool.

``write`` is called once for each drain of the mailbox and makes one write(2): what has returned survives kill -9. Fsync
follows in a native thread, as often as the disk allows; nobody waits for it. A disk that is full or broken stops no
decision: lines are kept in memory, ``healthy`` turns False, and every later write tries again. Decides nothing and
reads nothing but at start.
"""

import logging
import os
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path

import gevent
import msgspec
from gevent.event import Event as Flag

from acd.core.decision import Decision, Record
from acd.live.codec import Line, encode_decision, encode_snapshot
from acd.live.disk import Disk, Lock, sync_directory
from acd.live.greenlets import Died, Task, spawn
from acd.live.kept import Kept
from acd.live.segments import SEGMENT, SNAPSHOT, Tail, files, open_directory, path_of, seal

log = logging.getLogger(__name__)

MEMORY_MAX_BYTES = 256 * 1024 * 1024
"""Kept while the disk refuses; beyond it the oldest lines are lost (counted) and a snapshot repairs the rest."""
WRITE_LINES = 4_000
"""At most so many lines in one write(2); more only pile up while the disk refuses."""
SEGMENT_S = 86400.0
"""No segment holds more than a day, so that what is old can go (``acd.live.kept``) in a quiet house too."""
TIDY_S = 600.0


class TakenOver(Exception):
    """Another controller has this journal now: nothing more may be written to it."""


def end_here(why: str) -> None:
    raise TakenOver(why)


class Journal:
    def __init__(
        self,
        directory: Path,
        *,
        segment_lines: int = 50_000,
        segment_bytes: int = 32 * 1024 * 1024,
        memory_bytes: int = MEMORY_MAX_BYTES,
        salvage: bool = False,
        disk: Disk | None = None,
        kept: Kept | None = None,
        lock: Lock | None = None,
        on_taken_over: Callable[[str], None] = end_here,
        observe: Callable[[str, float], None] = lambda what, seconds: None,
    ) -> None:
        """Locks and verifies the directory. Raises AlreadyRunning and DamagedJournal.

        ``observe(what, seconds)`` hears how long each ``write`` and ``sync`` took. Until a records writer has said how
        far it is (``release``), nothing is deleted. ``kept`` takes what would be deleted. ``lock``: the directory's, if it is held
        already. ``on_taken_over`` must not return to a write.
        """
        self.kept = kept or Kept(directory)
        self.directory, self._disk, self._observe = directory, disk or Disk(), observe
        self._segment_lines, self._segment_bytes, self._memory_bytes = segment_lines, segment_bytes, memory_bytes
        self._lock = lock or Lock(directory)
        self._on_taken_over = on_taken_over
        try:
            if self._lock.was_taken_over:
                seal(directory)
            self._opened = open_directory(directory, salvage)
        except BaseException:
            self._lock.close()
            raise
        self.cut_bytes, self.skipped_lines = self._opened.cut_bytes, self._opened.skipped
        self.n = self._opened.last_n
        self.written_n = self.n
        self.released = 0
        self.write_errors = self.sync_errors = self.lost_lines = 0
        self._pending: deque[tuple[int, bytes]] = deque()
        self._pending_bytes = 0
        self._fd = -1
        self._lines = self._bytes = 0
        self._begun_at: float | None = None  # of the segment, by its first decision
        self._last_at = 0.0
        self._outgrown = Flag()
        self._snapshot_n = self._opened.snapshot[0] if self._opened.snapshot else 0
        self._snapshot_wanted = False
        self._dirty, self._retired = Flag(), list[int]()
        self._write_ok = self._sync_ok = True
        self._readers: list[Callable[[], None]] = []
        self._greenlets: list[Task] = []

    # -- start ---

    def recovered(self) -> Iterator[Line]:
        """What a restart puts back, in order: the newest snapshot, then every decision after it."""
        return self._opened.lines()

    def forget(self, at: float) -> None:
        """Nothing is put back, also not by a later start: others went on meanwhile. What is not recorded will be. Raises OSError."""
        why = self._write_snapshot(self.n, at, [])
        if why:
            raise OSError(f"{self.directory}: {why}")
        self._snapshot_n = self.n
        self._opened = open_directory(self.directory)

    def start(self, on_died: Died) -> None:
        self._greenlets.append(spawn("journal-sync", self._sync_forever, on_died=on_died))
        self._greenlets.append(spawn("journal-kept", self._tidy_forever, on_died=on_died))
        self._on_died = on_died

    def on_written(self, wake: Callable[[], None]) -> None:
        """``wake`` is called after each write that reached the file; it must not block."""
        self._readers.append(wake)

    # -- the door ---

    @property
    def was_taken_over(self) -> bool:
        """From a controller that may live on."""
        return self._lock.was_taken_over

    @property
    def healthy(self) -> bool:
        return self._write_ok and self._sync_ok

    @property
    def pending_bytes(self) -> int:
        return self._pending_bytes

    def write(self, decisions: Sequence[Decision]) -> None:
        """Remembers decisions, one line each. Never raises for the disk's sake, never waits for it."""
        for decision in decisions:
            self.n += 1
            self._last_at = decision.event.at
            try:
                self._keep(self.n, encode_decision(self.n, decision))
            except (TypeError, ValueError, msgspec.MsgspecError) as error:
                log.error("decision %d cannot be written: %s", self.n, error, exc_info=error)
                self._lose()
        self.flush()

    def flush(self) -> bool:
        """Writes what is kept in memory; True when nothing is left there."""
        if not self._pending:
            return self._write_ok
        if not self._lock.is_ours:
            self._on_taken_over(f"the journal {self.directory} was taken over by another controller")
        started = time.perf_counter()
        try:
            self._write_pending()
        except OSError as error:
            self._refused(error)
        else:
            self._accepted()
        self._observe("write", time.perf_counter() - started)
        return self._write_ok

    @property
    def last_n(self) -> int:
        """The last decision that can be read."""
        return self.written_n

    def tail(self, after: int) -> Tail:
        return Tail(self.directory, after)

    @property
    def disk_bytes(self) -> int:
        return sum(path.stat().st_size for path in self.directory.glob("*.jsonl"))

    def wants_snapshot(self) -> bool:
        """Whether the segment has grown enough; the controller then calls ``snapshot`` between two decisions."""
        full = self._lines >= self._segment_lines or self._bytes >= self._segment_bytes
        full = full or (self._begun_at is not None and self._last_at - self._begun_at >= SEGMENT_S)
        return (full or self._snapshot_wanted) and self._write_ok

    def snapshot(self, at: float, records: Iterable[Record]) -> None:
        """Starts a new segment and writes ``records``, as they stand after decision ``n``, beside it, in a thread."""
        kept = list(records)
        self._snapshot_wanted = False
        self._retire()
        self._greenlets = [g for g in self._greenlets if not g.dead]
        self._greenlets.append(spawn("journal-snapshot", self._take_snapshot, self.n, at, kept, on_died=self._on_died))

    def release(self, n: int) -> None:
        """The records writer has everything up to decision ``n``: segments before that and the snapshot may go."""
        if n > self.released:
            self.released = n
            self._delete_old()

    def close(self) -> None:
        """Writes and syncs what there is and lets the directory go."""
        self.flush()
        for greenlet in self._greenlets:
            greenlet.kill(timeout=5)
        self._retire()
        while self._retired:
            self._sync_and_close(self._retired.pop())
        self._lock.close()

    # -- writing ---

    def _keep(self, n: int, line: bytes) -> None:
        self._pending.append((n, line))
        self._pending_bytes += len(line)
        while self._pending_bytes > self._memory_bytes and len(self._pending) > 2:
            first = self._pending.popleft()  # it may be half on disk: it stays
            self._pending_bytes -= len(self._pending.popleft()[1])
            self._pending.appendleft(first)
            self._lose()

    def _lose(self) -> None:
        """A gap in the numbers: only a snapshot after it makes a restart possible again."""
        self.lost_lines += 1
        self._snapshot_wanted = True

    def _write_pending(self) -> None:
        if self._fd < 0:
            self._fd = self._disk.append(path_of(self.directory, SEGMENT, self._pending[0][0]))
            self._lines = self._bytes = 0
            self._begun_at = self._last_at
            sync_directory(self.directory)
            self._delete_old()
        while self._pending:
            block = b"".join(line for _, line in islice(self._pending, WRITE_LINES))
            self._forget(self._disk.write(self._fd, block))

    def _forget(self, written: int) -> None:
        """These bytes are in the file; of a line that is there in part, the rest stays to be written."""
        self._bytes += written
        self._pending_bytes -= written
        while self._pending and written >= len(self._pending[0][1]):
            written -= len(self._pending.popleft()[1])
            self._lines += 1
        if written:
            n, line = self._pending[0]
            self._pending[0] = (n, line[written:])

    def _refused(self, error: OSError) -> None:
        self.write_errors += 1
        self.kept.give_up_one()
        if self._write_ok:
            log.error("journal %s cannot be written (%s): decisions stay in memory meanwhile", self.directory, error)
        self._write_ok = False

    def _accepted(self) -> None:
        if not self._write_ok:
            log.warning("journal %s is written again; %d lines were lost", self.directory, self.lost_lines)
        self._write_ok = True
        self.written_n = self.n
        self._dirty.set()
        for wake in self._readers:
            wake()

    # -- syncing ---

    def _retire(self) -> None:
        if self._fd >= 0:
            self._retired.append(self._fd)
            self._fd = -1
            self._lines = self._bytes = 0
            self._begun_at = None
            self._dirty.set()

    def _sync_forever(self) -> None:
        pool = gevent.get_hub().threadpool
        while True:
            self._dirty.wait(timeout=5)
            self._dirty.clear()
            while self._retired:
                fd = self._retired.pop(0)  # the thread's now: it closes it, also when we are told to stop meanwhile
                pool.apply(self._sync_and_close, (fd,))
            if self._fd >= 0:
                self._synced(*pool.apply(self._sync, (os.dup(self._fd),)))

    def _sync_and_close(self, fd: int) -> None:
        try:
            self._disk.sync(fd)
        except OSError:
            self.sync_errors += 1
        finally:
            self._disk.close(fd)

    def _sync(self, fd: int) -> tuple[float, str]:
        """In a native thread: logs nothing, touches nothing of the hub's."""
        started = time.perf_counter()
        try:
            self._disk.sync(fd)
            return time.perf_counter() - started, ""
        except OSError as error:
            return time.perf_counter() - started, str(error)
        finally:
            os.close(fd)

    def _synced(self, took_s: float, why: str) -> None:
        self._observe("sync", took_s)
        if why and self._sync_ok:
            log.error("journal %s cannot be synced: %s", self.directory, why)
        self._sync_ok = not why
        self.sync_errors += bool(why)

    # -- compaction ---

    def _take_snapshot(self, n: int, at: float, records: list[Record]) -> None:
        why = gevent.get_hub().threadpool.apply(self._write_snapshot, (n, at, records))
        if why:
            self.write_errors += 1
            log.error("journal %s: no snapshot after decision %d: %s", self.directory, n, why)
            return
        self._snapshot_n = max(n, self._snapshot_n)
        self._delete_old()

    def _write_snapshot(self, n: int, at: float, records: list[Record]) -> str:
        """In a native thread. Half a snapshot never bears the name of a whole one."""
        path = path_of(self.directory, SNAPSHOT, n)
        half = path.with_suffix(".half")
        try:
            with half.open("wb") as file:
                for i in range(0, max(1, len(records)), 100):
                    file.write(encode_snapshot(n, at, records[i : i + 100]))
                file.flush()
                self._disk.sync(file.fileno())
            half.rename(path)
            sync_directory(self.directory)
        except OSError as error:
            half.unlink(missing_ok=True)
            return str(error)
        return ""

    def _delete_old(self) -> None:
        """A segment may go when it ends before the newest snapshot and the records writer has read it."""
        keep_after = min(self._snapshot_n, self.released)
        segments = files(self.directory, SEGMENT)
        for (_, path), (following, _) in zip(segments, segments[1:], strict=False):
            if following - 1 <= keep_after:
                self._let_go(path)
        for n, path in files(self.directory, SNAPSHOT):
            if n < self._snapshot_n:
                self._let_go(path)

    def _let_go(self, path: Path) -> None:
        self.kept.take(path)
        self._outgrown.set()

    def _tidy_forever(self) -> None:
        while True:
            gevent.get_hub().threadpool.apply(self.kept.tidy)
            self._outgrown.clear()
            self._outgrown.wait(timeout=TIDY_S)

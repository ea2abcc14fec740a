"""The files of a journal: their names, and reading them back. Never writes but to cut a torn tail.

A directory holds ``journal-<first n>.jsonl`` segments and ``snapshot-<n>.jsonl`` files (all live records as they stood
after decision n). The newest snapshot and the lines after it are all that a restart needs; older segments stay until the
records writer has consumed them.
"""

import os
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from acd.live.codec import BadLine, Line, check_line, decode_line, number_of

SEGMENT, SNAPSHOT = "journal-", "snapshot-"


class DamagedJournal(Exception):
    """What lies between two whole lines cannot be read; says the file and the line."""


def path_of(directory: Path, kind: str, n: int) -> Path:
    return directory / f"{kind}{n:015d}.jsonl"


def files(directory: Path, kind: str) -> list[tuple[int, Path]]:
    """(n, path) in order of n; files with other names are not ours."""
    found = []
    for path in directory.glob(f"{kind}*.jsonl"):
        digits = path.name.removeprefix(kind).removesuffix(".jsonl")
        if digits.isdigit():
            found.append((int(digits), path))
    return sorted(found)


def seal(directory: Path) -> None:
    """The last segment becomes a file of its own: what whoever has it open writes from now on is read by nobody."""
    for _, path in files(directory, SEGMENT)[-1:]:
        copy = path.with_suffix(".sealed")
        shutil.copyfile(path, copy)
        os.chmod(copy, 0o600)
        with copy.open("rb+") as file:
            os.fsync(file.fileno())
        copy.rename(path)


def read_journal(directory: Path, after: int = 0) -> Iterator[Line]:
    """Every whole line with n > ``after``, in order, up to what is written now. Safe beside the writer.

    Where the lines just after ``after`` are there no more, the oldest snapshot that stands beyond it comes first. A torn
    last line is not read; a damaged line in the middle is passed over here (it is refused where the journal is opened).
    """
    yield from Tail(directory, after).read()


class Tail:
    """A reader that remembers where it was: each ``read`` goes on from there."""

    def __init__(self, directory: Path, after: int = 0) -> None:
        self.directory = directory
        self.after = after
        self._segment: int | None = None
        self._offset = 0

    def read(self, limit: int | None = None) -> Iterator[Line]:
        """At most ``limit`` decisions, of those that are whole now (a snapshot comes entire); ``after`` follows."""
        given = 0
        for line in self._lines():
            yield line
            given += not line.is_snapshot
            if limit is not None and given >= limit:
                return

    def _lines(self) -> Iterator[Line]:
        if self._segment is None:
            yield from self._from_snapshot()
        while (segment := self._find()) is not None:
            # Looked up before reading: nothing is added to a segment once its successor is there.
            following = [n for n, _ in files(self.directory, SEGMENT) if n > segment[0]]
            yield from self._from_segment(*segment)
            if not following:
                return
            self._segment, self._offset = following[0], 0

    def _find(self) -> tuple[int, Path] | None:
        segments = files(self.directory, SEGMENT)
        if self._segment is None:
            older = [s for s in segments if s[0] <= self.after + 1]
            segments = older[-1:] or segments
        else:
            segments = [s for s in segments if s[0] >= self._segment]
        if not segments:
            return None
        if segments[0][0] != self._segment:
            self._segment, self._offset = segments[0][0], 0
        return segments[0]

    def _from_snapshot(self) -> Iterator[Line]:
        segments = files(self.directory, SEGMENT)
        if segments and segments[0][0] <= self.after + 1:
            return
        for n, path in files(self.directory, SNAPSHOT):
            if n > self.after:
                yield from (decode_line(raw) for raw in path.open("rb"))
                self.after = n
                return

    def _from_segment(self, n: int, path: Path) -> Iterator[Line]:
        with path.open("rb") as file:
            file.seek(self._offset)
            for raw in file:
                if not raw.endswith(b"\n"):
                    return
                self._offset += len(raw)
                try:
                    line = decode_line(raw)
                except BadLine:
                    continue
                if line.n > self.after:
                    self.after = line.n
                    yield line


@dataclass(slots=True, kw_only=True)
class Opened:
    """What a restart found: the snapshot's and the later lines' files, verified, and the last decision's number."""

    snapshot: tuple[int, Path] | None
    segments: list[tuple[int, Path]]
    last_n: int
    cut_bytes: int = 0
    skipped: int = 0

    def lines(self) -> Iterator[Line]:
        """Snapshot first, then every decision after it."""
        start = 0
        if self.snapshot is not None:
            start = self.snapshot[0]
            yield from (decode_line(raw) for raw in self.snapshot[1].open("rb"))
        for _, path in self.segments:
            for raw in path.open("rb"):
                try:
                    line = decode_line(raw)
                except BadLine:
                    continue  # only after --salvage
                if line.n > start:
                    yield line


def open_directory(directory: Path, salvage: bool = False) -> Opened:
    """Verifies what a restart needs and cuts a torn tail. Raises DamagedJournal (unless ``salvage``)."""
    for half in (*directory.glob("*.half"), *directory.glob("*.sealed")):
        half.unlink()
    snapshot = _newest_whole(directory, salvage)
    start = snapshot[0] if snapshot else 0
    segments = _needed(files(directory, SEGMENT), start)
    if segments and segments[0][0] > start + 1 and not salvage:
        raise DamagedJournal(
            f"{directory}: decisions {start + 1} to {segments[0][0] - 1} are missing (no file holds them); "
            f"--salvage goes on without them"
        )
    opened = Opened(snapshot=snapshot, segments=segments, last_n=start)
    for i, (_, path) in enumerate(segments):
        _verify(path, opened, salvage, is_last=i == len(segments) - 1)
    return opened


def _needed(segments: list[tuple[int, Path]], start: int) -> list[tuple[int, Path]]:
    first = max((n for n, _ in segments if n <= start + 1), default=0)
    return [(n, path) for n, path in segments if n >= first]


def _newest_whole(directory: Path, salvage: bool) -> tuple[int, Path] | None:
    for n, path in reversed(files(directory, SNAPSHOT)):
        try:
            for raw in path.open("rb"):
                check_line(raw)
            return n, path
        except BadLine as why:
            if not salvage:
                raise DamagedJournal(f"{path}: {why}; --salvage starts from an older snapshot, if any") from None
    return None


def _verify(path: Path, opened: Opened, salvage: bool, is_last: bool) -> None:
    """Follows the sequence numbers through one segment; cuts the tail of the last one."""
    offset, bad_at, bad_line, why = 0, -1, 0, ""
    for number, raw in enumerate(path.open("rb"), 1):
        try:
            n = number_of(raw)
            if bad_at >= 0:
                _refuse(path, bad_line, why, salvage, opened)
                bad_at = -1
            if n > opened.last_n + 1:
                _refuse(path, number, f"decision {n} follows {opened.last_n}", salvage, opened)
            opened.last_n = max(n, opened.last_n)
        except BadLine as error:
            if bad_at < 0:
                bad_at, bad_line, why = offset, number, str(error)
        offset += len(raw)
    if bad_at < 0:
        return
    if not is_last:
        _refuse(path, bad_line, why, salvage, opened)
        return
    opened.cut_bytes = offset - bad_at
    os.truncate(path, bad_at)


def _refuse(path: Path, number: int, why: str, salvage: bool, opened: Opened) -> None:
    if not salvage:
        raise DamagedJournal(f"{path}:{number}: {why}; --salvage goes on without this line")
    opened.skipped += 1

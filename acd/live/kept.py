"""What the journal is done with, kept for a while: ``acd replay`` lives those hours again.

A file is moved in here instead of being deleted, which needs no room and no time; it is packed later, in a native thread. What is too
old goes, then the oldest of what is too much. Nothing here may cost the journal anything: a disk that is nearly full, or refuses the
journal's writes, takes from here first, and a file that cannot be kept is deleted as if nobody had asked (FAULTS.md F28).
"""

import gzip
import logging
import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from acd.live.codec import BadLine, Line, decode_line
from acd.live.segments import SEGMENT, SNAPSHOT, files

log = logging.getLogger(__name__)

FOLDER = "kept"
FREE_LEAST = 512 * 1024 * 1024
"""So much of the disk stays free of what is kept here."""
PACKED = ".gz"
CHUNK = 256 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """How long, and how much of it. ``keep_s`` 0: nothing."""

    keep_s: float = 2 * 86400.0
    most_bytes: int = 1000 * 1024 * 1024


NOTHING = Keeping(keep_s=0.0)


class Kept:
    def __init__(
        self,
        journal: Path,
        keeping: Keeping = NOTHING,
        *,
        now: Callable[[], float] = time.time,
        free: Callable[[Path], int] = lambda folder: shutil.disk_usage(folder).free,
    ) -> None:
        self.folder, self.keeping = journal / FOLDER, keeping
        self._now, self._free = now, free

    def take(self, path: Path) -> None:
        """A file of the journal that nobody needs any more. Never raises."""
        try:
            if self.keeping.keep_s > 0:
                self.folder.mkdir(mode=0o700, exist_ok=True)
                path.rename(self.folder / path.name)
                return
        except OSError as error:
            log.warning("%s is not kept: %s", path, error)
        path.unlink(missing_ok=True)

    def give_up_one(self) -> None:
        """The disk is full: the oldest goes at once. Never raises."""
        oldest = next(iter(self._all()), None)
        if oldest is not None:
            log.warning("the disk is full: %s is not kept any longer", oldest)
            _forget(oldest)

    def tidy(self) -> None:
        """Packs and deletes, in a native thread. Never raises for the disk's sake."""
        try:
            self._purge()
            for path in self._all():
                if path.suffix != PACKED and self._has_room():
                    _pack(path)
            self._purge()
        except OSError as error:
            log.warning("what is kept of the journal in %s cannot be tidied: %s", self.folder, error)

    def _purge(self) -> None:
        for half in self.folder.glob("*.half"):
            half.unlink(missing_ok=True)
        held = [(path, *_seen(path)) for path in self._all()]
        total = sum(size for _, size, _ in held)
        for path, size, written_at in held:
            is_old = self.keeping.keep_s <= 0 or written_at < self._now() - self.keeping.keep_s
            if is_old or total > self.keeping.most_bytes or not self._has_room():
                _forget(path)
                total -= size

    def _has_room(self) -> bool:
        return not self.folder.is_dir() or self._free(self.folder) >= FREE_LEAST

    def _all(self) -> list[Path]:
        """Oldest first: by the decision that the name tells, not by the kind of file."""
        found = [path for path in self.folder.glob("*.jsonl*") if path.name.endswith((".jsonl", ".jsonl" + PACKED))]
        return sorted(found, key=lambda path: (path.name.partition("-")[2], path.name))


def _seen(path: Path) -> tuple[int, float]:
    try:
        stat = path.stat()
    except FileNotFoundError:
        return 0, 0.0
    return stat.st_size, stat.st_mtime


def _forget(path: Path) -> None:
    try:
        path.unlink(missing_ok=True)
    except OSError as error:
        log.error("%s cannot be deleted: %s", path, error)


def _pack(path: Path) -> None:
    """Whole under its new name, or not at all. It counts as old as what is in it."""
    half, written_at = path.with_suffix(".half"), path.stat().st_mtime
    try:
        with (
            path.open("rb") as raw,
            half.open("wb") as into,
            gzip.GzipFile(fileobj=into, mode="wb", compresslevel=3, mtime=0) as packed,
        ):
            shutil.copyfileobj(raw, packed, CHUNK)
        os.chmod(half, 0o600)
        os.utime(half, (written_at, written_at))
        half.rename(path.with_name(path.name + PACKED))
    except BaseException:
        half.unlink(missing_ok=True)
        raise
    path.unlink(missing_ok=True)


# -- reading it ------------------------------------------------------------------------------------------------------------


def lines_since(journal: Path, since: float) -> Iterator[Line]:
    """The newest snapshot from before ``since``, where one is kept, and every decision after it, up to now. Safe beside a controller.

    Without such a snapshot it begins with the oldest one, or with the oldest decision that is there.
    """
    first = _start(journal, since)
    after = -1
    if first is not None:
        after = first
        yield from _read(journal, SNAPSHOT, first)
    for n in _numbers(journal, SEGMENT, after):
        for line in _read(journal, SEGMENT, n):
            if line.n > after:
                after = line.n
                yield line


def _start(journal: Path, since: float) -> int | None:
    best: int | None = None
    for n in _numbers(journal, SNAPSHOT, -1):
        line = next(_read(journal, SNAPSHOT, n), None)
        if line is None:
            continue
        if best is None or line.at <= since:
            best = n
        if line.at > since:
            break
    segments = _numbers(journal, SEGMENT, -1)
    if best is not None and segments and segments[0] <= best:
        line = next(_read(journal, SNAPSHOT, best), None)
        if line is not None and line.at > since:
            return None  # the decisions before the oldest snapshot are there too
    return best


def _numbers(journal: Path, kind: str, after: int) -> list[int]:
    """Of the files that may hold something after decision ``after``: a segment goes on until the next one begins."""
    kept = journal / FOLDER
    found = {n for folder in (journal, kept) for n, _ in files(folder, kind)}
    found |= {
        int(digits) for path in kept.glob(f"{kind}*.jsonl{PACKED}") if (digits := path.name[len(kind) :].partition(".")[0]).isdigit()
    }
    ordered = sorted(found)
    return [n for n, following in zip(ordered, [*ordered[1:], None], strict=False) if following is None or following - 1 > after]


def _read(journal: Path, kind: str, n: int) -> Iterator[Line]:
    """Whole lines. It may be moved and packed while we look for it, so every place is looked at again."""
    name = f"{kind}{n:015d}.jsonl"
    places = [journal / name, journal / FOLDER / name, journal / FOLDER / (name + PACKED)]
    for path in (*places, *places):
        try:
            file = gzip.open(path) if path.suffix == PACKED else path.open("rb")  # noqa: SIM115
        except FileNotFoundError:
            continue
        with file:
            for raw in file:
                try:
                    yield decode_line(raw)
                except BadLine:
                    continue  # the torn end of what is being written, or what --salvage has passed over
        return

"""The journal as the records writer sees it: a spool on disk that is read behind and let go of."""

from acd.live.journal import Journal
from acd.live.segments import Tail


class JournalSpool:
    def __init__(self, journal: Journal) -> None:
        self._journal = journal

    @property
    def last_n(self) -> int:
        return self._journal.written_n

    def tail(self, after: int) -> Tail:
        return Tail(self._journal.directory, after)

    def release(self, n: int) -> None:
        self._journal.release(n)

    @property
    def bytes(self) -> int:
        """What stands on the disk: it grows while the database is away."""
        return sum(path.stat().st_size for path in self._journal.directory.glob("*.jsonl") if path.exists())

"""Who was told of which message, on disk, so that a restart neither forgets nor repeats. A small SQLite file; blocking: for a
thread, never the hub. Holds ids only.
"""

import os
import sqlite3
from collections.abc import Iterable, Mapping
from pathlib import Path

Way = tuple[str, str]
"""A mailbox and how its people are told: ``webhook`` or ``email``."""

TABLES = """
CREATE TABLE IF NOT EXISTS told (message TEXT, way TEXT, at REAL, PRIMARY KEY (message, way)) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS watched (mailbox TEXT, way TEXT, since REAL, PRIMARY KEY (mailbox, way)) WITHOUT ROWID;
"""


class Outbox:
    """Every method raises sqlite3.Error or OSError when the disk does not do it."""

    def __init__(self, file: Path) -> None:
        self._file = file

    def watch(self, ways: Iterable[Way], now: float) -> Mapping[Way, float]:
        """Since when each way is there; what was left before that is nobody's news. A way that went away is forgotten."""
        wanted = set(ways)
        with self._open() as db:
            for gone in {(mailbox, way) for mailbox, way in db.execute("SELECT mailbox, way FROM watched")} - wanted:
                db.execute("DELETE FROM watched WHERE mailbox = ? AND way = ?", gone)
            db.executemany("INSERT OR IGNORE INTO watched VALUES (?, ?, ?)", [(*way, now) for way in wanted])
            return {(mailbox, way): since for mailbox, way, since in db.execute("SELECT mailbox, way, since FROM watched")}

    def told(self) -> frozenset[tuple[str, str]]:
        with self._open() as db:
            return frozenset((message, way) for message, way in db.execute("SELECT message, way FROM told"))

    def tell(self, message: str, way: str, now: float, keep_s: float) -> None:
        with self._open() as db:
            db.execute("INSERT OR REPLACE INTO told VALUES (?, ?, ?)", (message, way, now))
            db.execute("DELETE FROM told WHERE at < ?", (now - keep_s,))

    def _open(self) -> "_Closing":
        self._file.parent.mkdir(parents=True, exist_ok=True)
        if not self._file.exists():
            os.close(os.open(self._file, os.O_CREAT | os.O_WRONLY, 0o600))
        connection = sqlite3.connect(self._file, timeout=5.0)
        connection.executescript(TABLES)
        return _Closing(connection)


class _Closing:
    """A transaction that closes its connection with it."""

    def __init__(self, connection: sqlite3.Connection) -> None:
        self._connection = connection

    def __enter__(self) -> sqlite3.Connection:
        return self._connection

    def __exit__(self, kind: type[BaseException] | None, *_: object) -> None:
        try:
            self._connection.commit() if kind is None else self._connection.rollback()
        finally:
            self._connection.close()

"""The SQLite file itself: made whole or not at all, opened for durable writing, refused when damaged."""

import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

from acd.records.upgrade import DatabaseRefused


def connect_file(path: str, lock_timeout_s: float) -> sqlite3.Connection:
    """Never creates a file. ``synchronous=FULL``: the journal lets go of its lines once we say that rows are kept."""
    uri = f"{Path(path).absolute().as_uri()}?mode=rw"
    connection = sqlite3.connect(uri, uri=True, timeout=lock_timeout_s, isolation_level=None, check_same_thread=False)
    try:
        connection.execute("PRAGMA synchronous=FULL")
        connection.execute("PRAGMA journal_mode=WAL")
    except sqlite3.Error:
        connection.close()
        raise
    return connection


def create_file(path: str, fill: Callable[[str], None]) -> None:
    """A new database gets its name only when it is complete: what stands under the name was once a database of ours."""
    if os.path.exists(path):
        return
    Path(path).absolute().parent.mkdir(parents=True, exist_ok=True)
    unfinished = f"{path}.new"
    for leftover in (unfinished, f"{unfinished}-wal", f"{unfinished}-shm"):
        Path(leftover).unlink(missing_ok=True)
    os.close(os.open(unfinished, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))  # callers' numbers are nobody else's business
    fill(unfinished)
    os.rename(unfinished, path)


def refuse_damaged(path: str, name: str) -> None:
    """Raises DatabaseRefused unless the file is a whole SQLite database that holds tables."""
    if os.path.getsize(path) == 0:
        raise DatabaseRefused(f"{name} is damaged: the file is empty; restore it from a backup, or remove it to begin anew")
    connection = sqlite3.connect(f"{Path(path).absolute().as_uri()}?mode=ro", uri=True, timeout=5.0)
    try:
        found = connection.execute("PRAGMA quick_check(1)").fetchone()[0]
        tables = connection.execute("SELECT count(*) FROM sqlite_master").fetchone()[0]
    except sqlite3.OperationalError:
        raise  # locked or unreachable: that may pass
    except sqlite3.DatabaseError as error:
        raise DatabaseRefused(f"{name} is damaged ({error}); restore it from a backup") from None
    finally:
        connection.close()
    if found != "ok" or not tables:
        why = str(found).splitlines()[-1] if found != "ok" else "it holds no tables"
        raise DatabaseRefused(f"{name} is damaged ({why}); restore it from a backup")

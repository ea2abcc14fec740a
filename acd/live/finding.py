"""Rows of other people's databases, read for a flow: never written, never waited for without end, never in the hub's own thread.

Names of tables and columns come from the flow's file, where they were checked; values only ever go as bound parameters, without
a type, so that the database compares them with its column's. Each look-up has a connection of its own, in a thread of its own.
"""

import sqlite3
import time
from collections.abc import Mapping, Sequence
from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

from gevent.threadpool import ThreadPool
from sqlalchemy import Engine, NullPool, bindparam, column, create_engine, make_url, select, table
from sqlalchemy.exc import ArgumentError, DataError, SQLAlchemyError
from sqlalchemy.types import NullType

from acd.live.http_calls import NotDone

TIMEOUT_S = 5.0
MOST_ROWS = 2
Rows = list[dict[str, str]]
LOOK_EVERY = 10_000
"""Steps of SQLite's machine between two looks at the clock."""


class Databases:
    """``urls`` by the names that flows use. A look-up that is given up goes on in its thread until the database ends it."""

    def __init__(self, urls: Mapping[str, str], *, timeout_s: float = TIMEOUT_S, threads: int = 8) -> None:
        self._timeout_s, self._threads = timeout_s, ThreadPool(threads)
        self._engines = {name: engine(url, timeout_s) for name, url in urls.items()}

    def find(self, source: str, name: str, where: Mapping[str, str], columns: Sequence[str]) -> Sequence[Mapping[str, str]]:
        """Up to two rows, as texts. Raises NotDone."""
        found = self._engines.get(source)
        if found is None:
            raise NotDone("failed", f"there is no database {source!r} any more")
        rows: Rows | NotDone = self._threads.apply(_told, (found, name, where, columns))
        if isinstance(rows, NotDone):
            raise rows
        return rows

    def close(self) -> None:
        self._threads.kill()


def _told(engine: Engine, name: str, where: Mapping[str, str], columns: Sequence[str]) -> Rows | NotDone:
    """A thread prints what is raised in it, with all that stood in the statement; so nothing is."""
    try:
        return looked_up(engine, name, where, columns)
    except NotDone as why:
        return why
    except Exception as error:
        return NotDone("failed", type(error).__name__)


def looked_up(engine: Engine, name: str, where: Mapping[str, str], columns: Sequence[str]) -> Rows:
    """In a thread. Raises NotDone, whose text has none of the values in it."""
    schema, _, bare = name.rpartition(".")
    there = table(bare, *(column(one) for one in {*where, *columns}), schema=schema or None)
    query = select(*(there.c[one] for one in dict.fromkeys(columns))).limit(MOST_ROWS)
    for one, value in where.items():
        query = query.where(there.c[one] == bindparam(None, value.replace("\0", ""), type_=NullType()))
    try:
        with engine.connect() as connection:
            return [{key: as_text(value) for key, value in row.items()} for row in connection.execute(query).mappings()]
    except DataError:
        return []  # a text where the column holds numbers: there is no such row
    except (SQLAlchemyError, sqlite3.Error, OSError) as error:
        said = getattr(error, "orig", None) or error
        raise NotDone("failed", type(said).__name__) from None


def as_text(value: Any) -> str:
    if value is None or isinstance(value, bytes | memoryview):
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float | Decimal):
        return f"{value:f}".rstrip("0").rstrip(".") if value % 1 else f"{value:.0f}"
    return value.isoformat() if isinstance(value, date | datetime) else str(value)


def engine(url: str, timeout_s: float) -> Engine:
    """Read only, with a deadline for each statement. Connects to nothing yet. Raises ValueError."""
    try:
        found = make_url(url)
    except ArgumentError:
        raise ValueError("not the URL of a database") from None
    if found.get_backend_name() == "sqlite":
        path = found.database or ""
        return create_engine("sqlite://", creator=lambda: sqlite_connection(path, timeout_s), poolclass=NullPool)
    options = f"-c default_transaction_read_only=on -c statement_timeout={int(timeout_s * 1000)}"
    arguments = {"connect_timeout": max(2, int(timeout_s)), "application_name": "acd lookup", "options": options}
    return create_engine(found.set(drivername="postgresql+psycopg"), poolclass=NullPool, connect_args=arguments)


def sqlite_connection(path: str, timeout_s: float) -> sqlite3.Connection:
    """A file that is there, never written, and interrupted when its time is over."""
    uri = f"{Path(path).absolute().as_uri()}?mode=ro"
    connection = sqlite3.connect(uri, uri=True, timeout=timeout_s / 2, check_same_thread=False)
    until = time.monotonic() + timeout_s
    connection.set_progress_handler(lambda: time.monotonic() > until, LOOK_EVERY)
    return connection

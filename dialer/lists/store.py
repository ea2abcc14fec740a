"""The database of the leads, blocking: to be used from one thread, never from the hub. Each use is one transaction.

On SQLite a transaction begins with the right to write (BEGIN IMMEDIATE), so two processes take turns; on PostgreSQL rows are locked.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sqlalchemy import Connection, make_url
from sqlalchemy.exc import DBAPIError

from acd.records.sqlite_file import create_file, refuse_damaged
from acd.records.store import DatabaseUnavailable, engine_of, first_line, sqlite_engine, upgrade_with
from acd.records.upgrade import Chain, DatabaseRefused
from dialer.lists.schema import VERSION_TABLE, metadata

LEADS = Chain(metadata=metadata, migrations=Path(__file__).with_name("migrations"), version_table=VERSION_TABLE)


class LeadStore:
    """``open`` raises DatabaseRefused for what will not pass; everything raises DatabaseUnavailable for what may."""

    def __init__(self, url: str, *, statement_timeout_s: float = 20.0, lock_timeout_s: float = 5.0) -> None:
        self.url = make_url(url)
        self.name = f"database {self.url.render_as_string(hide_password=True)}"
        if self.url.get_backend_name() not in ("sqlite", "postgresql"):
            raise DatabaseRefused(f"{self.name}: allowed are sqlite:///FILE and postgresql://…")
        self._engine = engine_of(self.url, statement_timeout_s, lock_timeout_s)
        self._connection: Connection | None = None

    def open(self) -> "LeadStore":
        with self._trying():
            if self.url.get_backend_name() == "sqlite":
                path = self.url.database or ""
                create_file(path, lambda new: upgrade_with(sqlite_engine(self.url.set(database=new), 5.0), self.name, LEADS))
                refuse_damaged(path, self.name)
            upgrade_with(self._engine, self.name, LEADS)
        return self

    @contextmanager
    def begin(self) -> Iterator[Connection]:
        """One transaction: all of it or nothing. After a failure the connection is thrown away."""
        with self._trying():
            if self._connection is None:
                self._connection = self._engine.connect()
            with self._connection.begin():
                yield self._connection

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            connection.close()

    @contextmanager
    def _trying(self) -> Iterator[None]:
        try:
            yield
        except (DBAPIError, sqlite3.Error) as error:
            self.close()
            raise DatabaseUnavailable(f"{self.name}: {first_line(error)}") from error

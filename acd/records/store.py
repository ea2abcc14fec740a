"""One connection to the database of records, blocking: to be used from one thread only, never from the hub.

Says ``DatabaseUnavailable`` for what may pass (down, slow, locked, full) and ``DatabaseRefused`` for what will not. Every
statement has a deadline. After any failure the connection is thrown away; the next use makes a new one.
"""

import logging
import sqlite3
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any, TypeVar

from sqlalchemy import Connection, Engine, NullPool, Table, create_engine, event, make_url, select, text, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.exc import DataError, DBAPIError, IntegrityError, SQLAlchemyError

from acd.records.activities import Activity
from acd.records.batch import Batch, rejection
from acd.records.rows import Row
from acd.records.schema import agent_activities, journal_cursor, metadata
from acd.records.sqlite_file import connect_file, create_file, refuse_damaged
from acd.records.upgrade import RECORDS, Chain, DatabaseRefused, upgrade
from acd.words import AgentId, OfferId

log = logging.getLogger("acd.records")

T = TypeVar("T")
CURSOR = "records"
"""The name of a journal in ``journal_cursor``, where there is only one."""
UNTAKEABLE = (DataError, IntegrityError, OverflowError, ValueError, TypeError)
"""A row with one of these will be refused for ever: trying again helps nobody."""


class DatabaseUnavailable(Exception):
    """Not now: down, slow, locked or full."""


class Store:
    def __init__(self, url: str, *, statement_timeout_s: float = 20.0, lock_timeout_s: float = 5.0, journal: str = CURSOR) -> None:
        """``journal``: whose lines the cursor counts; several homes may write into one database, one at a time."""
        self.url = make_url(url)
        if self.url.get_backend_name() not in ("sqlite", "postgresql"):
            raise DatabaseRefused(f"database {self.name}: allowed are sqlite:///FILE and postgresql://…")
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.rejected, self.journal = 0, journal
        self._engine = engine_of(self.url, statement_timeout_s, lock_timeout_s)
        self._connection: Connection | None = None
        self._upgraded = False
        self._upserts: dict[str, Any] = {}

    @property
    def name(self) -> str:
        """How it is called in messages: without the password."""
        return f"database {make_url(self.url).render_as_string(hide_password=True)}"

    def open(self) -> None:
        """Connects, checks, brings the schema up to date. Raises DatabaseRefused or DatabaseUnavailable."""
        with self.trying():
            self.connection()

    def close(self) -> None:
        connection, self._connection = self._connection, None
        if connection is not None:
            try:
                connection.close()
            except (SQLAlchemyError, sqlite3.Error) as error:
                log.debug("closing %s: %s", self.name, error)

    def cursor(self) -> int:
        """The last line of the journal that is in the database; 0 when there is none."""
        with self.trying(), self.connection().begin():
            found = self.connection().scalar(select(journal_cursor.c.line).where(journal_cursor.c.name == self.journal))
            return int(found or 0)

    def running(self) -> dict[AgentId, Activity]:
        """The open stretch of every agent."""
        open_ones = select(agent_activities).where(agent_activities.c.until.is_(None)).order_by(agent_activities.c.since)
        with self.trying(), self.connection().begin():
            rows = self.connection().execute(open_ones).mappings().all()
        return {AgentId(row["agent"]): activity_of(dict(row)) for row in rows}

    def write(self, batch: Batch) -> None:
        """Rows and cursor in one transaction: all of it or nothing. Rows that would be refused for ever are set aside."""
        with self.trying():
            try:
                self.write_all(batch)
            except UNTAKEABLE as error:
                log.error("%s would not take a batch (%s): row by row", self.name, first_line(error))
                self.write_one_by_one(batch)

    def write_all(self, batch: Batch) -> None:
        with self.connection().begin():
            for table, rows in batch.rows.items():
                self.connection().execute(self.upsert(table), list(rows.values()))
            self.move_cursor(batch)

    def write_one_by_one(self, batch: Batch) -> None:
        connection = self.connection()
        with connection.begin():
            for name, rows in batch.rows.items():
                for row in rows.values():
                    self.write_or_reject(connection, name, row, batch.line)
            self.move_cursor(batch)

    def write_or_reject(self, connection: Connection, name: str, row: Row, line: int) -> None:
        try:
            with connection.begin_nested():
                connection.execute(self.upsert(name), [row])
        except UNTAKEABLE as error:
            self.rejected += 1
            log.error("row %s of %s set aside in rejected_rows: %s", row["id"], name, first_line(error))
            aside = rejection(line, name, str(row["id"]), first_line(error), row)
            connection.execute(self.upsert("rejected_rows"), [aside])

    def move_cursor(self, batch: Batch) -> None:
        """Only from where the batch stands: a second writer, or a commit whose answer was lost, is noticed."""
        values = {"line": batch.line, "written_at": time.time()}
        moved = self.connection().execute(
            update(journal_cursor).where(journal_cursor.c.name == self.journal, journal_cursor.c.line == batch.after).values(values)
        )
        if moved.rowcount == 1:
            return
        found = self.connection().scalar(select(journal_cursor.c.line).where(journal_cursor.c.name == self.journal))
        if found is not None or batch.after != 0:
            raise DatabaseUnavailable(f"{self.name}: the cursor is at line {found}, not {batch.after}; reading again from there")
        self.connection().execute(journal_cursor.insert().values(name=self.journal, **values))

    def restart_cursor(self) -> None:
        """The journal was begun anew (its lines count from 1 again)."""
        with self.trying(), self.connection().begin():
            self.connection().execute(update(journal_cursor).where(journal_cursor.c.name == self.journal).values(line=0))

    def upsert(self, name: str) -> Any:
        """Made once for each table: making it costs more than running it."""
        if name not in self._upserts:
            self._upserts[name] = self._upsert(metadata.tables[name])
        return self._upserts[name]

    def _upsert(self, table: Table) -> Any:
        insert = sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)
        ours = [column.name for column in table.columns if not column.primary_key and "kept" not in column.info]
        others = {name: insert.excluded[name] for name in ours}
        return insert.on_conflict_do_update(index_elements=["id"], set_=others)

    def connection(self) -> Connection:
        if self._connection is None:
            if not self._upgraded:
                self.upgrade()
            self._connection = self._engine.connect()
        return self._connection

    def upgrade(self) -> None:
        if self.is_sqlite:
            create_file(self.url.database or "", self.fill_file)
            refuse_damaged(self.url.database or "", self.name)
        upgrade_with(self._engine, self.name)
        self._upgraded = True

    def fill_file(self, path: str) -> None:
        upgrade_with(sqlite_engine(self.url.set(database=path), 5.0), self.name)

    @contextmanager
    def trying(self) -> Iterator[None]:
        try:
            yield
        except DatabaseRefused:
            self.close()
            raise
        except (DBAPIError, sqlite3.Error, OSError, DatabaseUnavailable) as error:
            self.close()
            raise DatabaseUnavailable(f"{self.name}: {first_line(error)}") from error
        except BaseException:
            self.close()
            raise


def first_line(error: BaseException) -> str:
    """What the driver said, without the statement and its parameters: they hold names and numbers of callers."""
    cause = error.orig if isinstance(error, DBAPIError) and error.orig is not None else error
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0][:300]


def activity_of(row: Row) -> Activity:
    return Activity(
        agent=AgentId(row["agent"]),
        state=row["state"],
        since=row["since"],
        reason=row["reason"],
        by=row["asked_by"] or "",
        offer=OfferId(row["offer"]) if row["offer"] else None,
    )


def upgrade_with(engine: Engine, name: str, chain: Chain = RECORDS) -> None:
    with engine.begin() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(hashtext('acd schema'))"))
        upgrade(connection, name, chain)


def engine_of(url: Any, statement_timeout_s: float = 20.0, lock_timeout_s: float = 5.0) -> Engine:
    if url.get_backend_name() == "sqlite":
        return sqlite_engine(url, lock_timeout_s)
    return postgresql_engine(url, statement_timeout_s, lock_timeout_s)


def sqlite_engine(url: Any, lock_timeout_s: float) -> Engine:
    path = url.database or ""
    creator: Callable[[], sqlite3.Connection] = lambda: connect_file(path, lock_timeout_s)  # noqa: E731
    engine = create_engine("sqlite://", creator=creator, poolclass=NullPool)
    # the driver begins no transaction by itself (see connect_file), so that schema changes are all or nothing too
    event.listen(engine, "begin", lambda connection: connection.exec_driver_sql("BEGIN IMMEDIATE"))
    return engine


def postgresql_engine(url: Any, statement_timeout_s: float, lock_timeout_s: float) -> Engine:
    settings = {
        "statement_timeout": int(statement_timeout_s * 1000),
        "lock_timeout": int(lock_timeout_s * 1000),
        "idle_in_transaction_session_timeout": 60_000,
    }
    arguments = {
        "connect_timeout": 5,
        "tcp_user_timeout": 10_000,
        "keepalives_idle": 10,
        "application_name": "acd records",
        "options": " ".join(f"-c {name}={value}" for name, value in settings.items()),
    }
    return create_engine(url.set(drivername="postgresql+psycopg"), poolclass=NullPool, connect_args=arguments)

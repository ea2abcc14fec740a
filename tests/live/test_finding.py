"""Rows of other people's databases: read only, parameters only, in time, on SQLite and PostgreSQL."""

import sqlite3
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest
from sqlalchemy import NullPool, create_engine, make_url, text

from acd.core.commands import Find
from acd.live import finding
from acd.live.finding import Databases, as_text
from acd.live.http_calls import NotDone
from acd.words import LegId, PlayId
from tests.live.test_errands import House
from tests.records.conftest import cluster, url

__all__ = ["cluster", "url"]
ROWS = (
    "CREATE TABLE customers (id INTEGER, name TEXT, due NUMERIC(10, 2), since DATE)",
    "INSERT INTO customers VALUES (1, 'Ada', 12.50, '2026-01-31'), (2, 'Ben', NULL, NULL), (3, 'Cy', 3, NULL), (3, 'Di', 4, NULL)",
)


@pytest.fixture
def databases(url: str) -> Iterator[Databases]:
    found = make_url(url)
    if found.get_backend_name() == "postgresql":
        found = found.set(drivername="postgresql+psycopg")
    with create_engine(found, poolclass=NullPool).begin() as connection:
        for statement in ROWS:
            connection.execute(text(statement))
    made = Databases({"crm": url})
    yield made
    made.close()


def test_given_a_row_when_found_then_its_values_are_texts(databases: Databases) -> None:
    (row,) = databases.find("crm", "customers", {"id": "1"}, ["name", "due", "since", "name"])
    assert dict(row) == {"name": "Ada", "due": "12.5", "since": "2026-01-31"}
    assert dict(databases.find("crm", "customers", {"id": "2"}, ["due", "since"])[0]) == {"due": "", "since": ""}


def test_given_several_rows_when_found_then_two_are_enough_to_know(databases: Databases) -> None:
    assert len(databases.find("crm", "customers", {"id": "3"}, ["name"])) == 2
    assert len(databases.find("crm", "customers", {"id": "3", "name": "Di"}, ["name"])) == 1


@pytest.mark.parametrize("value", ["4", "x", "", "1 OR 1=1", "1; DROP TABLE customers", "'", "1\0", "9" * 50, "é"])
def test_given_a_value_that_is_no_key_when_looked_up_then_there_is_no_row_and_no_harm(databases: Databases, value: str) -> None:
    found = databases.find("crm", "customers", {"id": value}, ["name"])
    assert [dict(row) for row in found] == ([{"name": "Ada"}] if value == "1\0" else [])
    assert len(databases.find("crm", "customers", {"id": "1"}, ["name"])) == 1


@pytest.mark.parametrize(("table", "column"), [("nobody", "name"), ("customers", "Nothing"), ("other.customers", "name")])
def test_given_no_such_table_or_column_when_looked_up_then_it_failed_and_says_nothing_of_the_value(
    databases: Databases, table: str, column: str
) -> None:
    with pytest.raises(NotDone) as why:
        databases.find("crm", table, {"id": "4711"}, [column])
    assert why.value.why == "failed" and "4711" not in str(why.value)


def test_given_a_database_when_anything_is_written_then_it_is_refused(databases: Databases) -> None:
    engine = databases._engines["crm"]
    with pytest.raises(Exception, match="(?i)read.?only"), engine.begin() as connection:
        connection.execute(text("DELETE FROM customers"))


def test_given_no_database_when_looked_up_then_it_failed_and_no_file_was_made(tmp_path: Path) -> None:
    databases = Databases({"crm": f"sqlite:///{tmp_path}/none.db", "gone": "postgresql://u@127.0.0.1:1/x"})
    for name in ("crm", "gone", "unknown"):
        with pytest.raises(NotDone):
            databases.find(name, "customers", {"id": "1"}, ["name"])
    assert not (tmp_path / "none.db").exists()


def test_given_a_locked_database_when_looked_up_then_others_go_on_and_it_ends(tmp_path: Path) -> None:
    """The hub turns while the thread waits; nothing here is measured, the order is what counts."""
    file = tmp_path / "locked.db"
    holder = sqlite3.connect(file, isolation_level=None)
    holder.execute(ROWS[0])
    holder.execute("BEGIN EXCLUSIVE")
    house = House(finder=Databases({"crm": f"sqlite:///{file}"}, timeout_s=0.4))
    turns: list[int] = []
    busy = gevent.spawn(lambda: [turns.append(n) or gevent.sleep(0) for n in range(5)])  # type: ignore[func-returns-value]
    find = Find(leg=LegId("a/u1"), errand=PlayId("c1.1"), source="crm", table="customers", where={"id": "1"}, take={}, timeout_s=5.0)
    assert house.does(find).why == "failed" and turns == [0, 1, 2, 3, 4] and busy.ready()
    holder.close()


def test_given_a_query_without_end_when_its_time_is_over_then_the_database_ends_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = tmp_path / "slow.db"
    with sqlite3.connect(file) as made:
        made.execute(
            "CREATE VIEW customers AS WITH RECURSIVE n(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM n) SELECT id, 'x' AS name FROM n"
        )
    monkeypatch.setattr(finding, "LOOK_EVERY", 100)
    databases = Databases({"crm": f"sqlite:///{file}"}, timeout_s=0.2)
    with pytest.raises(NotDone):
        databases.find("crm", "customers", {"id": "no such"}, ["name"])


@pytest.mark.parametrize(
    ("value", "shown"), [(None, ""), (b"x", ""), (True, "true"), (1.5, "1.5"), (2.0, "2"), (7, "7"), ("x", "x"), (100.0, "100")]
)
def test_given_a_value_when_shown_then_it_is_as_flows_have_it(value: object, shown: str) -> None:
    assert as_text(value) == shown

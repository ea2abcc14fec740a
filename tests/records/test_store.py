import os
import sqlite3
from collections.abc import Callable
from pathlib import Path

import pytest
from sqlalchemy import create_engine

from acd.records.batch import Batch, batch_of
from acd.records.store import DatabaseUnavailable, Store
from acd.records.upgrade import DatabaseRefused, drift, newest_revision, upgrade
from acd.words import AgentState

from .making import FakeLine, agent, call, entry, message, offer
from .reading import execute, rows, with_driver

Opener = Callable[..., Store]


def day(after: int = 0) -> Batch:
    line = FakeLine(n=after + 1, changes=(call(messages=(message(),)), entry(), offer(), agent(AgentState.READY, 70)))
    return batch_of(after, [line], {})


def test_given_a_new_database_when_a_batch_is_written_then_rows_and_cursor_are_there(url: str, store_of: Opener) -> None:
    store = store_of(url)
    store.write(day())
    assert store.cursor() == 1
    assert rows(url, "SELECT id, caller_number, duration_s FROM contacts") == [("c1", "+4930123", 60.0)]
    assert rows(url, "SELECT id, outcome, waited_s FROM queue_visits") == [("e1", "answered", 10.0)]
    assert rows(url, "SELECT id, outcome, talk_s FROM offers") == [("o1", "answered", 46.0)]
    assert rows(url, "SELECT id, mailbox FROM messages") == [("m1", "sales")]


def test_given_a_batch_whose_commit_answer_was_lost_when_written_again_then_the_cursor_says_no_and_nothing_is_twice(
    url: str, store_of: Opener
) -> None:
    store = store_of(url)
    store.write(day())
    with pytest.raises(DatabaseUnavailable, match="cursor is at line 1"):
        store.write(day())
    assert rows(url, "SELECT count(*) FROM contacts") == [(1,)]


def test_given_rows_that_are_there_when_written_by_a_later_line_then_they_are_brought_up_to_date(url: str, store_of: Opener) -> None:
    store = store_of(url)
    store.write(day())
    store.write(batch_of(1, [FakeLine(n=2, changes=(entry(exit="served"), call(cause="LATER")))], {}))
    assert rows(url, "SELECT count(*), max(exit) FROM queue_visits") == [(1, "served")]
    assert rows(url, "SELECT cause FROM contacts") == [("LATER",)]


def test_given_an_agents_open_stretch_when_a_writer_starts_then_it_goes_on_from_there(url: str, store_of: Opener) -> None:
    store = store_of(url)
    store.write(batch_of(0, [FakeLine(n=1, changes=(agent(AgentState.READY, 0), agent(AgentState.WRAP_UP, 9, "bob", offer="o9")))], {}))
    again = store_of(url)
    running = again.running()
    assert (running["bob"].offer, running["ann"].state) == ("o9", AgentState.READY)  # type: ignore[index]
    again.write(batch_of(1, [FakeLine(n=2, changes=(agent(AgentState.NOT_READY, 12, reason="lunch"),))], running))
    assert rows(url, "SELECT state, duration_s FROM agent_activities WHERE agent='ann' ORDER BY since") == [
        ("ready", 12.0),
        ("not_ready", None),
    ]


def test_given_names_no_database_would_keep_when_written_then_the_row_is_there(url: str, store_of: Opener) -> None:
    store = store_of(url)
    store.write(batch_of(0, [FakeLine(n=1, changes=(call(caller_name="O'Br\x00ien\ud800'); DROP TABLE contacts;--"),))], {}))
    assert rows(url, "SELECT caller_name FROM contacts") == [("O'Brien?'); DROP TABLE contacts;--",)]


def test_given_a_row_that_the_database_refuses_for_ever_when_written_then_it_is_set_aside_and_the_rest_is_kept(
    url: str, store_of: Opener
) -> None:
    store = store_of(url)
    store.write(batch_of(0, [FakeLine(n=1, changes=(call(), call("c2", dialled="100", entries=2**70), entry()))], {}))
    assert store.rejected == 1 and store.cursor() == 1
    assert rows(url, "SELECT id FROM contacts") == [("c1",)] and rows(url, "SELECT id FROM queue_visits") == [("e1",)]
    ((table, line, aside),) = rows(url, 'SELECT "table", line, row FROM rejected_rows')
    assert (table, line) == ("contacts", 1) and '"id": "c2"' in aside


def test_given_the_revisions_when_all_have_run_then_the_schema_is_what_we_declare(url: str, store_of: Opener) -> None:
    store_of(url).open()
    with create_engine(with_driver(url)).connect() as connection:
        assert drift(connection) == []


def test_given_a_column_that_no_revision_makes_when_compared_then_the_drift_is_seen(url: str, store_of: Opener) -> None:
    store_of(url).open()
    execute(url, "ALTER TABLE contacts ADD COLUMN forgotten TEXT")
    with create_engine(with_driver(url)).connect() as connection:
        assert drift(connection) != []


def test_given_a_database_of_a_newer_release_when_opened_then_it_is_refused_in_one_line_and_untouched_F29_F48(
    url: str, store_of: Opener
) -> None:
    store_of(url).write(day())
    execute(url, "UPDATE alembic_version SET version_num='9999'")
    with pytest.raises(DatabaseRefused) as refused:
        store_of(url).open()
    said = str(refused.value)
    assert "9999" in said and newest_revision() in said and "\n" not in said
    assert rows(url, "SELECT count(*) FROM contacts") == [(1,)]


def test_given_a_table_that_is_missing_when_opened_then_it_is_refused_and_not_made_anew_F29(url: str, store_of: Opener) -> None:
    store_of(url).write(day())
    execute(url, "DROP TABLE offers")
    with pytest.raises(DatabaseRefused, match="damaged: table offers is missing"):
        store_of(url).open()
    with pytest.raises(Exception, match="offers"):
        rows(url, "SELECT * FROM offers")


def test_given_tables_without_a_version_when_opened_then_it_is_refused_F29(url: str, store_of: Opener) -> None:
    store_of(url).write(day())
    execute(url, "DROP TABLE alembic_version")
    with pytest.raises(DatabaseRefused, match="no schema version"):
        store_of(url).open()
    assert rows(url, "SELECT count(*) FROM contacts") == [(1,)]


@pytest.mark.parametrize("damage", ["cut", "empty", "garbage"])
def test_given_a_damaged_sqlite_file_when_opened_then_it_is_refused_and_left_as_it_is_F29(
    damage: str, tmp_path: Path, store_of: Opener
) -> None:
    path = tmp_path / "acd.db"
    store = store_of(f"sqlite:///{path}")
    store.write(day())
    store.close()
    whole = path_after_checkpoint(path)
    left = {"cut": whole[: len(whole) // 2], "empty": b"", "garbage": b"not a database " * 400}[damage]
    path.write_bytes(left)
    said = {"cut": "damaged", "empty": "the file is empty", "garbage": "not a database"}[damage]
    with pytest.raises(DatabaseRefused, match=said) as refused:
        store_of(f"sqlite:///{path}").open()
    assert "\n" not in str(refused.value) and path.read_bytes() == left


def path_after_checkpoint(path: Path) -> bytes:
    with sqlite3.connect(path) as connection:
        connection.execute("PRAGMA journal_mode=DELETE")
    connection.close()
    return path.read_bytes()


def test_given_a_first_start_that_died_half_way_when_started_again_then_it_begins_anew(tmp_path: Path, store_of: Opener) -> None:
    (tmp_path / "acd.db.new").write_bytes(b"half")
    store_of(f"sqlite:///{tmp_path}/acd.db").open()
    assert sorted(p.name for p in tmp_path.iterdir() if "new" in p.name) == []


def test_given_a_new_sqlite_file_when_made_then_only_its_owner_reads_it(tmp_path: Path, store_of: Opener) -> None:
    store_of(f"sqlite:///{tmp_path}/acd.db").open()
    assert os.stat(tmp_path / "acd.db").st_mode & 0o777 == 0o600


def test_given_a_password_in_the_url_when_it_fails_then_no_message_shows_it(store_of: Opener) -> None:
    store = store_of("postgresql://acd:secret@/acd?host=/nowhere")
    with pytest.raises(DatabaseUnavailable) as failed:
        store.open()
    assert "secret" not in str(failed.value) and "***" in str(failed.value)


def test_given_another_kind_of_database_when_configured_then_what_is_allowed_is_said() -> None:
    with pytest.raises(DatabaseRefused, match="allowed are sqlite"):
        Store("mysql://localhost/acd")


def test_given_an_upgrade_that_fails_half_way_when_looked_at_then_nothing_of_it_is_there(
    url: str, store_of: Opener, monkeypatch: pytest.MonkeyPatch
) -> None:
    def die(connection: object, name: str, *_: object) -> None:
        upgrade(connection, name)  # type: ignore[arg-type]
        raise OSError("the machine stops here")

    monkeypatch.setattr("acd.records.store.upgrade", die)
    with pytest.raises(DatabaseUnavailable, match="stops here"):
        store_of(url).open()
    monkeypatch.undo()
    store_of(url).write(day())
    assert rows(url, "SELECT count(*) FROM contacts") == [(1,)]


def test_given_two_homes_with_one_database_when_both_write_the_same_call_then_no_row_is_twice_and_each_keeps_its_place(
    url: str, store_of: Opener
) -> None:
    """FAULTS.md F35: rows have the ids of what they tell of; a cursor belongs to one journal."""
    one, other = Store(url, journal="aa"), Store(url, journal="bb")
    one.write(day())
    one.write(batch_of(1, [FakeLine(n=2, changes=(agent(AgentState.TALKING, 80),))], {}))
    other.write(day())
    assert (one.cursor(), other.cursor()) == (2, 1)
    for table in ("contacts", "queue_visits", "offers", "messages"):
        assert rows(url, f"SELECT count(*) FROM {table}") == [(1,)], table
    late = Store(url, journal="aa")
    with pytest.raises(DatabaseUnavailable, match="cursor is at line 2"):
        late.write(day(1))
    for store in (one, other, late):
        store.close()

"""The writer against databases that are down, locked, full or slow: FAULTS.md F25-F28. Calls are a spool that keeps growing."""

import logging
import os
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from gevent import spawn
from sqlalchemy import create_engine, text

from acd.records.store import Store
from acd.records.upgrade import DatabaseRefused
from acd.records.writer import RecordsWriter
from acd.words import AgentState

from .making import FakeSpool, agent, call, entry
from .postgres import Cluster
from .reading import execute, rows, with_driver

Opener = Callable[..., Store]
Maker = Callable[..., RecordsWriter]


@pytest.fixture
def writer_of() -> Iterator[Maker]:
    made: list[RecordsWriter] = []

    def writer_of(spool: FakeSpool, store: Store, **settings: Any) -> RecordsWriter:
        made.append(RecordsWriter(spool, store, **settings))
        return made[-1]

    yield writer_of
    for writer in made:
        writer.stop()


def calls_in(url: str) -> list[str]:
    return [row[0] for row in rows(url, "SELECT id FROM contacts ORDER BY arrived_at, id")]


def spool_of(*ids: str) -> FakeSpool:
    spool = FakeSpool()
    for id in ids:
        spool.add(call(id))
    return spool


def test_given_lines_when_a_turn_is_taken_then_they_are_rows_and_the_journal_may_let_go(
    url: str, store_of: Opener, writer_of: Maker
) -> None:
    spool = spool_of("c1", "c2")
    writer = writer_of(spool, store_of(url))
    writer.open()
    assert writer.turn() == 0.0 and writer.turn() == writer.look_s
    assert calls_in(url) == ["c1", "c2"]
    assert (spool.released, writer.behind_lines, writer.is_healthy) == (2, 0, True)


def test_given_more_lines_than_one_batch_when_turns_are_taken_then_each_is_written_once_in_order(
    url: str, store_of: Opener, writer_of: Maker
) -> None:
    spool = spool_of(*(f"c{i}" for i in range(10)))
    writer = writer_of(spool, store_of(url), batch_lines=3)
    released = []
    while writer.turn() == 0.0:
        released.append(spool.released)
    assert released == [3, 6, 9, 10] and len(calls_in(url)) == 10


def test_given_a_writer_that_was_killed_between_commit_and_release_when_another_starts_then_no_row_is_twice(
    url: str, store_of: Opener, writer_of: Maker
) -> None:
    spool = spool_of("c1")
    first = writer_of(spool, store_of(url))
    first.write_batch()  # committed; the release never came
    spool.add(call("c2"), agent(AgentState.READY, 0))
    second = writer_of(spool, store_of(url))
    second.open()
    assert (second.turn(), spool.released, calls_in(url)) == (0.0, 2, ["c1", "c2"])
    assert second.store.rejected == 0


def test_given_a_journal_that_was_begun_anew_when_the_writer_starts_then_its_lines_are_written_from_the_first(
    url: str, store_of: Opener, writer_of: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    writer_of(spool_of("c1", "c2", "c3"), store_of(url)).turn()
    writer = writer_of(spool_of("d1"), store_of(url))
    writer.open()
    assert writer.turn() == 0.0 and calls_in(url) == ["c1", "c2", "c3", "d1"]
    assert "begun anew" in caplog.text


def test_given_lines_that_are_gone_when_read_then_it_is_said(
    tmp_path: Path, store_of: Opener, writer_of: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    spool = spool_of("c1", "c2", "c3")
    spool.release(2)
    writer_of(spool, store_of(f"sqlite:///{tmp_path}/acd.db")).turn()
    assert "lines 1 to 2 of the journal are gone" in caplog.text


def test_given_postgresql_stops_at_once_mid_run_when_it_is_back_then_every_row_is_there_F25(
    cluster: Cluster, store_of: Opener, writer_of: Maker, caplog: pytest.LogCaptureFixture
) -> None:
    url = cluster.database("f25")
    spool = spool_of("c1")
    writer = writer_of(spool, store_of(url))
    writer.open()
    writer.turn()
    cluster.stop("immediate")
    spool.add(call("c2"))
    assert writer.turn() > 0 and writer.turn() > 0
    assert (writer.failures, writer.behind_lines, spool.released) == (2, 1, 1)
    cluster.start()
    spool.add(call("c3"))
    assert writer.turn() == 0.0
    assert (calls_in(url), writer.behind_lines, writer.is_healthy) == (["c1", "c2", "c3"], 0, True)
    assert caplog.text.count("records wait in the journal") == 1  # one line, not one a turn


def test_given_postgresql_is_down_at_the_start_when_it_comes_then_the_writer_catches_up_F25(
    cluster: Cluster, store_of: Opener, writer_of: Maker
) -> None:
    url = cluster.database("f25b")
    cluster.stop("immediate")
    spool = spool_of("c1")
    writer = writer_of(spool, store_of(url))
    writer.open()  # does not raise: calls go on
    assert not writer.is_healthy and writer.turn() > 0
    cluster.start()
    assert writer.turn() == 0.0 and calls_in(url) == ["c1"]


def test_given_a_connection_that_was_killed_when_a_turn_is_taken_then_the_next_one_writes_F25(
    cluster: Cluster, store_of: Opener, writer_of: Maker
) -> None:
    url = cluster.database("f25c")
    spool = spool_of("c1")
    writer = writer_of(spool, store_of(url))
    writer.turn()
    rows(url, "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name='acd records'")
    spool.add(call("c2"))
    assert writer.turn() > 0 and writer.turn() == 0.0 and calls_in(url) == ["c1", "c2"]


def test_given_a_locked_table_when_a_turn_is_taken_then_it_gives_up_in_time_and_loses_nothing_F26(
    cluster: Cluster, store_of: Opener, writer_of: Maker
) -> None:
    url = cluster.database("f26")
    spool = spool_of("c1")
    writer = writer_of(spool, store_of(url, lock_timeout_s=0.2))
    writer.open()
    other = create_engine(with_driver(url)).connect()
    other.execute(text("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE"))
    assert writer.turn() > 0 and "lock timeout" in writer.last_error
    other.close()
    assert writer.turn() == 0.0 and calls_in(url) == ["c1"]


def test_given_a_locked_table_when_a_turn_waits_for_it_then_the_hub_goes_on_F26(
    cluster: Cluster, store_of: Opener, writer_of: Maker
) -> None:
    """Were the hub held up, nobody could give the lock back, and the turn would fail."""
    url = cluster.database("f26b")
    writer = writer_of(spool_of("c1"), store_of(url, lock_timeout_s=20))
    writer.open()
    other = create_engine(with_driver(url)).connect()
    other.execute(text("LOCK TABLE contacts IN ACCESS EXCLUSIVE MODE"))
    turn = spawn(writer.turn)
    turn.join(timeout=0.2)
    assert not turn.ready()
    other.close()
    assert turn.get(timeout=30) == 0.0 and writer.failed_total == 0


def exclusive(path: Path) -> "subprocess.Popen[str]":
    """Another process that holds the file until it is spoken to."""
    program = "import sqlite3,sys;c=sqlite3.connect(sys.argv[1]);c.execute('BEGIN EXCLUSIVE');print('locked',flush=True);input()"
    other = subprocess.Popen([sys.executable, "-c", program, str(path)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert other.stdout is not None and other.stdout.readline() == "locked\n"
    return other


def test_given_sqlite_is_locked_by_another_process_when_it_lets_go_then_every_row_is_there_F27(
    tmp_path: Path, store_of: Opener, writer_of: Maker
) -> None:
    path = tmp_path / "acd.db"
    url = f"sqlite:///{path}"
    spool = spool_of("c1")
    writer = writer_of(spool, store_of(url, lock_timeout_s=0.1))
    writer.turn()
    other = exclusive(path)
    spool.add(call("c2"))
    assert writer.turn() > 0 and "locked" in writer.last_error
    assert (writer.behind_lines, spool.released) == (1, 1)
    other.communicate("go\n", timeout=30)
    assert writer.turn() == 0.0 and calls_in(url) == ["c1", "c2"]


def test_given_sqlite_is_locked_when_it_lets_go_within_the_timeout_then_no_turn_fails_F27(
    tmp_path: Path, store_of: Opener, writer_of: Maker
) -> None:
    path = tmp_path / "acd.db"
    spool = spool_of("c1")
    writer = writer_of(spool, store_of(f"sqlite:///{path}", lock_timeout_s=20))
    writer.open()
    other = exclusive(path)
    turn = spawn(writer.turn)
    turn.join(timeout=0.2)
    assert not turn.ready()
    other.communicate("go\n", timeout=30)
    assert turn.get(timeout=30) == 0.0 and writer.failed_total == 0


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    if os.getuid() != 0:
        pytest.skip("NOT ROOT: no tmpfs can be mounted, a full disk is not tested")
    place = tmp_path / "small"
    place.mkdir()
    mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(place)], capture_output=True)
    if mounted.returncode:
        pytest.skip(f"NO TMPFS: {mounted.stderr.decode().strip()}; a full disk is not tested")
    yield place
    subprocess.run(["umount", "-l", str(place)], check=True)


def test_given_a_full_disk_when_space_returns_then_every_row_is_there_F28(small_disk: Path, store_of: Opener, writer_of: Maker) -> None:
    url = f"sqlite:///{small_disk}/acd.db"
    spool = spool_of("c0")
    writer = writer_of(spool, store_of(url), batch_lines=20)
    writer.open()
    writer.turn()
    (small_disk / "somebody-elses").write_bytes(b"x" * free_bytes(small_disk))
    for i in range(1, 60):
        spool.add(call(f"c{i}", cause="X" * 250), entry(f"e{i}", call=f"c{i}"))
    while writer.turn() == 0.0:
        pass
    assert "full" in writer.last_error or "disk" in writer.last_error
    assert writer.behind_lines > 0 and spool.last_n - spool.released == writer.behind_lines
    (small_disk / "somebody-elses").unlink()
    while writer.turn() == 0.0:
        pass
    assert (len(calls_in(url)), writer.behind_lines, writer.is_healthy) == (60, 0, True)
    assert sqlite3.connect(f"{small_disk}/acd.db").execute("PRAGMA integrity_check").fetchone() == ("ok",)


def free_bytes(place: Path) -> int:
    found = os.statvfs(place)
    return found.f_bavail * found.f_frsize


def test_given_a_database_of_a_newer_release_when_the_writer_opens_then_the_start_is_refused_F29(
    url: str, store_of: Opener, writer_of: Maker
) -> None:
    store_of(url).open()
    execute(url, "UPDATE alembic_version SET version_num='9999'")
    with pytest.raises(DatabaseRefused, match="9999"):
        writer_of(FakeSpool(), store_of(url)).open()


def test_given_failures_in_a_row_when_pausing_then_it_is_longer_each_time_up_to_a_limit(
    tmp_path: Path, store_of: Opener, writer_of: Maker
) -> None:
    writer = writer_of(FakeSpool(), store_of(f"sqlite:///{tmp_path}/acd.db"), retry_s=(1.0, 10.0))
    pauses = []
    for writer.failures in range(1, 40):
        pauses.append(writer.pause_s())
    assert 0.5 <= pauses[0] <= 1.0 and 1.0 <= pauses[1] <= 2.0
    assert all(5.0 <= pause <= 10.0 for pause in pauses[4:])
    writer.failures = 0


def test_given_a_running_writer_when_woken_then_it_writes_without_waiting_for_its_next_look(
    tmp_path: Path, store_of: Opener, writer_of: Maker
) -> None:
    from gevent.event import Event

    class Waking(FakeSpool):
        written = Event()

        def release(self, n: int) -> None:
            super().release(n)
            if n:
                self.written.set()

    spool = Waking()
    writer = writer_of(spool, store_of(f"sqlite:///{tmp_path}/acd.db"), look_s=3600.0)
    writer.open()
    greenlet = spawn(writer.run)
    spool.add(call("c1"))
    writer.wake()
    assert spool.written.wait(timeout=30)
    writer.stop()
    greenlet.get(timeout=30)


PATCHED = """
import gevent.monkey; gevent.monkey.patch_all()
import sys, gevent
from acd.records.store import Store
from acd.records.writer import RecordsWriter
from tests.records.making import FakeSpool, call, entry, offer
spool = FakeSpool()
for i in range(50):
    spool.add(call(f"c{i}"), entry(f"e{i}"), offer(f"o{i}"))
writer = RecordsWriter(spool, Store(sys.argv[1]))
writer.open()
running = gevent.spawn(writer.run)
with gevent.Timeout(60):
    while writer.behind_lines:
        gevent.idle()
writer.stop()
running.get(timeout=10)
print(writer.written_n, writer.failed_total)
"""


def test_given_a_process_patched_by_gevent_when_the_writer_runs_there_then_everything_is_written(url: str) -> None:
    done = subprocess.run([sys.executable, "-c", PATCHED, url], capture_output=True, text=True, timeout=90)
    assert done.stdout == "50 0\n", done.stderr
    assert rows(url, "SELECT count(*) FROM offers") == [(50,)]


logging.getLogger("alembic").setLevel(logging.WARNING)

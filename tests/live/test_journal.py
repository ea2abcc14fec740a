"""The journal on a real directory: written before done, torn tails, full disks, compaction, one controller only."""

import os
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from acd.core.decision import Decision
from acd.live.disk import AlreadyRunning, Lock
from acd.live.journal import Journal, TakenOver
from acd.live.segments import SEGMENT, SNAPSHOT, DamagedJournal, Tail, files, read_journal
from tests.live.house import FullDisk, call, decision


def dead(name: str, error: BaseException) -> None:
    raise AssertionError(f"{name} died: {error}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


def opened(folder: Path, **more: object) -> Journal:
    journal = Journal(folder, **more)  # type: ignore[arg-type]
    journal.start(on_died=dead)
    return journal


def some(first: int, last: int) -> Iterator[Decision]:
    return (decision(f"u{n}", at=1000.0 + n) for n in range(first, last + 1))


def numbers(folder: Path, after: int = 0) -> list[int]:
    return [line.n for line in read_journal(folder, after) if not line.is_snapshot]


def write(journal: Journal, first: int, last: int) -> None:
    journal.write(list(some(first, last)))


def left_behind(journal: Journal) -> None:
    """As after kill -9: nothing flushed or closed on purpose; only the lock falls."""
    journal._lock.close()
    for greenlet in journal._greenlets:
        greenlet.kill()


def snapshot(journal: Journal, *uuids: str) -> None:
    journal.snapshot(2000.0, [call(u) for u in uuids])
    gevent.joinall(journal._greenlets[-1:], timeout=5)


def test_given_decisions_when_written_then_they_are_in_the_file_before_any_sync(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 3)
    assert numbers(folder) == [1, 2, 3] and journal.written_n == 3


def test_given_a_drain_of_many_decisions_when_written_then_there_is_one_write(folder: Path) -> None:
    disk = FullDisk()
    write(opened(folder, disk=disk), 1, 200)
    assert disk.writes == 1


def test_given_a_killed_controller_when_started_again_then_every_version_comes_back_in_order(folder: Path) -> None:
    first = opened(folder)
    write(first, 1, 5)
    left_behind(first)
    again = opened(folder)
    assert [line.n for line in again.recovered()] == [1, 2, 3, 4, 5]
    write(again, 6, 6)
    assert numbers(folder) == [1, 2, 3, 4, 5, 6]


def test_given_a_tail_torn_at_every_byte_when_started_then_it_is_cut_at_the_last_whole_line(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 3)
    left_behind(journal)
    path = files(folder, SEGMENT)[0][1]
    whole = path.read_bytes()
    last = whole.rindex(b"\n", 0, -1) + 1
    for end in range(last, len(whole)):
        path.write_bytes(whole[:end])
        again = opened(folder)
        assert again.n == 2 and again.cut_bytes == end - last
        assert path.read_bytes() == whole[:last]
        left_behind(again)


def test_given_a_damaged_line_in_the_middle_when_started_then_it_is_refused_naming_file_and_line(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 3)
    left_behind(journal)
    path = files(folder, SEGMENT)[0][1]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[1].replace(b"u2", b"u9") + lines[2])
    with pytest.raises(DamagedJournal, match=rf"{path.name}:2: checksum"):
        Journal(folder)
    salvaged = Journal(folder, salvage=True)
    assert [line.n for line in salvaged.recovered()] == [1, 3] and salvaged.skipped_lines == 2


def test_given_a_line_taken_out_when_started_then_the_gap_is_refused(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 3)
    left_behind(journal)
    path = files(folder, SEGMENT)[0][1]
    lines = path.read_bytes().splitlines(keepends=True)
    path.write_bytes(lines[0] + lines[2])
    with pytest.raises(DamagedJournal, match="decision 3 follows 1"):
        Journal(folder)


def test_given_a_missing_first_file_when_started_then_it_says_which_decisions_are_missing(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 3)
    snapshot(journal, "u1")
    write(journal, 4, 5)
    left_behind(journal)
    files(folder, SNAPSHOT)[0][1].unlink()
    files(folder, SEGMENT)[0][1].unlink()
    with pytest.raises(DamagedJournal, match="decisions 1 to 3 are missing"):
        Journal(folder)


def test_given_a_running_controller_when_a_second_starts_then_it_is_told_who_runs(folder: Path) -> None:
    opened(folder)
    with pytest.raises(AlreadyRunning, match=f"process {os.getpid()}"):
        Journal(folder)


def test_given_a_full_disk_when_written_then_it_goes_on_in_memory_and_nothing_is_lost(folder: Path) -> None:
    disk = FullDisk(room=700)
    journal = opened(folder, disk=disk)
    write(journal, 1, 5)
    assert not journal.healthy and journal.write_errors == 1 and journal.pending_bytes > 0
    assert numbers(folder) == list(range(1, journal.written_n + 1)) or journal.written_n == 0
    write(journal, 6, 6)
    assert journal.write_errors == 2
    disk.room = 1 << 30
    journal.write([])
    assert journal.healthy and journal.pending_bytes == 0 and journal.lost_lines == 0
    assert numbers(folder) == [1, 2, 3, 4, 5, 6]
    left_behind(journal)
    assert opened(folder).n == 6


def test_given_a_disk_full_for_too_long_when_it_has_room_again_then_a_snapshot_bridges_the_gap(folder: Path) -> None:
    disk = FullDisk(room=100)
    journal = opened(folder, disk=disk, memory_bytes=2_000)
    for n in range(1, 50):
        write(journal, n, n)
    assert journal.lost_lines > 0 and journal.pending_bytes <= 2_000 and not journal.wants_snapshot()
    disk.room = 1 << 30
    assert journal.flush() and journal.wants_snapshot()
    snapshot(journal, "u1", "u49")
    write(journal, 50, 50)
    left_behind(journal)
    lines = list(opened(folder).recovered())
    assert [line.is_snapshot for line in lines] == [True, False] and lines[0].changes == (call("u1"), call("u49"))
    assert lines[1].n == 50


def test_given_a_snapshot_when_started_again_then_only_what_came_after_is_read(folder: Path) -> None:
    journal = opened(folder, segment_lines=3)
    write(journal, 1, 3)
    assert journal.wants_snapshot()
    snapshot(journal, "u2")
    assert not journal.wants_snapshot()
    write(journal, 4, 4)
    left_behind(journal)
    again = opened(folder)
    assert [(line.n, line.is_snapshot) for line in again.recovered()] == [(3, True), (4, False)]
    assert again.n == 4


def test_given_half_a_snapshot_when_started_again_then_it_counts_for_nothing(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 2)
    (folder / "snapshot-000000000000002.half").write_bytes(b'{"crc":"0')
    left_behind(journal)
    assert [line.n for line in opened(folder).recovered()] == [1, 2]
    assert not list(folder.glob("*.half"))


def test_given_segments_before_the_snapshot_when_released_then_only_those_consumed_are_deleted(folder: Path) -> None:
    journal = opened(folder)
    for end in (3, 6, 9):
        write(journal, end - 2, end)
        snapshot(journal, "u1")
    write(journal, 10, 10)
    assert [n for n, _ in files(folder, SEGMENT)] == [1, 4, 7, 10]
    journal.release(5)
    assert [n for n, _ in files(folder, SEGMENT)] == [4, 7, 10]
    journal.release(10)
    assert [n for n, _ in files(folder, SEGMENT)] == [10]
    assert [n for n, _ in files(folder, SNAPSHOT)] == [9]


def test_given_no_snapshot_when_everything_is_released_then_nothing_is_deleted(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 3)
    journal.release(3)
    assert numbers(folder) == [1, 2, 3]


def test_given_a_reader_when_lines_come_and_segments_change_then_it_gets_each_once(folder: Path) -> None:
    journal = opened(folder)
    tail = Tail(folder)
    woken: list[int] = []
    journal.on_written(lambda: woken.append(journal.written_n))
    write(journal, 1, 2)
    assert [line.n for line in tail.read(limit=1)] == [1]
    snapshot(journal, "u1")
    write(journal, 3, 4)
    assert [line.n for line in tail.read()] == [2, 3, 4]
    assert list(tail.read()) == [] and tail.after == 4 and woken == [2, 4]


def test_given_a_new_reader_when_old_segments_are_gone_then_the_snapshot_comes_first(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 3)
    snapshot(journal, "u3")
    write(journal, 4, 4)
    journal.release(3)
    assert [(line.n, line.is_snapshot) for line in read_journal(folder)] == [(3, True), (4, False)]
    assert [(line.n, line.is_snapshot) for line in read_journal(folder, after=3)] == [(4, False)]


def test_given_a_half_written_line_when_a_reader_reads_then_it_waits_for_the_rest(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 2)
    path = files(folder, SEGMENT)[0][1]
    whole = path.read_bytes()
    path.write_bytes(whole[:-10])
    tail = Tail(folder)
    assert [line.n for line in tail.read()] == [1]
    path.write_bytes(whole)
    assert [line.n for line in tail.read()] == [2]


def test_given_written_lines_when_the_sync_greenlet_runs_then_one_sync_covers_many_writes(folder: Path) -> None:
    heard: list[str] = []
    journal = opened(folder, observe=lambda what, seconds: heard.append(what))
    for n in range(1, 11):
        write(journal, n, n)
    with gevent.Timeout(5):
        while "sync" not in heard:
            gevent.idle()
    assert heard.count("write") == 10 and heard.count("sync") < 10


def test_given_a_sync_that_fails_when_it_works_again_then_healthy_follows(folder: Path) -> None:
    journal = opened(folder)
    journal._synced(0.1, "Input/output error")
    assert not journal.healthy and journal.sync_errors == 1
    journal._synced(0.1, "")
    assert journal.healthy


def test_given_a_closed_journal_when_another_opens_then_it_may(folder: Path) -> None:
    journal = opened(folder)
    write(journal, 1, 2)
    journal.close()
    assert Journal(folder).n == 2


def test_given_a_controller_that_was_stopped_when_its_journal_is_taken_over_then_it_writes_nothing_more_into_it(folder: Path) -> None:
    """FAULTS.md F35: asked before every write; what slips through between asking and writing goes to a file that nobody reads."""
    first = opened(folder)
    write(first, 1, 3)
    first_file = first._fd
    second = opened(folder, lock=Lock.take_over(folder))
    assert second.was_taken_over and [line.n for line in second.recovered()] == [1, 2, 3]
    write(second, 4, 5)
    with pytest.raises(TakenOver, match="taken over by another controller"):
        write(first, 4, 4)
    os.write(first_file, b"what was on its way\n")
    write(second, 6, 6)
    assert numbers(folder) == [1, 2, 3, 4, 5, 6]
    left_behind(first)
    with pytest.raises(AlreadyRunning):
        Journal(folder)
    second.close()
    third = Journal(folder)
    assert [line.n for line in third.recovered()] == [1, 2, 3, 4, 5, 6] and third.cut_bytes == 0
    third.close()


def test_given_a_lock_that_was_replaced_when_somebody_asks_for_it_then_the_old_file_is_not_taken_for_the_new(
    folder: Path,
) -> None:
    first = Lock(folder)
    second = Lock.take_over(folder)
    assert second.is_ours and not first.is_ours
    first.close()
    with pytest.raises(AlreadyRunning):
        Lock(folder)
    second.close()
    assert Lock(folder).is_ours


def test_given_a_journal_that_is_older_than_anothers_when_it_is_forgotten_then_nothing_is_put_back_and_all_of_it_is_still_recorded(
    folder: Path,
) -> None:
    """Another home was the owner meanwhile."""
    before = opened(folder)
    write(before, 1, 3)
    before.close()
    journal = opened(folder)
    journal.forget(at=1003.0)
    assert [change for line in journal.recovered() for change in line.changes] == []
    assert numbers(folder) == [1, 2, 3], "the records writer has yet to read them"
    write(journal, 4, 4)
    left_behind(journal)
    again = Journal(folder)
    assert [line.n for line in again.recovered() if not line.is_snapshot] == [4]
    again.close()

"""What the journal is done with, kept for ``acd replay``: found again in order, bounded, and never at the journal's cost (F28)."""

import os
from collections.abc import Iterator
from pathlib import Path

import gevent
import pytest

from acd.live.journal import SEGMENT_S, Journal
from acd.live.kept import FREE_LEAST, Keeping, Kept, lines_since
from tests.live.house import FullDisk, call, decision

DAY = 86400.0


def dead(name: str, error: BaseException) -> None:
    raise AssertionError(f"{name} died: {error}")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "journal"


class House:
    """A journal whose segments end when we say so, and everything that was read of it is released."""

    def __init__(self, folder: Path, keeping: Keeping | None = None, *, disk: FullDisk | None = None) -> None:
        self.now, self.free = 2_000.0, 1 << 40
        self.kept = Kept(folder, keeping or Keeping(), now=lambda: self.now, free=lambda _: self.free)
        self.journal = Journal(folder, kept=self.kept, disk=disk)
        self.journal.start(on_died=dead)
        self.journal._greenlets.pop().kill()  # it tidies when the test says so
        self.n = 0

    def segment(self, lines: int = 3) -> None:
        """So many decisions, a second apart, and a snapshot; nothing of it is needed any more."""
        self.write(lines)
        self.journal.snapshot(1000.0 + self.n, [call(f"u{self.n}")])
        gevent.joinall(self.journal._greenlets[-1:], timeout=5)
        self.journal.release(self.n)

    def write(self, lines: int) -> None:
        first, self.n = self.n + 1, self.n + lines
        self.journal.write([decision(f"u{n}", at=1000.0 + n) for n in range(first, self.n + 1)])


@pytest.fixture
def house(folder: Path) -> Iterator[House]:
    house = House(folder)
    yield house
    house.journal.close()


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in (folder / "kept").glob("*"))


def read(folder: Path, since: float) -> list[int]:
    return [line.n for line in lines_since(folder, since) if not line.is_snapshot]


def test_given_segments_that_nothing_needs_when_they_go_then_they_are_kept_and_read_in_order(folder: Path, house: House) -> None:
    for _ in range(3):
        house.segment()
    house.write(2)
    assert read(folder, 0.0) == list(range(1, 12))
    house.kept.tidy()
    assert all(name.endswith(".gz") for name in names(folder)) and len(names(folder)) >= 3
    assert read(folder, 0.0) == list(range(1, 12)), "packed or not"


def test_given_a_time_when_read_then_from_the_newest_snapshot_before_it(folder: Path, house: House) -> None:
    for _ in range(4):
        house.segment()
    house.kept.tidy()
    lines = list(lines_since(folder, 1000.0 + 7))
    assert [line.n for line in lines if line.is_snapshot] == [6]
    assert [line.n for line in lines if not line.is_snapshot] == list(range(7, 13))


def test_given_kept_files_when_their_time_is_over_then_they_go(folder: Path, house: House) -> None:
    house.segment()
    house.segment()
    for path in (folder / "kept").glob("*"):
        os.utime(path, (2_000.0, 2_000.0))
    house.kept.tidy()
    assert names(folder), "packing makes nothing younger or older"
    house.now += 2 * DAY - 1
    house.kept.tidy()
    assert names(folder)
    house.now += 2
    house.kept.tidy()
    assert names(folder) == []


def test_given_too_much_when_tidied_then_the_oldest_goes_first(folder: Path) -> None:
    house = House(folder)
    for _ in range(4):
        house.segment(40)
    house.now = 0.0
    house.kept.tidy()
    sizes = {path.name: path.stat().st_size for path in (folder / "kept").glob("journal-*")}
    house.kept.keeping = Keeping(most_bytes=sum(sizes.values()))
    house.kept.tidy()
    left = names(folder)
    assert left and "journal-000000000000001.jsonl.gz" not in left and "journal-000000000000081.jsonl.gz" in left
    house.journal.close()


def test_given_nothing_is_to_be_kept_when_segments_go_then_they_are_deleted_and_so_is_what_was_kept(folder: Path, house: House) -> None:
    house.segment()
    house.segment()
    assert names(folder)
    house.kept.keeping = Keeping(keep_s=0.0)
    house.segment()
    house.kept.tidy()
    assert names(folder) == []


def test_given_a_full_disk_f28_when_the_journal_is_refused_then_what_is_kept_goes_first(folder: Path) -> None:
    disk = FullDisk()
    house = House(folder, disk=disk)
    house.segment()
    house.segment()
    oldest = "journal-000000000000001.jsonl"
    assert oldest in names(folder)
    disk.room = 0
    house.write(1)
    assert not house.journal.healthy and oldest not in names(folder)
    left = len(names(folder))
    house.write(1)
    assert len(names(folder)) == left - 1
    disk.room = 1 << 30
    house.write(1)
    assert house.journal.healthy and house.journal.lost_lines == 0
    house.journal.close()


def test_given_a_disk_nearly_full_f28_when_tidied_then_nothing_is_packed_and_the_oldest_go(folder: Path, house: House) -> None:
    house.segment()
    house.segment()
    house.free = FREE_LEAST - 1
    house.kept.tidy()
    assert names(folder) == []


def test_given_a_folder_that_cannot_be_made_when_a_segment_goes_then_it_is_deleted(folder: Path, house: House) -> None:
    (folder / "kept").write_text("in the way")
    house.segment()
    house.segment()
    assert sorted(path.name for path in folder.glob("journal-*")) == ["journal-000000000000004.jsonl"]


def test_given_half_a_packed_file_when_tidied_then_it_counts_for_nothing(folder: Path, house: House) -> None:
    house.segment()
    house.segment()
    (folder / "kept" / "journal-000000000000001.half").write_bytes(b"\x1f\x8b")
    house.kept.tidy()
    assert not [name for name in names(folder) if name.endswith(".half")]
    assert read(folder, 0.0) == list(range(1, 7))


def test_given_a_quiet_house_when_a_segment_is_a_day_old_then_it_ends(folder: Path, house: House) -> None:
    house.journal.write([decision("u1", at=1000.0)])
    assert not house.journal.wants_snapshot()
    house.journal.write([decision("u2", at=1000.0 + SEGMENT_S)])
    assert house.journal.wants_snapshot()


def test_given_no_snapshot_at_all_when_read_then_from_the_first_decision(folder: Path, house: House) -> None:
    assert read(folder, 0.0) == []
    house.write(2)
    assert read(folder, 5_000.0) == [1, 2]

"""``acd recordings``: listed, found, held, deleted when their time is over; never one that is held (ACD.md 64, 66)."""

import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from acd.core.talking.recording import Masked, Recording
from acd.live.talk_files import Shelf
from acd.records.batch import batch_of
from acd.records.purging import purge
from acd.records.store import Store
from acd.retention import Retention
from acd.words import RecordingId, RecordingOutcome, RecordingState
from tests.records.making import FakeLine

Run = Callable[..., Result]
Said = Callable[..., Any]
NOW = time.time()


def recording(id: str, **changes: Any) -> Recording:
    fields: dict[str, Any] = {
        "call": "c1", "leg": "main/c1", "started_at": NOW - 7200, "ended_at": NOW - 7000, "state": RecordingState.ENDED,
        "queue": "sales", "agent": "ann", "offer": "o1", "seconds": 200.0, "outcome": RecordingOutcome.KEPT, "keep_s": 3600.0,
    }  # fmt: skip
    return Recording(id=RecordingId(id), **(fields | changes))


@pytest.fixture
def url(home: Path) -> str:
    """Four: one due, one that failed, one kept for ever, one that runs."""
    changes = (
        recording("c1.r1", masks=(Masked(at=NOW - 7100, by="ann", until=NOW - 7090, until_by="time-out"),)),
        recording("c1.r2", outcome=RecordingOutcome.FAILED, why="uri-failure", keep_s=None, started_at=NOW - 6000),
        recording("c2.r1", call="c2", agent="bob", keep_s=None, started_at=NOW - 5000),
        recording("c3.r1", call="c3", ended_at=None, outcome=None, seconds=None, state=RecordingState.ON, started_at=NOW - 100),
    )
    for id in ("c1.r1", "c2.r1"):
        file = home / "recordings" / id[:2] / f"{id}.wav"
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(b"RIFF")
    store = Store(f"sqlite:///{home}/acd.db")
    store.write(batch_of(0, [FakeLine(n=i, changes=(change,)) for i, change in enumerate(changes, start=1)], {}))
    store.close()
    return f"sqlite:///{home}/acd.db"


def test_given_recordings_when_listed_then_the_newest_is_first_and_each_says_how_it_is(url: str, run: Run, said: Said) -> None:
    assert [row["id"] for row in said("recordings", "list")] == ["c3.r1", "c2.r1", "c1.r2", "c1.r1"]
    shown = run("recordings").stdout
    assert "failed: uri-failure" in shown and "masked in parts" in shown
    assert [row["id"] for row in said("recordings", "list", "--agent", "bob")] == ["c2.r1"]
    assert [row["id"] for row in said("recordings", "list", "--failed")] == ["c1.r2"]
    assert [row["id"] for row in said("recordings", "list", "--contact", "c1", "--since", "110m")] == ["c1.r2"]


def test_given_a_recording_when_asked_for_then_its_file_and_its_masks_are_said(url: str, run: Run, home: Path) -> None:
    assert run("recordings", "path", "c1.r1").stdout.strip() == str((home / "recordings" / "c1" / "c1.r1.wav").resolve())
    found = run("recordings", "show", "c1.r1").stdout
    assert '"until_by": "time-out"' in found and '"bytes": 4' in found
    assert run("recordings", "export", "c1.r1", str(home / "copy.wav")).exit_code == 0
    assert (home / "copy.wav").read_bytes() == b"RIFF"
    assert run("recordings", "path", "c1.r2").exit_code == 1
    assert run("recordings", "path", "../../etc/passwd").exit_code == 1


def test_given_one_that_is_due_when_purged_twice_then_it_is_deleted_once_and_the_row_says_so(url: str, run: Run, said: Said) -> None:
    assert run("recordings", "purge", "--dry-run").stdout == "1 would be deleted\n"
    assert run("recordings", "purge").stdout == "1 deleted\n"
    assert run("recordings", "purge").stdout == "0 deleted\n"
    rows = {row["id"]: row for row in said("recordings", "list")}
    assert rows["c1.r1"]["purged_at"] and not rows["c2.r1"]["purged_at"]
    assert run("recordings", "path", "c1.r1").exit_code == 1


def test_row_66_given_one_that_is_held_when_due_or_deleted_by_hand_then_it_stays(url: str, run: Run, home: Path) -> None:
    assert run("recordings", "hold", "c1.r1", "--by", "legal").exit_code == 0
    assert run("recordings", "purge").stdout == "0 deleted\n"
    refused = run("recordings", "purge", "c1.r1")
    assert refused.exit_code == 1 and "held by legal" in refused.output
    assert Shelf(root=home / "recordings").size("c1.r1") == 4
    assert run("recordings", "hold", "c1.r1", "--release").exit_code == 0
    assert run("recordings", "purge").stdout == "1 deleted\n"


def test_given_a_file_that_is_gone_already_when_purged_then_that_is_no_fault(url: str, home: Path) -> None:
    (home / "recordings" / "c1" / "c1.r1.wav").unlink()
    done = purge(url, Shelf(root=home / "recordings"), at=NOW)
    assert done.ids == ("c1.r1",) and not done.failed


def test_given_a_file_that_cannot_be_deleted_when_purged_then_it_stays_due_and_is_told(url: str, home: Path) -> None:
    file = home / "recordings" / "c1" / "c1.r1.wav"
    file.unlink()
    file.mkdir()
    shelf = Shelf(root=home / "recordings")
    assert [id for id, _ in purge(url, shelf, at=NOW).failed] == ["c1.r1"]
    file.rmdir()
    assert purge(url, shelf, at=NOW).ids == ("c1.r1",)


def test_given_the_house_when_the_hour_comes_then_what_is_due_is_deleted(url: str, home: Path) -> None:
    done = Retention(lambda: url, Shelf(root=home / "recordings"), now=lambda: NOW).once()
    assert done is not None and done.ids == ("c1.r1",)


def test_given_no_database_when_the_hour_comes_then_it_is_tried_again_later(home: Path) -> None:
    assert Retention(lambda: "sqlite:////nowhere/at/all.db", Shelf(root=home)).once() is None


def test_F46_given_files_without_rows_and_rows_without_files_when_looked_for_then_both_are_told(url: str, run: Run, home: Path) -> None:
    (home / "recordings" / "zz").mkdir()
    (home / "recordings" / "zz" / "zz9.r1.wav").write_bytes(b"")
    (home / "recordings" / "c2" / "c2.r1.wav").unlink()
    told = run("recordings", "orphans").stdout
    assert "zz9.r1.wav: no record of it" in told and "c2.r1: its file is gone" in told and "c1.r1" not in told


def test_given_a_row_that_was_written_again_when_it_is_held_then_it_stays_held(url: str, run: Run, said: Said) -> None:
    run("recordings", "hold", "c3.r1", "--by", "legal")
    store = Store(url)
    store.write(batch_of(4, [FakeLine(n=5, changes=(recording("c3.r1", call="c3"),))], {}))
    store.close()
    assert {row["id"]: row["held_by"] for row in said("recordings", "list")}["c3.r1"] == "legal"

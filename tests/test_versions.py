"""Kept versions: whole or not there, whatever dies in between (FAULTS.md F36)."""

import shutil
from pathlib import Path

import pytest

from acd.versions import HALF, KEPT, MANIFEST, Damaged, Version, Versions

TEXTS = {"acd.yaml": b"queues: {}\n", "flows/main.yaml": b"start: go\n", "flows/tables/people.csv": b"a,b\n"}


def version(**fields: object) -> Version:
    given = {"n": 0, "version": "0badcafe", "token": "t", "applied_at": 5.0, "by": "ann", "how": "apply"}
    return Version(**given | fields)  # type: ignore[arg-type]


@pytest.fixture
def versions(tmp_path: Path) -> Versions:
    return Versions(tmp_path / "versions")


def test_given_a_version_when_kept_then_it_reads_back_whole_and_only_we_may_read_it(versions: Versions) -> None:
    kept = versions.keep(version(what="queue ~sales", sounds={"recording/de/hi": "1", "music/jazz": "2"}), TEXTS)
    assert versions.all() == [kept] and versions.texts_of(kept) == TEXTS and kept.n == 1
    assert (kept.recordings, kept.music) == (frozenset({"de/hi"}), frozenset({"jazz"}))
    paths = [versions.folder, *versions.folder.rglob("*")]
    assert all(path.stat().st_mode & 0o077 == 0 for path in paths)


def test_given_no_folder_when_read_then_there_are_none(versions: Versions) -> None:
    assert versions.all() == [] and versions.last() is None and versions.get(1) is None


def test_given_a_kill_between_the_write_and_the_rename_when_read_then_what_is_half_is_none_and_goes_with_the_next(
    versions: Versions,
) -> None:
    first = versions.keep(version(), TEXTS)
    half = versions.folder / f"2-0badcafe{HALF}"
    shutil.copytree(versions.folder_of(first), half)
    assert versions.all() == [first]
    second = versions.keep(version(), TEXTS)
    assert second.n == 2 and versions.all() == [first, second] and not half.exists()


def test_given_a_disk_that_refuses_when_kept_then_there_is_nothing_new(versions: Versions, monkeypatch: pytest.MonkeyPatch) -> None:
    first = versions.keep(version(), TEXTS)

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("acd.versions.os.fsync", full)
        with pytest.raises(OSError, match="No space"):
            versions.keep(version(), TEXTS)
    assert versions.all() == [first]
    assert versions.keep(version(), TEXTS).n == 2


def test_given_a_manifest_that_is_cut_off_when_read_then_its_version_is_none(versions: Versions) -> None:
    first, second = (versions.keep(version(), TEXTS) for _ in range(2))
    manifest = versions.folder_of(second) / MANIFEST
    manifest.write_bytes(manifest.read_bytes()[:40])
    assert versions.last() == first
    assert versions.keep(version(), TEXTS).n == 3


@pytest.mark.parametrize("name", ["2-0badcafe.half", "x", "3", "03-zz", "2-0badcafe/../..", "4-0badcafe"])
def test_given_other_things_in_the_folder_when_read_then_they_are_no_versions(versions: Versions, name: str) -> None:
    kept = versions.keep(version(), TEXTS)
    (versions.folder / name).mkdir(parents=True, exist_ok=True)
    assert versions.all() == [kept]


def test_given_a_version_that_was_edited_when_its_texts_are_asked_for_then_it_is_refused_by_name(versions: Versions) -> None:
    kept = versions.keep(version(), TEXTS)
    (versions.folder_of(kept) / "flows" / "main.yaml").write_text("start: other\n")
    with pytest.raises(Damaged, match=r"version 1 was changed after it was kept: flows/main\.yaml"):
        versions.texts_of(kept)
    (versions.folder_of(kept) / "acd.yaml").unlink()
    with pytest.raises(Damaged, match="cannot be read"):
        versions.texts_of(kept)


def test_given_more_than_are_kept_when_one_more_comes_then_the_oldest_goes(versions: Versions) -> None:
    for _ in range(KEPT + 3):
        versions.keep(version(), {"acd.yaml": b""})
    assert [found.n for found in versions.all()] == list(range(4, KEPT + 4))


def test_given_the_chain_of_versions_when_gone_back_then_each_step_leads_one_further_and_the_first_to_none(versions: Versions) -> None:
    one = versions.keep(version(), TEXTS)
    two = versions.keep(version(before=1), TEXTS)
    back = versions.keep(version(before=one.before, copy_of=1, pinned=True), TEXTS)
    assert versions.previous(two) == one and versions.previous(back) is None


def test_given_a_version_that_did_not_come_into_force_when_forgotten_then_its_number_is_free(versions: Versions) -> None:
    versions.keep(version(), TEXTS)
    versions.forget(versions.keep(version(), TEXTS))
    assert [found.n for found in versions.all()] == [1] and [*versions.folder.glob(f"*{HALF}")] == []

"""Files of talks are found by their ids and by nothing else (FAULTS.md S11)."""

from pathlib import Path

import pytest

from acd.live.talk_files import NoRecording, Shelf

ID = "ab12.e1.r1"


def shelf(folder: Path) -> Shelf:
    (folder / "talks" / "ab").mkdir(parents=True)
    (folder / "talks" / "ab" / f"{ID}.wav").write_bytes(b"RIFF")
    return Shelf(root=folder / "talks")


def test_given_a_recording_when_asked_for_by_id_then_it_is_read_copied_and_deleted_once(tmp_path: Path) -> None:
    found = shelf(tmp_path)
    with found.open(ID) as sound:
        assert sound.read(10) == b"RIFF"
    assert found.size(ID) == 4 and list(found.all()) == [ID]
    assert found.copy(ID, tmp_path).read_bytes() == b"RIFF"
    assert found.delete(ID) is True and found.delete(ID) is False
    assert found.size(ID) is None


HOSTILE = ["", "../../etc/passwd", "ab12.r1/../x.r1", "ab..r1.r1", "/etc/passwd.r1", "AB.r1", "ab12", "ab12.r1\n", "ab12.r12345"]


@pytest.mark.parametrize("id", [*HOSTILE, "x" * 80])
def test_S11_given_an_id_that_is_none_when_asked_for_then_it_never_becomes_a_path(tmp_path: Path, id: str) -> None:
    with pytest.raises(NoRecording):
        shelf(tmp_path).path(id)


def test_S11_given_a_link_in_place_of_the_file_when_read_then_it_is_not_followed(tmp_path: Path) -> None:
    found, secret = shelf(tmp_path), tmp_path / "secret"
    secret.write_text("secret")
    path = found.path(ID)
    path.unlink()
    path.symlink_to(secret)
    with pytest.raises(NoRecording), found.open(ID):
        pass
    assert list(found.all()) == []
    found.delete(ID)
    assert secret.read_text() == "secret", "the link is gone, not what it led to"


def test_S11_given_a_link_in_place_of_the_folder_when_asked_for_then_it_is_refused(tmp_path: Path) -> None:
    found = Shelf(root=tmp_path / "talks")
    (tmp_path / "talks").mkdir()
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / f"{ID}.wav").write_bytes(b"x")
    (tmp_path / "talks" / "ab").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(NoRecording):
        found.delete(ID)
    assert (tmp_path / "elsewhere" / f"{ID}.wav").exists()

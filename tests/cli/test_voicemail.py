from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from acd.live.message_files import Box, NoName

Run = Callable[..., Result]
Said = Callable[..., Any]


@pytest.fixture
def sound(home: Path) -> Path:
    """The sound of the message m1."""
    (home / "messages").mkdir(parents=True, exist_ok=True)
    file = home / "messages" / "m1.wav"
    file.write_bytes(b"RIFF")
    return file


def test_given_a_message_when_listed_then_mailbox_caller_and_call_are_there_and_it_is_new(recorded: str, said: Said, run: Run) -> None:
    (message,) = said("voicemail", "list")
    assert (message["id"], message["mailbox"], message["contact"], message["heard"]) == ("m1", "sales", "c3", False)
    assert run("voicemail").stdout.splitlines()[1].split()[-3:] == ["new", "m1", "c3"]


@pytest.mark.parametrize("words", [["--home", "HOME"], ["list", "--home", "HOME"], ["--home", "HOME", "list"]])
def test_given_options_before_or_after_the_command_or_without_one_when_listed_then_they_mean_the_same(
    recorded: str, said: Said, home: Path, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setenv("ACD_HOME", "/nowhere")
    given = [str(home) if word == "HOME" else word for word in words]
    assert [m["id"] for m in said("voicemail", *given)] == ["m1"]
    assert said("voicemail", *given, "--mailbox", "other") == []


def test_given_a_message_when_its_sound_is_asked_for_then_its_file_is_said(recorded: str, run: Run, sound: Path) -> None:
    assert run("voicemail", "path", "m1").stdout == f"{sound}\n"
    sound.unlink()
    assert "not on this machine" in run("voicemail", "path", "m1").stderr
    assert run("voicemail", "path", "m2").exit_code == 1


@pytest.mark.parametrize("into", ["copy.wav", "."])
def test_given_a_message_when_saved_then_there_is_a_copy_in_that_file_or_folder(
    recorded: str, run: Run, sound: Path, tmp_path: Path, into: str
) -> None:
    result = run("voicemail", "save", "m1", str(tmp_path / into))
    assert Path(result.stdout.strip()).read_bytes() == b"RIFF" and sound.exists()


def test_given_a_folder_that_is_not_there_when_saved_into_then_it_says_so(recorded: str, run: Run, sound: Path) -> None:
    result = run("voicemail", "save", "m1", str(sound.parent / "none" / "x.wav"))
    assert result.exit_code == 1 and "No such file" in result.stderr


def test_given_a_message_when_heard_then_it_is_no_longer_new_until_that_is_taken_back(recorded: str, run: Run, said: Said) -> None:
    assert run("voicemail", "heard", "m1").exit_code == 0
    assert [m["heard"] for m in said("voicemail")] == [True] and said("voicemail", "--new") == []
    run("voicemail", "heard", "m1", "--not")
    assert [m["heard"] for m in said("voicemail", "--new")] == [False]


def test_given_a_message_when_deleted_then_its_sound_is_gone_and_it_is_listed_no_more_but_the_call_still_tells_of_it(
    recorded: str, run: Run, said: Said, sound: Path
) -> None:
    assert run("voicemail", "delete", "m1").exit_code == 0
    assert not sound.exists() and said("voicemail") == []
    assert run("voicemail", "path", "m1").exit_code == run("voicemail", "delete", "m1").exit_code == 1
    assert "left a message" in run("call", "c3").stdout


def test_given_one_id_of_two_that_is_none_when_deleted_then_nothing_is(recorded: str, run: Run, said: Said, sound: Path) -> None:
    result = run("voicemail", "delete", "m1", "m2")
    assert result.exit_code == 1 and "no message 'm2'" in result.stderr
    assert sound.exists() and len(said("voicemail")) == 1


@pytest.mark.parametrize("id", ["..", "../../etc/passwd", "a b", "\x00", ".m1", ""])
def test_given_an_id_that_climbs_out_when_its_file_is_asked_for_then_it_is_refused_s11(home: Path, id: str) -> None:
    with pytest.raises(NoName, match="is no file name"):
        Box(home=home).sound(id)

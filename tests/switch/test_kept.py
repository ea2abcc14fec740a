"""What a caller recorded, played to them again: from the folder of recordings, by our id, and from nowhere else."""

from pathlib import Path

import pytest

from acd.core.commands import Play
from acd.core.media import Kept, Media
from acd.live.prompts import Prompts
from acd.switch.commands_to import Dialect, encoded
from acd.switch.encode import Unencodable
from acd.words import LegId, PlayId


def never(medium: Media) -> str:
    raise AssertionError(f"nobody has a prompt for {medium}")


def played(name: str) -> str:
    play = Play(leg=LegId("a/u1"), play=PlayId("u1.3"), media=(Kept(name=name),))
    return b"".join(one.text for one in encoded(play, Dialect(resolve=never, recordings="/var/rec"))).decode()


def test_given_a_recording_of_ours_when_played_then_it_is_the_file_that_was_recorded() -> None:
    assert "execute-app-arg: /var/rec/u1.2.wav" in played("u1.2")


@pytest.mark.parametrize("name", ["", "../u1", "a/b", "a b", "..", "$x", "u1\n"])
def test_given_a_name_that_is_no_id_of_ours_when_played_then_it_is_refused(name: str) -> None:
    with pytest.raises(Unencodable):
        played(name)


def test_given_a_recording_when_the_prompts_are_asked_then_there_is_nothing_to_make_and_nobody_knows_its_length(tmp_path: Path) -> None:
    prompts, medium = Prompts(cache=tmp_path, engine=None), Kept(name="u1.2")  # type: ignore[arg-type]
    assert prompts.is_ready(medium) and prompts.lasts(medium) is None

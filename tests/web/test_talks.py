"""Talks on tape over the control socket."""

from pathlib import Path

import pytest

from acd.core.events import TapeAsked
from acd.web.control import build_control_app
from acd.words import CallId, TapeWish
from tests.metrics.floor import floor
from tests.records.making import T0


@pytest.mark.parametrize("wish", list(TapeWish))
def test_given_a_call_when_its_tape_is_asked_for_something_then_the_core_is_asked(wish: TapeWish) -> None:
    given = floor()
    answer = build_control_app(given).test_client().post(f"/v1/calls/c1/recording/{wish.value}", json={"by": "sue"})
    assert answer.status_code == 200
    assert given.asked == [TapeAsked(at=T0 + 20, call=CallId("c1"), wish=wish, by="sue")]


@pytest.mark.parametrize(
    ("path", "status"), [("c1/recording/erase", 422), ("nobody/recording/pause", 404), ("bob/recording/pause", 404)]
)
def test_given_what_makes_no_sense_when_asked_then_it_is_refused(path: str, status: int) -> None:
    given = floor()
    assert build_control_app(given).test_client().post(f"/v1/calls/{path}", json={}).status_code == status
    assert not given.asked


def test_given_a_recording_when_its_sound_is_asked_for_then_it_is_given_by_id_and_by_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "ab").mkdir()
    (tmp_path / "ab" / "ab1.r1.wav").write_bytes(b"RIFF")
    (tmp_path / "secret.wav").write_bytes(b"no")
    client = build_control_app(floor(), tmp_path).test_client()
    answer = client.get("/v1/recordings/ab1.r1/sound")
    assert (answer.status_code, answer.data, answer.mimetype) == (200, b"RIFF", "audio/wav")
    for id in ("ab1.r2", "..%2Fsecret", "secret", "ab%00.r1"):
        assert client.get(f"/v1/recordings/{id}/sound").status_code == 404

"""Talks on tape by the embedded switch: which side is which, what a mask hides, what a disk that refuses costs."""

from pathlib import Path

import numpy as np
import soundfile

from softswitch.media.recording import Recording, RecordingEnd, RecordingLimits
from softswitch.party.heard import tone_share
from tests.softswitch.house import House
from tests.softswitch.test_switch_listening import TONES, Talk

BLOCK = 1600  # 200 ms


def on_tape(path: Path) -> list[list[set[str]]]:
    """Left and right: whose tones are in each fifth of a second."""
    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    assert rate == 8000 and samples.shape[1] == 2
    return [[_tones(side[at : at + BLOCK]) for at in range(0, len(side) - BLOCK + 1, BLOCK)] for side in samples.T]


def _tones(samples: "np.ndarray[tuple[int, ...], np.dtype[np.int16]]") -> set[str]:
    if int(np.abs(samples).max(initial=0)) < 300:
        return set()
    return {name for name, hz in TONES.items() if tone_share(samples, hz) > 0.3}


def begin(talk: Talk, path: Path, *, stereo: bool = True) -> None:
    if stereo:
        talk.esl.api(f"uuid_setvar {talk.uuid['cust']} RECORD_STEREO true")
    assert talk.esl.api(f"uuid_record {talk.uuid['cust']} start {path} 60") == "+OK Success\n"


def tell(talk: Talk, word: str, path: Path) -> str:
    return talk.esl.api(f"uuid_record {talk.uuid['cust']} {word} {path}")


def test_given_a_talk_when_recorded_then_the_customer_is_left_and_the_agent_right_and_its_end_is_told(
    switch: House, tmp_path: Path
) -> None:
    talk, path = Talk(switch), tmp_path / "ab" / "ab.r1.wav"
    begin(talk, path)
    talk.lines["cust"].ended.wait(1.5)
    assert tell(talk, "stop", path) == "+OK Success\n"
    told = talk.esl.wait("RECORD_STOP")
    assert told["Record-File-Path"] == str(path) and told["Record-Completion-Cause"].startswith("success")
    assert int(told["variable_record_ms"]) >= 1000
    left, right = on_tape(path)
    assert left[2:] and all(tones == {"cust"} for tones in left[2:])
    assert all(tones == {"anna"} for tones in right[2:])


def test_given_a_mask_when_it_is_on_then_nothing_is_on_tape_and_time_goes_on(switch: House, tmp_path: Path) -> None:
    talk, path = Talk(switch), tmp_path / "m.r1.wav"
    begin(talk, path)
    for word, seconds in (("mask", 1.0), ("mask", 0.6), ("unmask", 1.0)):
        assert tell(talk, word, path) == "+OK Success\n"
        talk.lines["cust"].ended.wait(seconds)
    tell(talk, "stop", path)
    talk.esl.wait("RECORD_STOP")
    left, right = on_tape(path)
    assert len(left) >= 11, "silence has its length"
    assert not any(left[2:6]) and not any(right[2:6])
    assert left[-2] == {"cust"} and right[-2] == {"anna"}


def test_given_a_recording_when_it_is_begun_again_then_it_goes_on_as_it_is(switch: House, tmp_path: Path) -> None:
    talk, path = Talk(switch), tmp_path / "s.r1.wav"
    begin(talk, path)
    talk.lines["cust"].ended.wait(0.8)
    begin(talk, path)
    talk.lines["cust"].ended.wait(0.4)
    tell(talk, "stop", path)
    assert int(talk.esl.wait("RECORD_STOP")["variable_record_ms"]) >= 1000
    assert not [one for one in talk.esl.seen if one.get("Event-Name") == "RECORD_START"][1:]


def test_given_a_recording_when_the_two_part_and_join_again_then_it_goes_on(switch: House, tmp_path: Path) -> None:
    talk, path = Talk(switch), tmp_path / "p.r1.wav"
    begin(talk, path)
    talk.esl.api(f"uuid_transfer {talk.uuid['cust']} -both park inline")
    talk.esl.wait("CHANNEL_PARK", **{"Unique-ID": talk.uuid["cust"]})
    talk.lines["cust"].ended.wait(0.5)
    talk.join("cust", "anna")
    talk.lines["cust"].ended.wait(0.7)
    tell(talk, "stop", path)
    talk.esl.wait("RECORD_STOP")
    left, right = on_tape(path)
    assert set() in right[1:-2] and right[-2] == {"anna"} and left[-2] == {"cust"}


def test_given_a_recording_when_the_caller_hangs_up_then_its_end_is_told_before_that_of_the_leg(switch: House, tmp_path: Path) -> None:
    talk, path = Talk(switch), tmp_path / "h.r1.wav"
    begin(talk, path)
    talk.lines["cust"].hang_up()
    talk.esl.wait("CHANNEL_HANGUP_COMPLETE", **{"Unique-ID": talk.uuid["cust"]})
    names = [one["Event-Name"] for one in talk.esl.seen if one.get("Unique-ID") == talk.uuid["cust"]]
    assert names.index("RECORD_STOP") < names.index("CHANNEL_HANGUP_COMPLETE")


def test_given_a_folder_that_takes_no_file_when_recorded_then_it_is_refused_and_the_talk_goes_on(switch: House) -> None:
    talk = Talk(switch)
    assert tell(talk, "start", Path("/proc/nowhere/x.r1.wav")) == "-ERR Cannot record session!\n"
    assert talk.who_hears_whom()["cust"] == {"anna"}


def test_given_nothing_on_tape_when_masked_then_it_is_refused(switch: House, tmp_path: Path) -> None:
    talk = Talk(switch)
    for word in ("mask", "unmask"):
        assert tell(talk, word, tmp_path / "none.wav") == f"-ERR Cannot {word} recording session!\n"


def test_given_a_disk_that_is_full_when_recorded_then_the_recording_fails_once(tmp_path: Path) -> None:
    ends: list[RecordingEnd] = []
    recording = Recording(Path("/dev/full"), stereo=True, limits=RecordingLimits(), on_end=ends.append)
    assert recording.ended and [(end.why, bool(end.error)) for end in ends] == [("failed", True)]

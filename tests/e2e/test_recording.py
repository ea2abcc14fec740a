"""Talks on tape: which side is which, what a mask hides although the controller dies in it, a full disk (ACD.md 64, 65, 67)."""

import subprocess
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from . import audio
from .centre import DONE_TONE, TIMED_OUT_TONE, Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .sipp import Caller
from .waiting import until

OpenHouse = Callable[..., House]
RECORDED = {
    "sales": {"ring": "10s", "wrap_up": "1s", "max_wait": "10m", "short_abandon": "0s", "record": {"when": "always", "keep": "90d"}}
}
SECRET_FLOW = """
title: A number in confidence, on a line that is recorded
start: tape
steps:
  tape: {step: recording, do: start, next: hello, exits: {refused: bye}}
  hello: {step: play, prompt: {file: choose}, next: card}
  card:
    step: gather
    prompt: {file: choose}
    into: card
    min: 4
    max: 4
    sensitive: true
    first_digit: 30s
    between_digits: 30s
    next: after
    exits: {timeout: bye, invalid: bye}
  after: {step: play, prompt: {file: right}, next: bye}
  bye: {step: hang_up}
"""


DECLINED = """
title: Who wants no tape
start: no
steps:
  no: {step: recording, do: decline, next: line, exits: {refused: line}}
  line: {step: queue, queue: sales, otherwise: bye}
  bye: {step: hang_up}
"""
CODE_FLOW = """
title: The tape of the agent's talk
start: tape
steps:
  tape: {{step: recording, do: {do}, next: done, exits: {{refused: no}}}}
  done: {{step: hang_up, prompt: {{file: done}}}}
  no: {{step: hang_up, prompt: {{file: sorry}}}}
"""
PAUSE_CODE, RESUME_CODE = "*72", "*73"


def talking(here: House) -> tuple[Caller, Phone]:
    anna = here.ready_phone("anna")
    caller = here.caller("200").must_be_answered()
    anna.must_ring()
    anna.accept()
    until("the agent hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=1, blocks=5), within_s=10)
    return caller, anna


def tapes(here: House) -> list[dict[str, Any]]:
    return list(here.centre.cli("recordings", "list"))


def masks(here: House, call: str) -> list[dict[str, Any]]:
    """Of the tape of a running talk."""
    return list(here.centre.story_so_far(call)["recordings"][0]["masks"])


def ended(here: House, count: int = 1) -> list[dict[str, Any]]:
    def whole() -> list[dict[str, Any]] | None:
        found = [row for row in tapes(here) if row["ended_at"] is not None]
        return found if len(found) >= count else None

    return until(f"{count} recordings are booked", whole, within_s=25) or []


def sides(path: Path) -> tuple[list[int], list[int]]:
    """Left and right, for each tenth of a second: the tone that is most of what is heard, 0 for silence, 1 for anything else."""
    samples, rate = soundfile.read(path, dtype="int16", always_2d=True)
    assert (rate, samples.shape[1]) == (8000, 2)
    return tuple([_tone(side[at : at + 800]) for at in range(0, len(side) - 799, 800)] for side in samples.T)  # type: ignore[return-value]


def _tone(samples: Any) -> int:
    if float(np.sqrt(np.mean(samples.astype(float) ** 2))) < audio.QUIET_RMS:
        return 0
    known = (CALLER_TONE, *TONES.values())
    return next((tone for tone in known if audio.tone_share(samples.tobytes(), tone) > 0.6), 1)


def file_of(here: House, id: str) -> Path:
    return here.centre.home / "recordings" / id[:2] / f"{id}.wav"


def announced(**record: str | dict[str, str]) -> Plan:
    """A second that the caller hears first."""
    recorded = RECORDED["sales"] | {"record": {"when": "always", "announce": {"file": "done"}, **record}}
    return Plan(flows={"no_tape": DECLINED}, numbers={"500": "no_tape"}, settings={"queues": {"sales": recorded}})


def test_row_64_given_a_recording_that_is_announced_when_a_caller_comes_then_they_hear_it_before_anybody_rings_and_are_taped(
    house: OpenHouse,
) -> None:
    here = house(announced())
    anna = here.ready_phone("anna")
    caller = here.caller("200").must_be_answered()
    until("it is announced", lambda: caller.ear.hears_tone(DONE_TONE, since=caller.answered_at, blocks=8), within_s=8)
    assert anna.times_rung == 0, "nobody was rung before it was heard"
    anna.must_ring()
    anna.accept()
    until("the agent hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=1, blocks=5), within_s=10)
    caller.hang_up()
    [row] = ended(here)
    assert (row["outcome"], row["agent"]) == ("kept", "anna")


def test_row_64_given_a_controller_that_dies_in_the_announcement_when_it_is_back_then_it_is_said_whole_and_the_talk_is_taped(
    house: OpenHouse,
) -> None:
    here = house(announced())
    anna = here.ready_phone("anna")
    caller = here.caller("200").must_be_answered()
    until("it is being announced", lambda: caller.ear.hears_tone(DONE_TONE, since=caller.answered_at, blocks=2), within_s=8)
    here.centre.kill()
    here.centre.start()
    anna.must_ring()
    assert caller.ear.hears_tone(DONE_TONE, since=caller.answered_at, blocks=8)
    anna.accept()
    until("the agent hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=1, blocks=5), within_s=10)
    caller.hang_up()
    [row] = ended(here)
    assert row["outcome"] == "kept"


def test_row_64_given_a_caller_who_has_declined_when_they_talk_then_there_is_no_tape_and_nothing_is_announced(house: OpenHouse) -> None:
    here = house(announced())
    anna = here.ready_phone("anna")
    caller = here.caller("500").must_be_answered()
    anna.must_ring()
    anna.accept()
    until("the agent hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=1, blocks=5), within_s=10)
    assert not caller.ear.hears_tone(DONE_TONE, since=caller.answered_at)
    caller.hang_up()
    here.centre.must_become("anna", "ready")
    assert here.centre.story(caller.number)["visits"][0]["outcome"] == "answered" and not tapes(here)


def test_row_64_65_given_a_talk_when_it_is_masked_and_the_controller_dies_in_the_mask_then_what_was_said_in_it_is_not_on_tape(
    house: OpenHouse,
) -> None:
    here = house(Plan(settings={"queues": RECORDED}))
    caller, _ = talking(here)
    [running] = here.centre.ask("POST", "/v1/calls/anna/recording/pause", {"by": "test"})["recordings"]
    assert running["state"] == "masked"
    time.sleep(2.0)  # on tape it is as long
    here.centre.kill()
    time.sleep(1.0)
    here.centre.start()
    time.sleep(1.0)
    [running] = here.centre.ask("POST", "/v1/calls/anna/recording/resume", {"by": "test"})["recordings"]
    assert running["state"] == "on"
    time.sleep(2.0)
    caller.hang_up()
    [row] = ended(here)
    assert (row["queue"], row["agent"], row["outcome"], row["why"]) == ("sales", "anna", "kept", "")
    assert [mask["by"] for mask in row["masks"]] == ["test"] and row["keep_until"]
    left, right = sides(file_of(here, row["id"]))
    assert abs(len(left) / 10 - row["duration_s"]) < 0.5
    masked_s = row["masks"][0]["until"] - row["masks"][0]["at"]
    begin = int((row["masks"][0]["at"] - row["started_at"]) * 10)
    hidden = slice(begin + 4, begin + int(masked_s * 10) - 4)
    assert masked_s > 4 and not any(left[hidden]) and not any(right[hidden]), (left, right)
    assert left.count(CALLER_TONE) >= 15 and right.count(TONES["anna"]) >= 15
    assert set(left) <= {0, 1, CALLER_TONE} and TONES["anna"] not in left and CALLER_TONE not in right
    assert left[-6:-2] == [CALLER_TONE] * 4 and right[-6:-2] == [TONES["anna"]] * 4, "resumed"


def test_row_65_given_a_talk_on_tape_when_the_agent_dials_the_codes_then_what_was_said_between_is_not_on_it(house: OpenHouse) -> None:
    flows = {f"{do}_tape": CODE_FLOW.format(do=do) for do in ("pause", "resume")}
    codes = {PAUSE_CODE: "pause_tape", RESUME_CODE: "resume_tape"}
    here = house(Plan(flows=flows, codes=codes, settings={"queues": RECORDED}))
    ben = here.phone("ben")
    ben.dial(PAUSE_CODE)
    until("who talks to nobody is told so", lambda: ben.hears_tone(TIMED_OUT_TONE), within_s=8)
    caller, anna = talking(here)
    talk = here.centre.state()["calls"][0]["id"]
    time.sleep(1.0)  # on tape it is as long
    anna.dial(PAUSE_CODE)  # on another line of the same phone
    until("it is masked", lambda: masks(here, talk), within_s=8)
    anna.must_be_released(within_s=8)  # the line of the code
    until("it was said that it is done", lambda: anna.hears_tone(DONE_TONE), within_s=5)
    time.sleep(2.0)
    anna.dial(RESUME_CODE)
    until("the mask is off", lambda: masks(here, talk)[0]["until"], within_s=8)
    anna.must_be_released(within_s=8, count=2)
    time.sleep(2.0)
    caller.hang_up()
    [row] = ended(here)
    [mask] = row["masks"]
    assert (mask["by"], mask["until_by"]) == ("anna", "anna")
    left, right = sides(file_of(here, row["id"]))
    begin, end = (int((mask[key] - row["started_at"]) * 10) for key in ("at", "until"))
    hidden = slice(begin + 4, end - 4)
    assert hidden.stop - hidden.start > 15 and not any(left[hidden]) and not any(right[hidden]), (left, right)
    assert CALLER_TONE in left[: begin - 2] and CALLER_TONE in left[end + 4 :] and TONES["anna"] in right[: begin - 2]
    assert left[-6:-2] == [CALLER_TONE] * 4 and right[-6:-2] == [TONES["anna"]] * 4, "resumed"


def test_given_a_recorded_talk_when_it_ends_while_the_controller_is_dead_then_its_tape_is_booked(house: OpenHouse) -> None:
    here = house(Plan(settings={"queues": RECORDED}))
    caller, anna = talking(here)
    here.centre.kill()
    time.sleep(1.0)
    caller.hang_up()
    anna.must_be_released()
    here.centre.start()
    [row] = ended(here)
    assert row["outcome"] == "kept" and file_of(here, row["id"]).exists()
    assert CALLER_TONE in sides(file_of(here, row["id"]))[0]


def test_row_65_given_a_line_on_tape_when_something_is_asked_in_confidence_then_the_tape_is_masked_there_alone(
    house: OpenHouse,
) -> None:
    here = house(Plan(flows={"secret": SECRET_FLOW}, numbers={"400": "secret"}))
    caller = here.caller("400").must_be_answered()
    until("a number is asked for", lambda: here.centre.state()["calls"][0]["step"] == "card", within_s=10)
    time.sleep(2.0)
    caller.press("1234")
    caller.must_be_ended(within_s=15)
    [row] = ended(here)
    [mask] = row["masks"]
    assert (mask["by"], mask["until_by"]) == ("flow", "flow")
    left, _ = sides(file_of(here, row["id"]))
    hidden = slice(int((mask["at"] - row["started_at"]) * 10) + 3, int((mask["until"] - row["started_at"]) * 10) - 3)
    assert hidden.stop - hidden.start > 10 and not any(left[hidden])
    assert CALLER_TONE in left[: hidden.start] and CALLER_TONE in left[hidden.stop :]


@pytest.fixture
def tiny() -> Iterator[Callable[[Path], None]]:
    """A disk that is full at once, in place of a folder."""
    mounted: list[Path] = []

    def mount(folder: Path) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=32k", "none", str(folder)], check=False, capture_output=True)
        if done.returncode:
            pytest.skip("no right to mount a small disk here")
        mounted.append(folder)

    yield mount
    for folder in mounted:
        subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def test_row_67_F28_given_a_disk_that_is_full_when_two_talk_then_they_talk_on_and_the_tape_is_marked_failed(
    house: OpenHouse, tiny: Callable[[Path], None]
) -> None:
    here = house(Plan(settings={"queues": RECORDED}))
    tiny(here.centre.home / "recordings")
    caller, anna = talking(here)
    began = time.monotonic()
    time.sleep(5.0)
    assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < 0.3 and anna.is_in_call
    caller.hang_up()
    here.centre.must_become("anna", "ready")
    row = ended(here)[-1]
    assert (row["outcome"], row["why"]) == ("failed", "uri-failure")
    assert here.centre.story(caller.number)["visits"][0]["outcome"] == "answered"

"""A caller leaves a message: it is kept, it holds what they said, and whoever asks for it finds it.

What they say is a tone, found again in the file. ACD.md 75: the controller may die meanwhile.
"""

import wave
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from . import audio
from .centre import RIGHT_TONE, Plan
from .house import CALLER_TONE, House
from .sipp import Caller
from .waiting import throughout, until

OpenHouse = Callable[..., House]
NOTHING_TONE, SILENCE_S, MAX_S = 1680, 3, 6
BOX = """
title: Leave a message
start: box
steps:
  box:
    step: voicemail
    mailbox: main
    greeting: {{file: choose}}
    max: {max}s
    silence: {silence}s
    next: thanks
    exits: {{failed: nothing}}
  thanks: {{step: hang_up, prompt: {{file: right}}}}
  nothing: {{step: hang_up, prompt: {{file: nothing}}}}
"""
PLAN = Plan(
    flows={"box": BOX.format(max=120, silence=SILENCE_S), "short": BOX.format(max=MAX_S, silence=SILENCE_S)},
    numbers={"500": "box", "501": "short"},
    tones={"nothing": NOTHING_TONE},
)


def test_given_a_caller_who_speaks_when_they_press_hash_then_the_message_is_kept_and_they_go_on(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = _speaks(here)
    caller.press("#")
    _hears(caller, RIGHT_TONE)
    caller.must_be_ended()
    message = _only_message(here, caller)
    assert message["mailbox"] == "main" and message["seconds"] >= 1.5


def test_given_a_caller_who_speaks_when_they_fall_silent_then_the_message_is_kept_and_they_go_on(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = _speaks(here)
    caller.ear.hum(None)
    _hears(caller, RIGHT_TONE, within_s=SILENCE_S + 8)
    assert _only_message(here, caller)["seconds"] >= SILENCE_S + 1


def test_given_a_caller_who_speaks_for_ever_when_the_time_is_over_then_the_message_ends_there(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = _speaks(here, "501")
    _hears(caller, RIGHT_TONE, within_s=MAX_S + 8)
    assert MAX_S - 0.6 < _only_message(here, caller)["seconds"] < MAX_S + 2  # a busy switch looks late


def test_given_a_caller_who_speaks_when_they_hang_up_then_the_message_is_kept(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = _speaks(here)
    caller.hang_up()
    message = _only_message(here, caller)
    assert message["seconds"] == pytest.approx(_seconds(_file(here, message)), abs=0.3)


def test_given_a_caller_who_hears_the_tone_when_they_hang_up_at_once_then_there_is_no_message(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = here.caller("500").must_be_answered()
    _is_recorded(here)
    caller.hang_up()
    here.centre.story(caller.number)
    assert here.centre.cli("voicemail", "list") == []


def test_given_a_caller_who_says_nothing_when_it_is_noticed_then_there_is_no_message(house: OpenHouse) -> None:
    here = house(PLAN)
    caller = here.caller("500").must_be_answered()
    caller.ear.hum(None)
    _hears(caller, NOTHING_TONE, within_s=SILENCE_S + 10)
    here.centre.story(caller.number)
    assert here.centre.cli("voicemail", "list") == []


def test_given_a_caller_who_speaks_when_the_controller_restarts_then_they_speak_on_into_the_same_message(
    house: OpenHouse,
) -> None:
    here = house(PLAN)
    caller = _speaks(here)
    here.centre.kill()
    here.centre.start()
    throughout("they speak on", lambda: caller.is_connected, for_s=4)  # past the second look
    caller.press("#")
    _hears(caller, RIGHT_TONE)
    assert _only_message(here, caller)["seconds"] >= 5


def test_given_a_message_that_ends_while_the_controller_is_dead_when_it_is_back_then_the_message_is_kept_and_the_caller_goes_on(
    house: OpenHouse,
) -> None:
    here = house(PLAN)
    caller = _speaks(here)
    here.centre.kill()
    caller.ear.hum(None)
    (file,) = _files(here)
    until("the recording has ended", lambda: _ended(file), within_s=SILENCE_S + 5)
    here.centre.start()
    _hears(caller, RIGHT_TONE, within_s=10)
    message = _only_message(here, caller)
    assert message["seconds"] == pytest.approx(_seconds(file), abs=0.3)


def test_given_a_caller_who_hangs_up_while_the_controller_is_dead_when_it_is_back_then_the_message_is_kept(
    house: OpenHouse,
) -> None:
    here = house(PLAN)
    caller = _speaks(here)
    here.centre.kill()
    caller.hang_up()
    here.centre.start()
    _only_message(here, caller)


def _speaks(here: House, dialled: str = "500") -> Caller:
    """A caller two seconds into their message."""
    caller = here.caller(dialled).must_be_answered()
    _is_recorded(here)
    until("two seconds are kept", lambda: any(path.stat().st_size > 32_000 for path in _files(here)), within_s=12)
    return caller


def _is_recorded(here: House) -> None:
    until("the recording begins", lambda: here.centre.journal_holds('"phase":"recording"'), within_s=12)


def _only_message(here: House, caller: Caller) -> dict[str, Any]:
    """As it is listed; its file holds what the caller said."""
    story = here.centre.story(caller.number)
    (message,) = here.centre.cli("voicemail", "list")
    assert isinstance(message, dict) and message["caller_number"] == caller.number
    assert [one["id"] for one in story["messages"]] == [message["id"]]
    spoken = audio.blocks_with_tone(audio.pcm_of_growing_wav(_file(here, message)), CALLER_TONE)
    assert spoken >= 10, f"{spoken} tenths of a second of the caller's tone"
    return message


def _file(here: House, message: dict[str, Any]) -> Path:
    return here.centre.home / "messages" / f"{message['id']}.wav"


def _files(here: House) -> list[Path]:
    return list((here.centre.home / "messages").glob("*.wav"))


def _seconds(path: Path) -> float:
    with wave.open(str(path), "rb") as message:
        return message.getnframes() / message.getframerate()


def _ended(path: Path) -> bool:
    """Its end is silence, and it is whole."""
    sound = audio.pcm_of_growing_wav(path)
    return len(sound) > 0 and audio.blocks_with_tone(sound[-int((SILENCE_S - 0.3) * audio.RATE) * 2 :], CALLER_TONE) == 0


def _hears(caller: Caller, tone: int, *, within_s: float = 8.0) -> None:
    since = caller.answered_at
    until(f"the caller hears {tone} Hz", lambda: caller.ear.hears_tone(tone, since=since), within_s=within_s)

"""What is heard while waiting, and how it ends: an agent answers in the middle of it, or the caller leaves while a phone rings.

ACD.md 7, 54, 55; I9: nobody waits in dead air.
"""

import time
from collections.abc import Callable
from typing import Any

import pytest

from . import audio
from .audio import Heard
from .centre import RIGHT_TONE, Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .spoken import Listening, Voice
from .switches import MUSIC_TONE
from .waiting import throughout, until

OpenHouse = Callable[..., House]
TOLD_TONE, OFFER_TONE, OTHER_TONE = 1430, 1810, 1240
CUT_S = 0.05
LINE = """
title: A line in which something is told
start: line
steps:
  line:
    step: queue
    queue: sales
    priority: {priority}
    while_waiting: {waiting}
    keys: {{"#": left}}
    exits: {{out: out, timed_out: bye, full: bye, no_agents: bye, failed: bye}}
  left: {{step: hang_up, prompt: {{file: right}}}}
  out: {{step: hang_up, prompt: {{file: other}}}}
  bye: {{step: hang_up}}
"""
PLAIN = """
title: A line in which the place is told
start: line
steps:
  line: {{step: queue, queue: sales, priority: {priority}, while_waiting: place, otherwise: bye}}
  bye: {{step: hang_up}}
"""
TELLS = f"""
title: A long announcement, then a question
start: told
steps:
  told: {{step: play, prompt: [{", ".join(["{file: told}"] * 8)}], next: offer}}
  offer:
    step: menu
    prompt: [{", ".join(["{file: offer}"] * 8)}]
    first_digit: 20s
    tries: 1
    options: {{"1": out}}
    exits: {{timeout: music, invalid: music}}
  out: {{step: leave_queue, exit: out}}
  music: {{step: pause, for: 4s, next: told}}
"""
ASKS = TELLS.replace("start: told", "start: offer")
PLACE = """
title: The place in the line
start: place
steps:
  place: {step: say, text: "You are number {{ line.position }} in the line.", next: music}
  music: {step: pause, for: 2s, next: again}
  again: {step: return}
"""
PLAN = Plan(
    ring="30s",
    flows={
        "told": LINE.format(priority=0, waiting="tells"),
        "asked": LINE.format(priority=0, waiting="asks"),
        "placed": PLAIN.format(priority=0),
        "first": PLAIN.format(priority=50),
        "tells": TELLS,
        "asks": ASKS,
        "place": PLACE,
    },
    numbers={"600": "told", "601": "asked", "602": "placed", "603": "first"},
    tones={"told": TOLD_TONE, "offer": OFFER_TONE, "other": OTHER_TONE},
)


@pytest.mark.parametrize(("dialled", "tone"), [("600", TOLD_TONE), ("601", OFFER_TONE)], ids=["announcement", "menu"])
def test_given_row_54_something_is_told_in_line_when_an_agent_answers_then_it_is_cut_and_both_talk(
    house: OpenHouse, dialled: str, tone: int
) -> None:
    here = house(PLAN)
    anna = here.ready_phone("anna")
    caller = _waits(here, dialled)
    _hears(caller, tone)
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    _must_be_cut(caller, anna, tone)
    since = time.monotonic()
    throughout("nothing of it comes back", lambda: not _any_of(caller, tone, since=since), for_s=2)
    caller.hang_up()
    anna.must_be_released()
    assert [visit["outcome"] for visit in here.centre.story(caller.number)["visits"]] == ["answered"]


def test_given_row_54_music_behind_an_open_question_when_an_agent_answers_then_it_is_cut_and_both_talk(house: OpenHouse) -> None:
    here = house(PLAN)
    here.staffed()
    caller = _waits(here, "601")
    _hears(caller, MUSIC_TONE, within_s=15)  # the question is asked, and nothing typed
    anna = here.ready_phone("anna")
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    _must_be_cut(caller, anna, MUSIC_TONE)


@pytest.mark.parametrize(("key", "tone", "exit"), [("#", RIGHT_TONE, "#"), ("1", OTHER_TONE, "out")], ids=["key", "menu"])
def test_given_row_7_a_ringing_phone_when_the_caller_leaves_then_it_stops_and_the_caller_goes_on_by_that_exit(
    house: OpenHouse, key: str, tone: int, exit: str
) -> None:
    here = house(PLAN)
    anna = here.ready_phone("anna")
    caller = _waits(here, "601")
    _hears(caller, OFFER_TONE)
    anna.must_ring()
    caller.press(key)
    anna.must_be_released(within_s=4)
    _hears(caller, tone)
    caller.must_be_ended()
    story = here.centre.story(caller.number)
    (visit,), (offer,) = story["visits"], story["offers"]
    assert visit["outcome"] == "exited_key"
    assert offer["outcome"] != "no_answer", offer
    assert f"line.{exit}" in [f"{step['step']}.{step['exit']}" for step in story["contact"]["path"]]
    here.centre.must_become("anna", "ready")  # she has lost nothing by it
    assert anna.times_rung == 1


def test_given_row_55_a_place_that_was_told_when_somebody_goes_before_then_no_worse_one_is_told(house: OpenHouse) -> None:
    here = house(PLAN)
    here.staffed()
    before = _waits(here, "602")
    ear = Listening(_waits(here, "602"), Voice(here.stage.directory / "voice"))
    ear.hears("2")
    before.hang_up()
    ear.hears("1")
    first = _waits(here, "603")
    until("the other is before them", lambda: _line(here)[0]["caller_number"] == first.number, seen=lambda: _line(here))
    for _ in range(2):
        ear.hears("You are number")
        ear.hears("1")
    twice = ear.caller.ear.sound(since=first.answered_at)
    assert audio.find(twice, ear.voice.clip("2", "en")) is None


def test_given_nothing_but_waiting_when_announcements_and_music_take_turns_then_there_is_no_dead_air(house: OpenHouse) -> None:
    here = house(PLAN)
    here.staffed()
    caller = _waits(here, "602")
    ear = Listening(caller, Voice(here.stage.directory / "voice"))
    began = ear.hears("You are number")
    for _ in range(2):
        ear.hears_tone(MUSIC_TONE)
        ear.hears("You are number")
    assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < 1.0


def _waits(here: House, dialled: str) -> Caller:
    before = len(_line(here))
    caller = here.caller(dialled).must_be_answered()
    until("the caller is in line", lambda: len(_line(here)) > before)
    return caller


def _line(here: House) -> list[dict[str, Any]]:
    return here.centre.callers("sales")


def _hears(caller: Caller, tone: int, *, within_s: float = 8.0) -> None:
    since = time.monotonic()
    until(f"the caller hears {tone} Hz", lambda: caller.ear.hears_tone(tone, since=since), within_s=within_s)


def _talk(caller: Caller, phone: Phone) -> None:
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)


def _must_be_cut(caller: Caller, phone: Phone, tone: int) -> None:
    """Within 50 ms of the agent's first sound, with no dead air between; the agent never hears it."""
    packets = caller.ear.since(caller.answered_at)
    joined_at = min(packet.at for packet in packets if _is(packet, phone.tone))
    told_until = max(packet.at for packet in packets if _is(packet, tone))
    assert told_until - joined_at <= CUT_S, f"{told_until - joined_at:.3f} s of it after the agent's first word"
    silence = caller.ear.longest_silence_s(begin=told_until, end=joined_at) if told_until < joined_at else 0.0
    assert silence < 0.5, f"{silence:.2f} s of dead air before the agent is heard"
    assert not phone.hears_tone(tone, blocks=1)


def _any_of(caller: Caller, tone: int, *, since: float) -> bool:
    return any(_is(packet, tone) for packet in caller.ear.since(since))


def _is(packet: Heard, tone: int) -> bool:
    """Its 20 ms tell tones apart that are 100 Hz from each other."""
    return packet.is_loud and audio.tone_share(packet.pcm, tone) > 0.8

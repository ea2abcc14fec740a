"""Between the contact centre and its switch: cut, frozen, events lost or told twice. Nobody notices but the operator.

A TCP proxy stands between the two and does it (FAULTS.md; ACD.md 76-81).
"""

import time
from collections.abc import Callable

import pytest

from .centre import Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .switches import MUSIC_TONE, PROMPT_TONE
from .tcp_proxy import EventSocketProxy, is_event
from .waiting import throughout, until

OpenHouse = Callable[..., House]
DETECTED_WITHIN_S = 10.0
HEARTBEAT_S = 20.0
"""The longest that an idle switch says nothing; a lost event is noticed by the number of the next one."""

CUTS: dict[str, Callable[[EventSocketProxy], None]] = {
    "fin": lambda proxy: proxy.cut(),
    "rst": lambda proxy: proxy.cut(reset=True),
    "frozen": lambda proxy: proxy.freeze(),
}


@pytest.fixture(params=list(CUTS))
def cut(request: pytest.FixtureRequest) -> Callable[[House], None]:
    """Breaks the connection, waits until that is noticed (or healed), and lets the next one through."""

    def broken(here: House) -> None:
        proxy = _proxy(here)
        connections = proxy.connections
        CUTS[request.param](proxy)
        until("a new connection is tried", lambda: proxy.connections > connections, within_s=DETECTED_WITHIN_S)
        proxy.thaw()
        until("the switch is reached again", here.centre.is_working, within_s=15)

    return broken


def test_given_three_waiting_callers_when_the_socket_breaks_then_order_and_music_go_on(
    house: OpenHouse, cut: Callable[[House], None]
) -> None:
    here = house(through_proxy=True)
    here.staffed()
    callers = []
    for number in range(1, 4):
        callers.append(here.caller().must_be_answered())
        until(f"{number} wait", lambda: len(here.centre.callers()) == number, within_s=8)  # noqa: B023
    order, began = [c["call"] for c in here.centre.callers()], time.monotonic()
    cut(here)
    assert [c["call"] for c in here.centre.callers()] == order
    for caller in callers:
        until("music goes on", lambda: caller.ear.hears_tone(MUSIC_TONE, since=began), within_s=5)  # noqa: B023
        assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < 2
    anna = here.ready_phone("anna")
    anna.must_ring()
    anna.accept()
    _talk(callers[0], anna)


def test_given_a_ringing_phone_when_the_socket_breaks_then_it_rings_on_once_and_its_answer_counts(
    house: OpenHouse, cut: Callable[[House], None]
) -> None:
    here = house(Plan(ring="40s"), through_proxy=True)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    cut(here)
    throughout("rung once", lambda: anna.times_rung == 1, for_s=1)
    anna.accept()
    _talk(caller, anna)
    assert anna.times_rung == 1


def test_given_a_ringing_phone_when_it_is_answered_while_the_socket_is_cut_then_the_two_are_joined(house: OpenHouse) -> None:
    here = house(Plan(ring="40s"), through_proxy=True)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    proxy = _proxy(here)
    proxy.refuse()
    proxy.cut()
    anna.accept()
    anna.must_talk()
    proxy.refuse(False)
    _talk(caller, anna)
    assert anna.times_rung == 1


def test_given_two_who_talk_when_the_socket_breaks_then_they_talk_on(house: OpenHouse, cut: Callable[[House], None]) -> None:
    here = house(through_proxy=True)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    began = time.monotonic()
    cut(here)
    assert caller.ear.longest_silence_s(begin=began, end=time.monotonic()) < 0.3
    assert here.centre.agent_state("anna") == "talking"
    caller.hang_up()
    here.centre.must_become("anna", "ready", within_s=15)
    assert here.centre.story(caller.number)["visits"][0]["outcome"] == "answered"


def test_given_a_frozen_socket_when_ten_seconds_are_over_then_the_operator_knows(house: OpenHouse) -> None:
    here = house(through_proxy=True)
    _proxy(here).freeze()
    until("the switch counts as lost", lambda: not here.centre.is_working(), within_s=DETECTED_WITHIN_S)
    _proxy(here).thaw()
    until("and is reached again", here.centre.is_working, within_s=20)


def test_given_a_caller_who_leaves_while_the_socket_is_cut_when_it_is_back_then_the_call_has_ended(house: OpenHouse) -> None:
    here = house(through_proxy=True)
    here.staffed()
    caller = here.caller().must_be_answered()
    until("the caller waits", here.centre.callers, within_s=8)
    proxy = _proxy(here)
    proxy.refuse()
    proxy.cut()
    until("the switch counts as lost", lambda: not here.centre.is_working(), within_s=DETECTED_WITHIN_S)
    caller.hang_up()
    proxy.refuse(False)
    until("the house has no call", lambda: here.centre.state()["calls_in_all"] == 0, within_s=25)
    (visit,) = here.centre.story(caller.number)["visits"]
    assert visit["outcome"] in ("abandoned", "system_error")  # who ended it, nobody saw
    assert visit["ended_at"]


def test_given_a_caller_who_arrives_while_the_socket_is_cut_when_it_is_back_then_they_are_served(house: OpenHouse) -> None:
    here = house(through_proxy=True)
    anna = here.ready_phone("anna")
    proxy = _proxy(here)
    proxy.refuse()
    proxy.cut()
    until("the switch counts as lost", lambda: not here.centre.is_working(), within_s=DETECTED_WITHIN_S)
    caller = here.caller(tells_of_ringing=True)
    caller.twin.hear("ringing")
    proxy.refuse(False)
    caller.must_be_answered(within_s=25)
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)


@pytest.mark.parametrize(
    "lost",
    [
        ("CHANNEL_PARK",),
        ("CHANNEL_ANSWER",),
        ("CHANNEL_ANSWER", "CHANNEL_PARK"),
        ("CHANNEL_BRIDGE",),
        ("CHANNEL_EXECUTE_COMPLETE",),
        ("CHANNEL_PROGRESS",),
        ("BACKGROUND_JOB",),
    ],
    ids=" ".join,
)
def test_given_events_of_a_kind_are_lost_when_a_call_goes_through_then_it_is_served_all_the_same(
    house: OpenHouse, lost: tuple[str, ...]
) -> None:
    here = house(Plan(ring="60s", prompt_s=1), through_proxy=True)
    anna = here.ready_phone("anna")
    proxy = _proxy(here)
    proxy.drop(is_event(*lost))
    caller = here.caller("100").must_be_answered(within_s=HEARTBEAT_S + 10)
    since = time.monotonic()
    until("a prompt is heard", lambda: caller.ear.hears_tone(PROMPT_TONE, since=since), within_s=HEARTBEAT_S + 10)
    caller.press("1")
    anna.must_ring(within_s=HEARTBEAT_S + 10)
    anna.accept()
    _talk(caller, anna, within_s=HEARTBEAT_S + 15)
    here.centre.must_become("anna", "talking", within_s=10)
    assert anna.times_rung == 1 and proxy.dropped > 0
    caller.hang_up()
    story = here.centre.story(caller.number, within_s=HEARTBEAT_S + 15)
    assert story["visits"][0]["outcome"] == "answered"
    here.centre.must_become("anna", "ready", within_s=HEARTBEAT_S + 15)


LOST_END = is_event("CHANNEL_EXECUTE_COMPLETE", "PLAYBACK_STOP")


def test_given_the_ends_of_prompts_are_lost_when_nobody_presses_anything_then_the_flow_goes_on_within_two_seconds(
    house: OpenHouse,
) -> None:
    here = house(Plan(prompt_s=2), through_proxy=True)
    _proxy(here).drop(LOST_END)
    caller = here.caller("100").must_be_answered()
    until("the next step is reached", lambda: _step(here) == "choose", within_s=8)
    until("its prompt is heard", lambda: caller.ear.hears_tone(PROMPT_TONE, since=caller.answered_at, blocks=27), within_s=8)
    assert caller.ear.longest_silence_s(begin=caller.answered_at, end=_last_sound(caller)) < 2
    assert _proxy(here).dropped > 0


def test_given_hang_ups_are_lost_when_both_have_gone_then_the_house_finds_out(house: OpenHouse) -> None:
    here = house(through_proxy=True)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    _proxy(here).drop(is_event("CHANNEL_HANGUP_COMPLETE"))
    caller.hang_up()
    anna.must_be_released()
    here.centre.must_become("anna", "ready", within_s=HEARTBEAT_S + 15)
    assert here.centre.story(caller.number)["visits"][0]["outcome"] == "answered"


def test_given_every_event_is_told_twice_when_a_call_goes_through_then_all_happens_once(house: OpenHouse) -> None:
    here = house(Plan(prompt_s=1), through_proxy=True)
    proxy = _proxy(here)
    proxy.duplicate(lambda frame: b"text/event-plain" in frame)
    anna = here.ready_phone("anna")
    caller = here.caller("100").must_be_answered()
    until("the menu is reached", lambda: _step(here) == "choose", within_s=8)
    caller.press("1")
    anna.must_ring()
    anna.accept()
    _talk(caller, anna)
    assert anna.times_rung == 1 and proxy.duplicated > 0
    caller.hang_up()
    story = here.centre.story(caller.number)
    assert len(story["visits"]) == len(story["offers"]) == 1
    here.centre.must_become("anna", "ready")


def test_given_a_cut_in_the_middle_of_an_event_when_it_is_connected_again_then_the_call_is_served(house: OpenHouse) -> None:
    here = house(through_proxy=True)
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    _proxy(here).cut_inside(is_event("CHANNEL_ANSWER"))
    anna.accept()
    _talk(caller, anna)
    assert anna.times_rung == 1


def _proxy(here: House) -> EventSocketProxy:
    assert here.proxy
    return here.proxy


def _last_sound(caller: Caller) -> float:
    return max(packet.at for packet in caller.ear.since(0.0) if packet.is_loud)


def _step(here: House) -> str:
    calls = [call for call in here.centre.state()["calls"] if call["dialled"] == "100"]
    return str(calls[0]["step"]) if calls else ""


def _talk(caller: Caller, phone: Phone, *, within_s: float = 15.0) -> None:
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=within_s)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)

"""How agents are reached, wrap up and stand by, on real phones. ACD.md rows by number, as far as a SIP program can provoke them."""

import json
import time
from collections.abc import Callable
from typing import Any

import pytest

from tests.softswitch.esl_client import EslClient

from .centre import Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .sipp import Caller, Carrier
from .switches import MUSIC_TONE, PASSWORD
from .tcp_proxy import is_any_event
from .waiting import throughout, until

OpenHouse = Callable[..., House]
STOOD_S = 10.0
"""A line that stood for less is not rung for anew."""
CARRIER_TONE, ZIP_TONE = 780, 1400
SECOND = "1009"
BEN = {"name": "Ben", "phone": "1002", "queues": ["sales"]}
TWO_PHONES = {"anna": {"name": "Anna", "phones": ["1001", SECOND], "queues": ["sales"]}, "ben": BEN}
OUTSIDE = {"name": "Anna", "external": {"number": "+493055501", "trunk": "carrier"}, "queues": ["sales"]}
TRUNKS = {"carrier": {"prefixes": ["+4930"]}}
WRAP_UP = """
title: What came of the talk
start: code
steps:
  code: {step: gather, prompt: {file: choose}, into: code, max: 1, next: said, exits: {timeout: bye, invalid: bye}}
  said: {step: agent, do: dispose, disposition: "{{ code }}", next: done, exits: {refused: bye}}
  done: {step: hang_up, prompt: {file: done}}
  bye: {step: hang_up}
"""
NAIL_UP = """
title: A line that stays
start: nail_up
steps:
  nail_up: {step: agent, do: nail_up, next: bye, exits: {refused: bye}}
  bye: {step: hang_up}
"""


# -- several phones (ACD.md 22) ------------------------------------------------------------------------------------------


def test_given_two_phones_when_one_is_picked_up_then_the_other_stops_and_it_was_one_offer(house: OpenHouse) -> None:
    here = house(Plan(settings={"agents": TWO_PHONES}))
    desk, mobile = here.phone("anna"), here.phone("anna", SECOND)
    here.ready("anna")
    caller = here.caller().must_be_answered()
    desk.must_ring()
    mobile.must_ring()
    mobile.accept()
    desk.must_be_released()
    here.centre.must_become("anna", "talking")
    until("the caller hears Anna", lambda: caller.ear.hears_tone(TONES["anna"], since=here.opened_at), within_s=10)
    caller.hang_up()
    mobile.must_be_released()
    offers = here.centre.story(caller.number)["offers"]
    assert [offer["outcome"] for offer in offers] == ["answered"]


def test_given_two_phones_of_which_one_is_busy_when_the_other_rings_then_the_agent_is_not_busy(house: OpenHouse) -> None:
    here = house(Plan(settings={"agents": TWO_PHONES}))
    desk, mobile = here.scripted_phone("anna"), here.phone("anna", SECOND)
    here.ready("anna")
    caller = here.caller().must_be_answered()
    desk.tell(desk.must_be_invited().call, "busy")
    mobile.must_ring()
    throughout("Anna is offered", lambda: here.centre.agent_state("anna") == "offered", for_s=1)
    mobile.accept()
    here.centre.must_become("anna", "talking")
    caller.hang_up()
    assert [offer["outcome"] for offer in here.centre.story(caller.number)["offers"]] == ["answered"]


# -- agents outside (ACD.md 15) ------------------------------------------------------------------------------------------


def test_given_an_agent_outside_when_the_digit_is_pressed_then_the_two_talk_and_until_then_the_caller_hears_music(
    house: OpenHouse,
) -> None:
    here, carrier = _outside(house)
    caller = here.caller().must_be_answered()
    call = carrier.must_be_invited().call
    assert carrier.invites()[0]["number"] == "+493055501"
    carrier.tell(call, "ring")
    carrier.tell(call, "answer")
    until("the agent hears what to press", lambda: carrier.ear.hears_anything(since=here.opened_at), within_s=8)
    since = time.monotonic()
    until("the caller hears music", lambda: caller.ear.hears_tone(MUSIC_TONE, since=since, blocks=8), within_s=8)
    assert here.centre.agent_state("anna") == "offered"
    carrier.ear.press("1")
    _talk(caller, carrier)
    assert here.centre.agent_state("anna") == "talking"
    caller.hang_up()
    (offer,) = here.centre.story(caller.number)["offers"]
    assert offer["outcome"] == "answered"


def test_given_a_voicemail_that_answers_for_the_agent_when_nothing_is_pressed_then_the_next_agent_has_the_caller(
    house: OpenHouse,
) -> None:
    here, carrier = _outside(house)
    ben = here.phone("ben")
    caller = here.caller().must_be_answered()
    call = carrier.must_be_invited().call
    here.ready("ben")
    carrier.tell(call, "answer")
    ben.must_ring(within_s=30)
    ben.accept()
    here.centre.must_become("ben", "talking")
    until("the caller hears Ben", lambda: caller.ear.hears_tone(TONES["ben"], since=here.opened_at), within_s=10)
    caller.hang_up()
    first, second = here.centre.story(caller.number)["offers"]
    assert (first["outcome"], second["outcome"]) == ("no_answer", "answered")


def _outside(house: OpenHouse) -> tuple[House, Carrier]:
    here = house(Plan(trunks=TRUNKS, settings={"agents": {"anna": OUTSIDE, "ben": BEN}}))
    carrier = here.carrier("carrier", tone=CARRIER_TONE)
    here.centre.wish("anna", "ready")
    here.centre.must_become("anna", "ready")
    return here, carrier


def _talk(caller: Caller, carrier: Carrier) -> None:
    since = time.monotonic()
    until("the caller hears the outside", lambda: caller.ear.hears_tone(CARRIER_TONE, since=since, blocks=8))
    until("the outside hears the caller", lambda: carrier.ear.hears_tone(CALLER_TONE, since=since, blocks=8))


# -- a line that stays (ACD.md 25) ---------------------------------------------------------------------------------------


def test_given_a_nailed_up_line_when_callers_come_then_put_through_with_a_tone_one_after_the_other(house: OpenHouse) -> None:
    here, anna = _nailed_up(house)
    for _ in range(2):
        caller = _put_through(here, anna)
        caller.hang_up()
        here.centre.must_become("anna", "ready")
    assert anna.times_rung == 0 and anna.times_released == 0
    (offer,) = here.centre.story(caller.number)["offers"]
    assert offer["outcome"] == "answered"


def test_given_a_nailed_up_line_when_the_controller_is_killed_and_comes_back_then_it_stands_and_takes_calls(house: OpenHouse) -> None:
    here, anna = _nailed_up(house)
    here.centre.kill()
    here.centre.start()
    assert here.centre.agent("anna")["nailed_up"] and anna.times_released == 0
    _put_through(here, anna)
    assert anna.times_rung == 0


def test_given_a_nailed_up_line_when_the_agent_hangs_it_up_in_a_talk_then_the_caller_goes_on_and_the_agent_is_not_ready(
    house: OpenHouse,
) -> None:
    here, anna = _nailed_up(house)
    caller = _put_through(here, anna)
    anna.hang_up()
    here.centre.must_become("anna", "not_ready nailed_leg_lost")
    caller.must_be_ended()


def test_given_a_nailed_up_line_when_the_switch_cuts_it_off_then_her_phone_rings_and_she_is_ready_when_picked_up(
    house: OpenHouse,
) -> None:
    """As FreeSWITCH does with the agent's leg when a caller hangs up in the very moment of the bridge."""
    here, anna = _nailed_up(house)
    stands_since = time.monotonic()
    until("it has stood for a while", lambda: time.monotonic() - stands_since > STOOD_S, within_s=STOOD_S + 5)
    switch = EslClient(here.switch.ports.event_socket).log_in(PASSWORD)
    [channel] = json.loads(switch.api("show channels as json"))["rows"]
    assert switch.api(f"uuid_kill {channel['uuid']}").startswith("+OK")
    anna.must_ring()
    assert here.centre.agent_state("anna") == "not_ready nailed_leg_lost"
    anna.accept()
    here.centre.must_become("anna", "ready")
    assert here.centre.agent("anna")["nailed_up"]
    _put_through(here, anna)
    assert anna.times_rung == 1


def test_row_19_given_a_nailed_up_line_when_nobody_tells_that_it_was_joined_then_parted_and_put_through_anew(house: OpenHouse) -> None:
    """The join comes about unheard, and is given up: whoever waits in the books must not be joined in truth."""
    here, anna = _nailed_up(house, limits={"answer_grace": "2s"}, through_proxy=True)
    proxy = here.proxy
    assert proxy
    proxy.watch(None, lambda asked: proxy.drop(is_any_event) if b"uuid_bridge " in asked else None)
    caller = here.caller().must_be_answered()
    until("they are joined, unheard", lambda: anna.hears_tone(CALLER_TONE, last_s=1), within_s=10)
    assert here.centre.agent_state("anna") != "talking"
    until("they are parted", lambda: any(b"-both park" in asked for _, asked in proxy.asked), within_s=10)
    proxy.watch(None)
    proxy.drop(None)
    parted_at = time.monotonic()
    here.centre.must_become("anna", "talking", within_s=25)
    until("the caller hears Anna", lambda: caller.ear.hears_tone(TONES["anna"], since=parted_at, blocks=8), within_s=10)
    until("Anna hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=2), within_s=10)
    assert anna.times_rung == 0 and anna.times_released == 0
    caller.hang_up()
    here.centre.must_become("anna", "ready", within_s=25)
    assert [offer["outcome"] for offer in here.centre.story(caller.number)["offers"]] == ["bridge_failed", "answered"]


def _nailed_up(house: OpenHouse, *, through_proxy: bool = False, **settings: Any) -> tuple[House, Phone]:
    here = house(Plan(flows={"nail_up": NAIL_UP}, codes={"*85": "nail_up"}, settings=settings), through_proxy=through_proxy)
    anna = here.ready_phone("anna")
    anna.dial("*85")
    anna.must_talk()
    until("her line stands", lambda: here.centre.agent("anna")["nailed_up"], within_s=10)
    here.centre.must_become("anna", "ready")
    return here, anna


def _put_through(here: House, anna: Phone) -> Caller:
    caller = here.caller().must_be_answered()
    here.centre.must_become("anna", "talking")
    since = time.monotonic()
    until("the caller hears Anna", lambda: caller.ear.hears_tone(TONES["anna"], since=since, blocks=8), within_s=10)
    until("Anna hears the tone before", lambda: anna.hears_short_tone(ZIP_TONE), within_s=5)
    until("Anna hears the caller", lambda: anna.hears_tone(CALLER_TONE, last_s=2), within_s=10)
    return caller


# -- leaving, refusing, wrapping up --------------------------------------------------------------------------------------


def test_row_16_given_a_ringing_agent_when_not_ready_is_asked_for_then_it_stops_and_the_next_one_rings(house: OpenHouse) -> None:
    here = house()
    anna, ben = here.phone("anna"), here.phone("ben")
    here.ready("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    here.ready("ben")
    here.centre.wish("anna", "not-ready", "lunch")
    anna.must_be_released()
    ben.must_ring()
    ben.accept()
    here.centre.must_become("ben", "talking")
    assert here.centre.agent_state("anna") == "not_ready lunch"
    caller.hang_up()
    assert [offer["outcome"] for offer in here.centre.story(caller.number)["offers"]] == ["agent_left", "answered"]


@pytest.mark.parametrize(
    ("how", "outcome", "state", "status"),
    [("unavailable", "device_down", "not_ready device_down", 480), ("moved", "forwarded", "not_ready forwarded", 302)],
)
def test_rows_12_and_14_given_a_phone_that_is_not_there_when_offered_then_the_next_one_and_nobody_is_blamed(
    house: OpenHouse, how: str, outcome: str, state: str, status: int
) -> None:
    here = house()
    anna, ben = here.scripted_phone("anna"), here.phone("ben")
    here.ready("anna")
    caller = here.caller().must_be_answered()
    invited = anna.must_be_invited()
    here.ready("ben")
    anna.tell(invited.call, how)
    ben.must_ring()
    ben.accept()
    here.centre.must_become("ben", "talking")
    assert here.centre.agent_state("anna") == state and here.centre.agent("anna")["missed"] == 0
    caller.hang_up()
    first = here.centre.story(caller.number)["offers"][0]
    assert (first["outcome"], first["sip_status"]) == (outcome, status)


def test_row_39_given_a_mandatory_wrap_up_when_the_code_is_dialled_then_kept_and_the_agent_is_ready(house: OpenHouse) -> None:
    sales = {"ring": "10s", "retry": "3s", "wrap_up_mode": "mandatory", "dispositions": ["sold", "later"], "short_abandon": "0s"}
    here = house(Plan(flows={"wrap_up": WRAP_UP}, codes={"*86": "wrap_up"}, settings={"queues": {"sales": sales}}))
    anna = here.ready_phone("anna")
    caller = here.caller().must_be_answered()
    anna.must_ring()
    anna.accept()
    here.centre.must_become("anna", "talking")
    caller.hang_up()
    here.centre.must_become("anna", "wrap_up")
    with pytest.raises(AssertionError, match="what came of the talk is to be said first"):
        here.centre.wish("anna", "ready")
    anna.must_be_released()
    anna.dial("*86")
    anna.must_talk(count=2)
    anna.press("2")
    here.centre.must_become("anna", "ready", within_s=15)
    story = here.centre.story(caller.number)
    (wrap_up,) = story["wrap_ups"]
    assert (wrap_up["agent"], wrap_up["disposition"], wrap_up["ended_by"]) == ("anna", "later", "disposition")

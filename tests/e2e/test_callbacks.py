"""Callbacks with real calls (ACD.md 68-74): the carrier is the customer's telephone, and counts how often it is invited."""

import time
from collections.abc import Callable
from typing import Any

import pytest

from .centre import Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .sipp import Caller, Carrier
from .waiting import throughout, until

OpenHouse = Callable[..., House]
CUSTOMER_TONE = 780
SHOWN = "+493099"
RETRY_S = 10
BACK = """
title: Asks to be called back
start: ask
steps:
  ask:
    step: callback
    queue: sales
    offer: false
    number_prompt: {file: choose}
    type_prompt: {file: choose}
    done_prompt: {file: done}
    next: bye
    otherwise: bye
  bye: {step: hang_up}
"""
PREMIUM = """
start: dial
steps:
  dial: {step: transfer, to: {number: "{{ number }}", trunk: carrier}, next: bye, otherwise: sorry}
  sorry: {step: hang_up, prompt: {file: sorry}}
  bye: {step: hang_up}
"""


SOON = """
start: ask
steps:
  ask:
    step: callback
    queue: sales
    after: "1"
    number_prompt: {file: choose}
    type_prompt: {file: choose}
    done_prompt: {file: done}
    next: bye
    otherwise: bye
  bye: {step: hang_up}
"""
OWN = """
start: mine
steps:
  mine: {step: my_callback, queue: sales, do: cancel, next: gone, exits: {none: nothing}}
  gone: {step: hang_up, prompt: {file: done}}
  nothing: {step: hang_up, prompt: {file: sorry}}
"""


def plan(**how: Any) -> Plan:
    callback = {"retries": [f"{RETRY_S}s", "1h"], "ring": "20s", **how}
    sales = {"ring": "20s", "wrap_up": "1s", "retry": "3s", "short_abandon": "0s", "callback": callback}
    outbound = {"region": "DE", "caller_ids": ["+493055"]}
    start = "start: number\nsteps:\n  number: {step: set, values: {number: 'NUMBER'}, next: dial}\n" + PREMIUM.partition("steps:\n")[2]
    return Plan(
        flows={
            "back": BACK,
            "own": OWN,
            "soon": SOON,
            "premium": start.replace("NUMBER", "+499001234567"),
            "emergency": start.replace("NUMBER", "112"),
        },
        numbers={"900": "back", "901": "premium", "902": "emergency", "903": "own", "904": "soon"},
        trunks={"carrier": {"prefixes": ["+49", "112"], "caller_id": SHOWN}},
        settings={"queues": {"sales": sales}, "outbound": outbound},
    )


def opened(house: OpenHouse, **how: Any) -> tuple[House, Carrier]:
    here = house(plan(**how))
    return here, here.carrier("carrier", tone=CUSTOMER_TONE)


def asks_back(here: House, dialled: str = "900") -> str:
    """Somebody calls, confirms their number, hears that they are called, and is released; their number."""
    caller = here.caller(dialled).must_be_answered()
    until("the number is read", lambda: here.centre.state()["calls"][0]["step"] == "ask", within_s=10)
    time.sleep(1.5)
    caller.press("1")
    caller.must_be_ended(within_s=15)
    until("it is a callback", lambda: here.centre.cli("callbacks", "list"), within_s=10)
    return caller.number


def talk(phone: Phone, carrier: Carrier) -> None:
    since = time.monotonic()
    until("the agent hears the customer", lambda: phone.hears_tone(CUSTOMER_TONE), within_s=10)
    tone = TONES["anna"]
    until("the customer hears the agent", lambda: carrier.ear.hears_tone(tone, since=since, blocks=8), within_s=10)


def ended(here: House) -> dict[str, Any]:
    def over() -> Any:
        return [row for row in here.centre.cli("callbacks", "list", "--all") if row["ended_at"]]

    found: dict[str, Any] = until("the callback is over", over, within_s=15)[0]
    return found


def test_given_row_70_agent_first_when_the_agent_answers_then_the_customer_is_called_and_both_hear_each_other(house: OpenHouse) -> None:
    here, carrier = opened(house)
    anna = here.phone("anna")
    number = asks_back(here)
    assert carrier.times_invited == 0
    here.ready("anna")
    anna.must_ring()
    throughout("nobody is called before the agent is there", lambda: carrier.times_invited == 0, for_s=1)
    anna.accept()
    call = carrier.must_be_invited().call
    asked = carrier.invites()[0]
    assert asked["number"] == number and SHOWN in asked["From"]
    carrier.tell(call, "ring")
    carrier.tell(call, "answer")
    talk(anna, carrier)
    anna.hang_up()
    row = ended(here)
    assert (row["outcome"], row["agent"], [each["outcome"] for each in row["attempts"]]) == ("served", "anna", ["talked"])
    story = here.centre.cli("call", row["callback"])
    (visit,) = story["visits"]
    assert (visit["kind"], visit["outcome"], visit["agent"]) == ("callback", "answered", "anna")
    assert story["contact"]["linked_to"] == row["contact"] and story["contact"]["kind"] == "callback"
    (out,) = here.centre.cli("outbound", "list")
    assert (out["reason"], out["number"], out["trunk"], out["shown"], out["refused"]) == ("callback", number, "carrier", SHOWN, "")
    assert carrier.times_invited == 1


def test_given_row_70_customer_first_when_an_agent_is_free_then_the_customer_is_called_and_then_the_agent(house: OpenHouse) -> None:
    here, carrier = opened(house, mode="customer_first")
    anna = here.ready_phone("anna")
    asks_back(here)
    call = carrier.must_be_invited().call
    carrier.tell(call, "ring")
    throughout("the agent is reserved and not rung", lambda: anna.times_rung == 0, for_s=1)
    assert here.centre.agent_state("anna") == "offered"
    carrier.tell(call, "answer")
    answered_at = time.monotonic()
    anna.must_ring()
    rung_s = time.monotonic() - answered_at
    anna.accept()
    talk(anna, carrier)
    assert rung_s < 2.0
    carrier.tell(call, "bye")
    anna.must_be_released()
    assert ended(here)["outcome"] == "served" and carrier.times_invited == 1


def test_given_row_68_a_customer_who_chose_a_time_when_it_comes_then_they_are_called_and_not_before(house: OpenHouse) -> None:
    here, carrier = opened(house)
    anna = here.ready_phone("anna")
    asks_back(here, "904")
    (row,) = here.centre.cli("callbacks", "list")
    assert row["state"] == "held" and row["why"] == "wished for a later time" and row["next_at"] % 60 == 0
    assert anna.times_rung == 0
    anna.must_ring(within_s=100)
    assert time.time() >= row["next_at"]
    anna.accept()
    call = carrier.must_be_invited().call
    carrier.tell(call, "answer")
    talk(anna, carrier)
    carrier.tell(call, "bye")
    assert ended(here)["outcome"] == "served" and carrier.times_invited == 1


def test_given_row_71_a_busy_customer_when_called_then_the_agent_is_free_and_they_are_called_again_later(house: OpenHouse) -> None:
    here, carrier = opened(house)
    anna = here.ready_phone("anna")
    asks_back(here)
    anna.must_ring()
    anna.accept()
    carrier.tell(carrier.must_be_invited().call, "busy")
    anna.must_be_released(within_s=6)
    here.centre.must_become("anna", "ready")
    (row,) = here.centre.cli("callbacks", "list")
    assert (row["state"], [each["outcome"] for each in row["attempts"]]) == ("held", ["busy"])
    throughout("not called in the meantime", lambda: carrier.times_invited == 1, for_s=RETRY_S / 2)
    anna.must_ring(count=2, within_s=RETRY_S + 5)
    anna.accept()
    call = carrier.must_be_invited(count=2).call
    carrier.tell(call, "answer")
    talk(anna, carrier)
    carrier.tell(call, "bye")
    assert [each["outcome"] for each in ended(here)["attempts"]] == ["busy", "talked"]


def test_given_row_72_a_customer_who_calls_in_when_their_callback_is_pending_then_they_have_its_place_and_are_not_called(
    house: OpenHouse,
) -> None:
    here, carrier = opened(house)
    here.staffed()
    number = asks_back(here)
    other = here.caller("200").must_be_answered()
    again = Caller(here.stage, to=here.switch.callers, dialled="200", number=number).must_be_answered()
    again.ear.hum(CALLER_TONE)
    until("they stand first", lambda: [each["caller_number"] for each in here.centre.callers()][:1] == [number], within_s=8)
    row = ended(here)
    assert row["outcome"] == "merged" and row["into"]
    assert carrier.times_invited == 0
    again.hang_up()
    other.hang_up()


def test_given_a_callback_when_cancelled_while_the_customer_rings_then_both_phones_stop(house: OpenHouse) -> None:
    here, carrier = opened(house)
    anna = here.ready_phone("anna")
    asks_back(here)
    anna.must_ring()
    anna.accept()
    carrier.tell(carrier.must_be_invited().call, "ring")
    (row,) = here.centre.cli("callbacks", "list")
    here.centre.ask("POST", f"/v1/callbacks/{row['id']}/cancel", {})
    carrier.must_be_cancelled(within_s=4)
    anna.must_be_released(within_s=6)
    assert ended(here)["outcome"] == "cancelled"


def test_given_row_74_a_customer_who_calls_again_when_they_cancel_then_theirs_alone_is_over_and_they_are_not_called(
    house: OpenHouse,
) -> None:
    here, carrier = opened(house)
    number = asks_back(here)
    here.caller("903").must_be_answered().must_be_ended(within_s=10)
    (row,) = here.centre.cli("callbacks", "list")
    assert row["number"] == number and row["outcome"] is None, "somebody else's number"
    Caller(here.stage, to=here.switch.callers, dialled="903", number=number).must_be_answered().must_be_ended(within_s=10)
    row = ended(here)
    assert (row["outcome"], row["ended_by"], row["attempts"]) == ("cancelled", "caller", [])
    anna = here.ready_phone("anna")
    throughout("nobody is called any more", lambda: carrier.times_invited == 0 and anna.times_rung == 0, for_s=2)


@pytest.mark.parametrize("phase", ["waiting", "agent_rings", "customer_rings", "talking"])
def test_given_a_callback_when_the_controller_is_killed_then_nobody_is_called_twice_and_it_is_served(
    house: OpenHouse, phase: str
) -> None:
    """ACD.md I10: the place is kept, the agent is not lost, and the customer hears one telephone ring once."""
    here, carrier = opened(house)
    anna = here.phone("anna")
    asks_back(here)
    if phase == "waiting":
        _killed(here)
    here.ready("anna")
    anna.must_ring()
    if phase == "agent_rings":
        _killed(here)
    anna.accept()
    call = carrier.must_be_invited(within_s=15).call
    carrier.tell(call, "ring")
    if phase == "customer_rings":
        time.sleep(0.5)
        _killed(here)
    carrier.tell(call, "answer")
    talk(anna, carrier)
    if phase == "talking":
        _killed(here)
        talk(anna, carrier)
    carrier.tell(call, "bye")
    row = ended(here)
    assert row["outcome"] == "served" and carrier.times_invited == 1


def _killed(here: House) -> None:
    here.centre.kill()
    here.centre.start()


@pytest.mark.parametrize(("dialled", "rule"), [("901", "kind"), ("902", "emergency")])
def test_given_row_s01_a_number_that_may_not_leave_when_transferred_then_it_is_refused_and_told(
    house: OpenHouse, dialled: str, rule: str
) -> None:
    here, carrier = opened(house)
    caller = here.caller(dialled).must_be_answered()
    caller.must_be_ended(within_s=15)
    here.centre.story(caller.number)
    (out,) = here.centre.cli("outbound", "list", "--refused")
    assert out["refused"] == rule and out["why"] and carrier.times_invited == 0

"""Calls that are dialled for a queue, with real calls (ACD.md 37, 86): the carrier is the telephone of whoever is called."""

import time
from collections.abc import Callable
from typing import Any

from .centre import TIMED_OUT_TONE, Plan
from .house import CALLER_TONE, TONES, House
from .phones import Phone
from .sipp import Carrier
from .waiting import throughout, until

OpenHouse = Callable[..., House]
PERSON_TONE = 780
NUMBER = "+493012345678"
SORRY = """
title: Nobody was there in time
start: sorry
steps:
  sorry: {step: hang_up, prompt: {file: sorry}}
"""


def plan() -> Plan:
    return Plan(
        flows={"sorry": SORRY},
        numbers={},
        trunks={"carrier": {"prefixes": ["+49"], "caller_id": "+493099"}},
        settings={"queues": {"sales": {"ring": "20s", "wrap_up": "0s", "short_abandon": "0s"}}, "outbound": {"region": "DE"}},
    )


def opened(house: OpenHouse) -> tuple[House, Carrier]:
    here = house(plan())
    return here, here.carrier("carrier", tone=PERSON_TONE)


def dial(here: House, message: str = "") -> str:
    """The attempt's id."""
    asked = here.centre.ask("POST", "/v1/dialled", {"number": NUMBER, "queue": "sales", "message": message})
    return str(asked["attempt"])


def ended(here: House, attempt: str) -> dict[str, Any]:
    def over() -> Any:
        return [row for row in here.centre.cli("outbound", "dialled") if row["id"] == attempt]

    found: dict[str, Any] = until("the attempt is over", over, within_s=15)[0]
    return found


def both_talk(phone: Phone, carrier: Carrier) -> None:
    since = time.monotonic()
    until("the agent hears the person", lambda: phone.hears_tone(PERSON_TONE), within_s=10)
    until("the person hears the agent", lambda: carrier.ear.hears_tone(TONES["anna"], since=since, blocks=8), within_s=10)


def test_given_row_37_a_free_agent_when_a_person_answers_then_they_talk_within_two_seconds(house: OpenHouse) -> None:
    here, carrier = opened(house)
    anna = here.ready_phone("anna")
    attempt = dial(here)
    call = carrier.must_be_invited().call
    assert carrier.invites()[0]["number"] == NUMBER and "+493099" in carrier.invites()[0]["From"]
    carrier.tell(call, "ring")
    throughout("no agent is rung for a phone that rings", lambda: anna.times_rung == 0, for_s=1)
    carrier.tell(call, "answer")
    anna.must_ring()
    anna.accept()
    both_talk(anna, carrier)
    anna.hang_up()
    carrier.must_be_released()
    row = ended(here, attempt)
    assert (row["outcome"], row["agent"]) == ("talked", "anna")
    assert row["bridged_at"] - row["answered_at"] < 2.0 and row["ringing_at"] is not None
    story = here.centre.cli("call", row["contact"])
    assert story["contact"]["kind"] == "dialled" and [each["outcome"] for each in story["visits"]] == ["answered"]
    (out,) = here.centre.cli("outbound", "list")
    assert (out["id"], out["reason"], out["trunk"]) == (attempt, "campaign", "carrier")


def test_given_row_86_nobody_free_when_a_person_answers_then_they_hear_the_message_and_it_ends(house: OpenHouse) -> None:
    here, carrier = opened(house)
    attempt = dial(here, "sorry")
    call = carrier.must_be_invited().call
    carrier.tell(call, "answer")
    since = time.monotonic()
    until("the message is heard", lambda: carrier.ear.hears_tone(TIMED_OUT_TONE, since=since), within_s=10)
    carrier.must_be_released()
    row = ended(here, attempt)
    assert (row["outcome"], row["bridged_at"]) == ("dialer_abandon", None)
    assert 1.9 < row["abandoned_at"] - row["answered_at"] < 3.0


def test_given_row_37_a_caller_of_equal_priority_when_both_wait_then_the_dialled_one_goes_first(house: OpenHouse) -> None:
    here, carrier = opened(house)
    anna = here.phone("anna")
    here.centre.wish("anna", "log_in")
    caller = here.caller().must_be_answered()
    dial(here)
    call = carrier.must_be_invited().call
    carrier.tell(call, "answer")
    until("the person waits", lambda: len(here.centre.state()["calls"]) == 2, within_s=2)
    here.ready("anna")
    anna.must_ring()
    anna.accept()
    both_talk(anna, carrier)
    anna.hang_up()
    carrier.must_be_released()
    anna.must_ring(count=2)
    anna.accept()
    until("then the caller", lambda: anna.hears_tone(CALLER_TONE), within_s=10)
    caller.hang_up()


def test_given_a_busy_person_when_dialled_then_the_outcome_with_the_networks_own_word(house: OpenHouse) -> None:
    here, carrier = opened(house)
    attempt = dial(here)
    carrier.tell(carrier.must_be_invited().call, "busy")
    row = ended(here, attempt)
    assert (row["outcome"], row["cause"], row["sip_status"], row["answered_at"]) == ("busy", "USER_BUSY", 486, None)

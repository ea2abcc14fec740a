"""Several phones at once, skills and tiers, with real phones: who rings, who does not, how soon the others stop (ACD.md 28-33)."""

import time
from collections.abc import Callable
from typing import Any

from .centre import Plan
from .house import CALLER_TONE, House
from .phones import Phone
from .sipp import Caller
from .waiting import until

OpenHouse = Callable[..., House]
STOPPED_WITHIN_S = 0.2
"""So soon after the pick-up the others' phones are quiet (ACD.md 28)."""
PHONES = {"anna": "1001", "ben": "1002", "cleo": "1003"}
SALES: dict[str, Any] = {"ring": "20s", "wrap_up": "1s", "short_abandon": "0s"}


def people(**more: dict[str, Any]) -> dict[str, Any]:
    return {id: {"name": id.title(), "phone": phone, "queues": ["sales"], **more.get(id, {})} for id, phone in PHONES.items()}


ALL_AT_ONCE = Plan(agents=PHONES, settings={"queues": {"sales": SALES | {"strategy": "ring_all"}}, "agents": people()})
ONE_MORE = Plan(
    agents=PHONES,
    settings={"queues": {"sales": SALES | {"strategy": "ring_progressively", "ring_more": "2s"}}, "agents": people()},
)
SKILLED = Plan(
    agents=PHONES,
    settings={
        "queues": {"sales": SALES | {"requires": {"english": "5"}, "relax": [{"after": "4s", "requires": {"english": "3"}}]}},
        "agents": people(anna={"skills": {"english": "3"}}, ben={"skills": {"english": "8"}}),
    },
)
TIERS = Plan(
    agents=PHONES,
    settings={
        "queues": {"sales": SALES | {"tiers": {"2": "4s"}}},
        "agents": people(anna={"queues": {"sales": {"tier": "2"}}}, cleo={"queues": {"sales": {"tier": "2"}}}),
    },
)


def test_row_28_given_a_queue_that_rings_all_when_one_picks_up_then_the_others_are_quiet_at_once(house: OpenHouse) -> None:
    here = house(ALL_AT_ONCE)
    anna, ben, cleo = (here.ready_phone(name) for name in PHONES)
    caller = here.caller().must_be_answered()
    for phone in (anna, ben, cleo):
        phone.must_ring()
    ben.accept()
    talks = ben.must_talk()
    for phone in (anna, cleo):
        stopped = phone.must_be_released()
        assert stopped["at"] - talks["at"] < STOPPED_WITHIN_S, f"{phone.user} rang on for {stopped['at'] - talks['at']:.3f} s"
        assert phone.times_talked == 0
    _talk(caller, ben)
    ben.hang_up()
    caller.must_be_ended()
    story = here.centre.story(caller.number)
    assert sorted((offer["agent"], offer["outcome"]) for offer in story["offers"]) == [
        ("anna", "lost_race"),
        ("ben", "answered"),
        ("cleo", "lost_race"),
    ]
    for name in ("anna", "cleo"):
        here.centre.must_become(name, "ready")


def test_given_a_queue_that_rings_one_more_phone_each_time_when_nobody_answers_then_the_first_goes_on_ringing(house: OpenHouse) -> None:
    here = house(ONE_MORE)
    anna, ben, cleo = (here.ready_phone(name) for name in PHONES)
    caller = here.caller().must_be_answered()
    first, second = anna.must_ring(), ben.must_ring()
    assert 1.5 < second["at"] - first["at"] < 4.0 and anna.is_in_call, "it rings on"
    anna.accept()
    ben.must_be_released()
    _talk(caller, anna)
    assert cleo.times_rung == 0
    caller.hang_up()


def test_row_32_given_a_skill_that_is_needed_when_callers_wait_then_who_has_less_is_rung_only_later(house: OpenHouse) -> None:
    here = house(SKILLED)
    anna, ben, cleo = (here.ready_phone(name) for name in PHONES)
    caller = here.caller().must_be_answered()
    ben.must_ring()
    ben.accept()
    _talk(caller, ben)
    second = here.caller().must_be_answered()
    anna.must_ring(within_s=15.0)
    anna.accept()
    _talk(second, anna)
    for each in (caller, second):
        each.hang_up()
    assert cleo.times_rung == 0, "no english at all"
    (offer,) = here.centre.story(second.number)["offers"]
    assert offer["trace"]["requires"] == {"english": 3} and offer["trace"]["waited_s"] >= 4.0
    assert {one["agent"]: one["rule"] for one in offer["trace"]["passed_over"]} == {"ben": "talking", "cleo": "skill"}


def test_row_33_given_tiers_when_the_first_is_busy_then_the_second_waits_and_when_on_lunch_it_does_not(house: OpenHouse) -> None:
    here = house(TIERS)
    anna, ben = here.ready_phone("anna"), here.ready_phone("ben")
    caller = here.caller().must_be_answered()
    ben.must_ring()
    ben.accept()
    _talk(caller, ben)
    second = here.caller().must_be_answered()
    anna.must_ring(within_s=15.0)
    anna.accept()
    _talk(second, anna)
    second.hang_up()
    here.centre.must_become("anna", "ready")
    here.centre.wish("ben", "not-ready", "lunch")
    third = here.caller().must_be_answered()
    anna.must_ring(count=2)
    third.hang_up()
    caller.hang_up()
    (offer,) = here.centre.story(second.number)["offers"]
    assert offer["trace"]["waited_s"] >= 4.0
    (at_once,) = here.centre.story(third.number)["offers"]
    assert at_once["trace"]["waited_s"] < 2.0


def _talk(caller: Caller, phone: Phone) -> None:
    """The agent has picked up."""
    phone.must_talk()
    since = time.monotonic()
    until("the caller hears the agent", lambda: caller.ear.hears_tone(phone.tone, since=since, blocks=8), within_s=12)
    until("the agent hears the caller", lambda: phone.hears_tone(CALLER_TONE, last_s=1.5, blocks=8), within_s=8)

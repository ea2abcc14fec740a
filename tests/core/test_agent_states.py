"""ACD.md 9-18, 23, 25: what an agent asks for, and what offers that failed mean for them, by cause and with counts of their own."""

import pytest

from acd.core import events as ev
from acd.core.offers.offer import Offer
from acd.core.policy import FailureRule, Leaving, Reason
from acd.core.staff.agent import NETWORK_ERRORS, OVERSTAYED
from acd.words import AgentState, OfferOutcome, Wish
from tests.core.test_rows_caller import ringing
from tests.core.world import FS, World, policy

A, O = AgentState, OfferOutcome


def registers(world: World, phone: str) -> None:
    world.feed(ev.PhoneRegistered(at=world.at, node=FS, phone=phone))  # type: ignore[arg-type]


def goes(world: World, phone: str) -> None:
    world.feed(ev.PhoneUnregistered(at=world.at, node=FS, phone=phone))  # type: ignore[arg-type]


def finishing() -> World:
    world = World(policy(leaving_while_rung=Leaving.FINISH)).ready("a0", "a1")
    world.arrives("c")
    world.rings("a0")
    return world


def test_row_16_given_offers_that_are_finished_when_leaving_then_it_rings_on_and_the_wish_is_shown() -> None:
    world = finishing()
    assert world.asks("a0", Wish.NOT_READY, "lunch", by="anna") == ""
    agent = world.agent("a0")
    assert (agent.state, agent.pending, agent.pending_reason, agent.pending_by) == (A.OFFERED, Wish.NOT_READY, "lunch", "anna")
    world.after(15)
    agent = world.agent("a0")
    assert (agent.state, agent.reason, agent.by, agent.missed) == (A.NOT_READY, "lunch", "anna", 0)
    assert world.rung() == ["1000", "1001"]


def test_row_16_given_offers_that_are_finished_when_picked_up_then_the_wish_waits_for_the_end_of_the_work() -> None:
    world = finishing()
    world.asks("a0", Wish.LOG_OUT)
    world.picks_up("a0")
    world.is_bridged("a0")
    assert world.agent("a0").pending is Wish.LOG_OUT
    world.hangs_up("c")
    world.after(10)
    assert world.agent("a0").state is A.LOGGED_OUT


def test_row_16_given_a_wish_while_rung_when_taken_back_then_ready_after_the_caller_has_left() -> None:
    world = finishing()
    world.asks("a0", Wish.NOT_READY)
    world.asks("a0", Wish.READY)
    world.hangs_up("c")
    assert (world.agent("a0").state, world.agent("a0").pending) == (A.READY, None)


def test_row_17_given_a_supervisor_who_forces_a_talking_agent_when_the_talk_ends_then_that_reason_and_who_it_was() -> None:
    world = World().talks("c", "a0")
    world.asks("a0", Wish.NOT_READY, by="eva", forced=True)
    assert world.agent("a0").state is A.TALKING
    world.hangs_up("c")
    world.after(10)
    agent = world.agent("a0")
    assert (agent.state, agent.reason, agent.by) == (A.NOT_READY, "supervisor_forced", "eva")


def test_given_a_break_that_may_not_last_for_ever_when_it_does_then_an_alarm_once_and_nothing_else() -> None:
    world = World(policy(reason_rules={"lunch": Reason(most_s=1800.0)})).ready("a0")
    world.asks("a0", Wish.NOT_READY, "lunch")
    since = world.agent("a0").since
    assert world.after(1799).agent("a0").alarm == ""
    world.after(2)
    agent = world.agent("a0")
    assert (agent.state, agent.reason, agent.alarm, agent.since, agent.deadline) == (A.NOT_READY, "lunch", OVERSTAYED, since, None)


@pytest.mark.parametrize("reason", ["rna", "supervisor_forced", "wrapup_overrun", "busy", "logged_in"])
def test_given_a_reason_of_the_house_when_an_agent_gives_it_then_refused(reason: str) -> None:
    assert "no reason is called" in World().ready("a0").asks("a0", Wish.NOT_READY, reason)


def test_row_10_given_a_limit_of_its_own_for_busy_when_reached_then_not_ready_and_the_count_of_misses_is_untouched() -> None:
    rules = {O.BUSY: FailureRule(rest_s=1.0, not_ready_after=2), O.NO_ANSWER: FailureRule(not_ready_after=1)}
    world = World(policy(1, on_failed_offer=rules, queue_retry_s=1.0)).ready("a0")
    world.arrives("c")
    world.phone_ends("a0", "USER_BUSY", 486)
    world.after(2)
    world.phone_ends("a0", "USER_BUSY", 486)
    agent = world.agent("a0")
    assert (agent.state, agent.reason, agent.missed, agent.failures) == (A.NOT_READY, "busy", 0, {O.BUSY: 2})


def test_row_13_given_errors_of_the_network_when_there_are_too_many_then_an_alarm_and_the_agent_is_asked_on() -> None:
    world = World(policy(1, queue_retry_s=1.0)).ready("a0")
    world.arrives("c")
    alarms = []
    for _ in range(3):
        world.phone_ends("a0", "NORMAL_TEMPORARY_FAILURE", 503)
        alarms.append(world.agent("a0").alarm)
        world.after(11)
    assert alarms == ["", "", NETWORK_ERRORS] and world.agent("a0").state is A.OFFERED


def test_given_failures_when_a_talk_comes_about_then_all_counts_begin_anew() -> None:
    world = World(policy(1, queue_retry_s=1.0)).ready("a0")
    world.arrives("c")
    world.phone_ends("a0", "NORMAL_TEMPORARY_FAILURE", 503)
    world.after(11)
    world.picks_up("a0")
    world.is_bridged("a0")
    assert world.agent("a0").failures == {}


def test_row_18_given_an_agent_who_picks_up_and_hangs_up_when_the_house_minds_then_not_ready() -> None:
    world = World(policy(1, on_failed_offer={O.DUMPED: FailureRule(not_ready_after=1)})).ready("a0")
    world.arrives("c")
    world.picks_up("a0")
    world.phone_ends("a0", "NORMAL_CLEARING")
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "dumped")


def test_row_12_given_a_registered_phone_that_did_not_ring_when_rested_then_tried_again_and_longer_each_time() -> None:
    world = World(policy(1)).ready("a0")
    registers(world, "1000")
    world.arrives("c")
    world.after(15)
    agent = world.agent("a0")
    assert (agent.state, agent.reason, agent.deadline) == (A.NOT_READY, "device_down", world.at + 30)
    idle_since = agent.idle_since
    world.after(30)
    assert world.agent("a0").state is A.OFFERED and world.agent("a0").idle_since == idle_since
    world.after(15)
    assert world.agent("a0").deadline == world.at + 60
    world.after(60 + 15 + 120 + 15 + 240 + 15)
    assert world.agent("a0").deadline == world.at + 300, "but never longer than that"


def test_row_12_given_a_phone_that_goes_while_it_rests_when_the_rest_is_over_then_not_ready_until_it_registers() -> None:
    world = World(policy(1)).ready("a0")
    registers(world, "1000")
    world.arrives("c")
    world.after(15)
    goes(world, "1000")
    world.after(400)
    assert world.agent("a0").state is A.NOT_READY and world.rung() == ["1000"]
    registers(world, "1000")
    assert world.agent("a0").state is A.OFFERED


def test_row_22_given_two_phones_when_one_goes_then_the_agent_is_there_and_when_both_go_then_not() -> None:
    from dataclasses import replace

    rules = policy(1)
    two = replace(rules.agents["a0"], phones=("1000", "1000m"))  # type: ignore[index, arg-type]
    rules = replace(rules, agents={two.id: two}, agent_of_phone={"1000": two.id, "1000m": two.id})  # type: ignore[dict-item]
    world = World(rules)
    for phone in ("1000", "1000m"):
        registers(world, phone)
    world.ready("a0")
    goes(world, "1000")
    assert world.agent("a0").state is A.READY
    goes(world, "1000m")
    assert (world.agent("a0").state, world.agent("a0").reason) == (A.NOT_READY, "device_down")
    registers(world, "1000")
    assert world.agent("a0").state is A.READY


def test_row_9_given_an_agent_who_left_the_ring_unanswered_when_shown_then_the_caller_and_the_reason_are_told() -> None:
    world = ringing()
    world.after(15)
    assert world.agent("a0").by == "" and world.ended(Offer)[0].outcome is O.NO_ANSWER

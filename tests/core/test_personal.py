"""Callers who ask for one agent: offered like any others, to that agent and nobody else."""

import pytest

from acd.core.call import Call
from acd.core.interpreter import EndCall, EnterQueue
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.words import AgentId, AgentState, EntryOutcome, OfferOutcome, QueueId, Wish
from tests.core.world import Flows, World, policy


def world(max_wait_s: float | None = None, **rules: object) -> World:
    return World(policy(2, **rules), Flows(max_wait_s=max_wait_s))


def left(w: World) -> tuple[EntryOutcome | None, str]:
    (entry,) = w.ended(Entry)
    return entry.outcome, entry.exit


def test_given_an_agent_who_is_free_when_asked_for_then_that_phone_rings_and_no_other() -> None:
    w = world().ready("a1", "a0")
    w.arrives("c", "60")
    assert w.rung() == ["1000"]
    offer = w.offer("a0")
    assert offer.queue == "@a0" and offer.trace.strategy == "asked_for"
    assert offer.deadline == pytest.approx(w.at + 12), "the ring that was asked for"


def test_given_a_talk_with_the_agent_asked_for_when_it_is_over_then_served_and_wrap_up_as_in_their_first_queue() -> None:
    w = world(queue_wrap_up_s=33.0).ready("a0")
    w.arrives("c", "60")
    w.rings("a0")
    w.picks_up("a0")
    w.is_bridged("a0")
    w.at += 60
    w.phone_ends("a0", "NORMAL_CLEARING")
    assert left(w) == (EntryOutcome.ANSWERED, "served")
    assert w.agent("a0").state is AgentState.WRAP_UP and w.agent("a0").deadline == pytest.approx(w.at + 33)


@pytest.mark.parametrize(("wishes", "exit"), [((), "not_there"), ((Wish.LOG_IN,), "busy"), ((Wish.READY, Wish.NOT_READY), "busy")])
def test_given_an_agent_who_cannot_take_it_when_asked_for_then_the_caller_is_told_at_once(wishes: tuple[Wish, ...], exit: str) -> None:
    w = world().ready("a1")
    for wish in wishes:
        w.asks("a0", wish)
    w.arrives("c", "60")
    assert left(w) == (EntryOutcome.NO_STAFF, exit) and not w.rung()


def test_given_an_agent_in_a_talk_when_asked_for_without_time_to_wait_then_busy() -> None:
    w = world().talks("b", "a0")
    w.ready("a1")
    w.arrives("c", "60")
    assert left(w) == (EntryOutcome.NO_STAFF, "busy")


def test_given_an_agent_in_a_talk_when_asked_for_with_time_to_wait_then_rung_when_free() -> None:
    w = world(max_wait_s=600.0, queue_wrap_up_s=0.0).talks("b", "a0")
    w.ready("a1")
    w.arrives("c", "60")
    assert w.entry("c").state == "waiting"
    w.phone_ends("a0", "NORMAL_CLEARING")
    assert w.offer("a0").call == "c" and w.agent("a1").state is AgentState.READY


def test_48_given_time_to_wait_that_is_over_when_nobody_came_free_then_timed_out() -> None:
    w = world(max_wait_s=20.0).talks("b", "a0")
    w.arrives("c", "60")
    w.after(21)
    assert left(w) == (EntryOutcome.TIMED_OUT, "timed_out")


@pytest.mark.parametrize(
    ("cause", "rang", "exit"),
    [
        ("NO_ANSWER", True, "no_answer"),
        ("CALL_REJECTED", True, "busy"),
        ("USER_BUSY", False, "busy"),
        ("USER_NOT_REGISTERED", False, "not_there"),
        ("NETWORK_OUT_OF_ORDER", False, "failed"),
    ],
)
def test_given_a_phone_that_does_not_answer_when_it_ends_then_the_exit_says_why(cause: str, rang: bool, exit: str) -> None:
    w = world().ready("a0", "a1")
    w.arrives("c", "60")
    if rang:
        w.rings("a0")
    w.phone_ends("a0", cause)
    w.after(0)
    assert left(w)[1] == exit
    assert w.rung() == ["1000"], "nobody else is asked"


def test_given_the_ring_that_was_asked_for_when_it_is_over_then_no_answer() -> None:
    w = world().ready("a0")
    w.arrives("c", "60")
    w.rings("a0")
    w.after(12.5)
    assert left(w) == (EntryOutcome.TIMED_OUT, "no_answer")
    (offer,) = w.ended(Offer)
    assert offer.outcome is OfferOutcome.NO_ANSWER and w.agent("a0").state is AgentState.NOT_READY


def test_given_time_to_wait_when_the_phone_is_busy_then_asked_again_but_an_answer_of_no_counts() -> None:
    w = world(max_wait_s=300.0, busy_rest_s=10.0).ready("a0")
    w.arrives("c", "60")
    w.phone_ends("a0", "USER_BUSY")
    w.after(11)
    assert w.rung() == ["1000", "1000"]
    w.rings("a0")
    w.phone_ends("a0", "CALL_REJECTED")
    w.after(0)
    assert left(w) == (EntryOutcome.NO_STAFF, "busy")


def test_given_an_agent_who_asks_for_themselves_when_heard_then_busy() -> None:
    w = world(max_wait_s=60.0, phone_numbers={"60": "agent.a0"}).ready("a0")
    w.arrives("own", "60", phone="1000")
    assert left(w) == (EntryOutcome.NO_STAFF, "busy")


def test_given_an_agent_who_does_not_exist_when_asked_for_then_failed() -> None:
    w = World(policy(1), Flows(after={"failed": EnterQueue(queue=QueueId("x"), agent=AgentId("gone")), "": EndCall()}))
    w.arrives("c", "60")
    w2 = World(policy(0), Flows())
    w2.arrives("c", "60")
    assert left(w2) == (EntryOutcome.SYSTEM_ERROR, "failed")
    assert w.ended(Call) == []


def test_30_given_a_caller_in_the_queue_and_one_who_asked_when_the_agent_is_free_then_who_waits_longer_goes_first() -> None:
    w = world(max_wait_s=600.0, queue_wrap_up_s=0.0).talks("b", "a0")
    w.at += 1
    w.arrives("first", "60")
    w.at += 1
    w.arrives("second", "1")
    w.phone_ends("a0", "NORMAL_CLEARING")
    assert w.offer("a0").call == "first"


def test_i10_given_no_journal_when_the_marks_say_who_was_asked_for_then_that_agent_and_nobody_else() -> None:
    w = world().ready("a1", "a0")
    marks = {"call": "c", "queue": "@a0", "since": "900.000", "priority": "0", "flow": "agent.a0", "step": "agent"}
    w.arrives("c", "60", marks=marks)
    assert w.rung() == ["1000"]

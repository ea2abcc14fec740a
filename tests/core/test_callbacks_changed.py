"""A callback whose customer calls in, or that people of the house change (ACD.md 72-74)."""

import pytest

from acd.core import events as ev
from acd.core.outside.callback import CallbackOutcome, CallbackState
from acd.words import AgentState
from tests.core.called_back import MINE, CallbackWorld, callback_rules, kinds

C, O = CallbackState, CallbackOutcome


# -- the customer calls in ---


def test_given_row_72_a_customer_who_calls_in_when_a_callback_is_pending_then_they_have_its_place_and_are_not_called() -> None:
    w = CallbackWorld().asks_back()
    w.at += 300
    w.arrives("d", "1", caller_number="03055")
    w.at += 1
    w.arrives("e", "1", caller_number="03012345678")
    assert w.ended_back().outcome is O.MERGED and w.ended_back().into == "e"
    assert w.entry("e").since == 1000.0 and w.call("e").origin == "c"
    w.ready("a0")
    assert w.offer("a0").call == "e" and w.dialled == []


def test_given_row_72_an_agent_who_is_being_asked_when_the_customer_calls_in_then_the_agent_gets_the_caller() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    assert w.offer("a0").call == "c.9"
    w.arrives("e", "1", caller_number=MINE)
    assert w.offer("a0").call == "e" and w.agent("a0").idle_since == 1000.0


def test_given_row_72_another_queue_or_a_house_that_keeps_both_when_the_customer_calls_in_then_the_callback_stays() -> None:
    w = CallbackWorld(callback_rules(queues=("sales", "support"))).asks_back()
    w.arrives("e", "2", caller_number=MINE)
    assert w.back().state is C.WAITING
    w = CallbackWorld(callback_rules(merges=False)).asks_back()
    w.arrives("e", "1", caller_number=MINE)
    assert w.back().state is C.WAITING
    w = CallbackWorld().asks_back("c", "")
    w.arrives("e", "1")
    assert w.entry("e").since == w.at, "withheld numbers are nobody's"


def test_given_row_72_a_customer_who_calls_in_while_they_are_dialled_when_that_fails_then_their_call_takes_the_place() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    w.at += 5
    w.arrives("e", "1", caller_number=MINE)
    assert w.back().state is C.DIALLING
    w.customer_ends("USER_BUSY")
    assert w.ended_back().outcome is O.MERGED and w.entry("e").since == 1000.0
    assert w.offer("a0").call == "e"


# -- people of the house ---


def test_given_a_callback_when_cancelled_then_it_ends_with_its_stay_and_whoever_is_rung_stops() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    customer = w.customer()
    commands = w.feed(ev.CallbackAsked(at=w.at, callback="c.9", wish="cancel", by="kim"))
    assert {"Dismiss", "HangUp"} <= set(kinds(commands)) and w.ended_back().by == "kim"
    assert w.ended_back().outcome is O.CANCELLED and w.agent("a0").state is AgentState.READY
    w.feed(ev.LegEnded(at=w.at, leg=customer, cause="ORIGINATOR_CANCEL"))
    assert not w.state.calls and not w.state.outgoing
    w.feed(ev.CallbackAsked(at=w.at, callback="c.9", wish="cancel", by="kim"))
    assert w.decisions[-1].refused == "no callback c.9 is pending"


def test_given_a_callback_that_is_served_when_cancelled_then_refused() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.talks_back()
    w.feed(ev.CallbackAsked(at=w.at, callback="c.9", wish="cancel"))
    assert w.decisions[-1].refused == "callback c.9 is being served" and w.back().state is C.HERE


def test_given_a_callback_between_two_attempts_when_wanted_now_then_it_is_its_turn() -> None:
    w = CallbackWorld().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    w.customer_ends("NO_ANSWER")
    w.feed(ev.CallbackAsked(at=w.at, callback="c.9", wish="now"))
    assert w.rung() == ["1000", "1000"]
    w.feed(ev.CallbackAsked(at=w.at, callback="c.9", wish="now"))
    assert "nothing to wait for" in w.decisions[-1].refused


def test_given_somebody_of_the_house_who_asks_for_a_time_when_it_comes_then_it_is_its_turn() -> None:
    w = CallbackWorld()
    w.ready("a0")
    w.feed(ev.CallbackWished(at=w.at, callback="x1", queue="sales", number="03012345678", when=w.at + 500))  # type: ignore[arg-type]
    back = w.state.callbacks["x1"]
    assert (back.number, back.state, back.first, back.wake_at) == (MINE, C.HELD, None, w.at + 500)
    w.after(500)
    assert w.offer("a0").call == "x1"


@pytest.mark.parametrize(
    ("queue", "number", "why"), [("sales", "x", "is no number"), ("sales", "112", "is no number"), ("other", MINE, "calls nobody back")]
)
def test_given_a_wish_of_the_house_that_makes_no_sense_when_asked_then_refused(queue: str, number: str, why: str) -> None:
    w = CallbackWorld()
    w.feed(ev.CallbackWished(at=w.at, callback="x1", queue=queue, number=number))  # type: ignore[arg-type]
    assert why in w.decisions[-1].refused and not w.state.callbacks


def test_given_a_queue_that_is_taken_out_when_callbacks_stand_in_it_then_they_end() -> None:
    w = CallbackWorld().asks_back()
    w.state.policy = callback_rules(queues=("other",))
    w.feed(ev.PolicyChanged(at=w.at))
    assert w.ended_back().outcome is O.FAILED and not w.state.calls

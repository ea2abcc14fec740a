"""When nobody is called back: hours, limits, expiry (ACD.md 69-71)."""

from acd.core.lines.entry import Entry
from acd.core.outside.callback import CallbackOutcome, CallbackState
from acd.core.outside.outgoing import Outgoing
from acd.words import AgentState, EntryKind, EntryOutcome
from tests.core.called_back import AGAIN_S, MINE, CallbackWorld, callback_rules

C, O = CallbackState, CallbackOutcome


# -- hours, limits, expiry ---


class Shop:
    """Closed until ``opens``, then open until ``closes``."""

    def __init__(self, opens: float, closes: float = 1e12) -> None:
        self.opens, self.closes = opens, closes

    def state(self, at: float) -> str:
        return "open" if self.opens <= at < self.closes else "closed"

    def next_change(self, at: float) -> tuple[float, str] | None:
        return (self.opens, "open") if at < self.opens else (self.closes, "closed")


def test_given_row_69_closed_when_it_opens_and_somebody_is_there_then_they_are_called() -> None:
    w = CallbackWorld(callback_rules(hours="shop", calendars={"shop": Shop(5000.0)})).asks_back()
    w.ready("a0")
    assert w.back().state is C.HELD and w.rung() == []
    w.after(3998)
    assert w.rung() == []
    assert w.back().why == "outside the hours of shop"
    w.after(2)
    assert w.rung() == ["1000"] and w.back().why == ""


def test_given_row_69_it_closes_while_one_stands_in_line_when_an_agent_comes_then_nobody_is_called() -> None:
    w = CallbackWorld(callback_rules(hours="shop", calendars={"shop": Shop(0.0, 1100.0)})).asks_back()
    assert w.back().state is C.WAITING
    w.after(120)
    assert w.back().state is C.HELD
    w.ready("a0")
    assert w.rung() == []


def test_given_row_69_nobody_comes_when_it_is_too_old_then_it_expires() -> None:
    w = CallbackWorld(callback_rules(expires_s=7200.0)).asks_back()
    w.after(7199)
    assert w.back().state is C.WAITING
    w.after(1)
    assert w.ended_back().outcome is O.EXPIRED
    assert [each.outcome for each in w.ended(Entry) if each.kind is EntryKind.CALLBACK] == [EntryOutcome.TIMED_OUT]
    assert not w.state.calls and not w.state.due
    assert w.ended_back().why == "no agent of the queue was there"


def test_given_row_69_agents_who_are_busy_when_it_is_too_old_then_it_says_that_its_turn_did_not_come() -> None:
    w = CallbackWorld(callback_rules(expires_s=7200.0))
    w.arrives("x", "1")
    w.ready("a0")
    w.rings("a0")
    w.picks_up("a0")
    w.is_bridged("a0")
    w.asks_back().after(7200)
    assert w.ended_back().outcome is O.EXPIRED and w.ended_back().why.startswith("its turn did not come")


def test_given_row_69_a_callback_that_is_held_when_looked_at_then_it_says_why_and_says_it_still_when_it_expires() -> None:
    rules = callback_rules(hours="shop", calendars={"shop": Shop(5000.0, 6000.0)}, expires_s=3600.0)
    w = CallbackWorld(rules)
    w.arrives("c", "70", caller_number=MINE)
    assert w.back().why == "the call in which it was asked for is not over"
    w.hangs_up("c")
    w.after(0)
    assert w.back().why == "outside the hours of shop"
    w.after(3600)
    assert (w.ended_back().outcome, w.ended_back().why) == (O.EXPIRED, "outside the hours of shop")


def test_given_row_71_attempts_and_the_gate_when_it_waits_then_each_reason_is_its_own_and_none_in_line() -> None:
    w = CallbackWorld(callback_rules(gate={"per_number": 1})).asks_back()
    assert w.back().why == ""
    w.ready("a0")
    w.picks_up("a0")
    w.customer_ends("NO_ANSWER")
    assert w.back().why == "until the next attempt"
    w.after(AGAIN_S)
    assert w.back().state is C.HELD and MINE in w.back().why


def test_given_a_limit_of_the_gate_when_it_is_reached_then_it_is_held_until_it_counts_anew() -> None:
    w = CallbackWorld(callback_rules(gate={"per_number": 1})).asks_back()
    w.ready("a0")
    w.picks_up("a0")
    w.customer_ends("USER_BUSY")
    w.after(AGAIN_S)
    assert w.rung() == ["1000"] and w.back().wake_at == 86400.0


def test_given_a_trunk_that_is_full_when_the_agent_stands_ready_then_the_agent_is_let_go_and_it_was_no_attempt() -> None:
    w = CallbackWorld(callback_rules(gate={"ways": (_way(at_once=1),)})).asks_back("c").asks_back("d", "+493087654321")
    w.ready("a0", "a1")
    w.picks_up("a0")
    w.picks_up("a1")
    assert w.dialled == [MINE] and w.back("d").state is C.HELD and w.back("d").attempts == ()
    assert w.agent("a1").state is AgentState.READY
    refused = [each for each in w.ended(Outgoing) if each.refused]
    assert [each.refused for each in refused] == ["trunk_busy"]


def _way(**more: object):  # type: ignore[no-untyped-def]
    from acd.core.outside.outbound_policy import Way

    return Way(trunk="carrier", prefixes=("+",), **more)  # type: ignore[arg-type]


def test_given_a_number_that_the_house_does_not_call_any_more_when_its_turn_comes_then_it_is_over() -> None:
    w = CallbackWorld(callback_rules(gate={"blocked": ("+4930",)})).asks_back()
    assert w.ended_back().outcome is O.REFUSED

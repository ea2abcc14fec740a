"""A callback for a certain time, and one that its customer changes (ACD.md 68, 69, 72, 74)."""

from acd.core import events as ev
from acd.core.offers.offer import Offer
from acd.core.outside.callback import CallbackOutcome, CallbackState
from acd.words import OfferOutcome
from tests.core.called_back import MINE, CallbackWorld, Own, callback_rules
from tests.core.world import FS

C = CallbackState
OTHER = "+493087654321"


def house(*, wished_at: float | None = None, number: str = "", at: float | None = None) -> CallbackWorld:
    flows = Own()
    flows.wished_at, flows.number, flows.at = wished_at, number, at
    return CallbackWorld(callback_rules(), flows)


def flows(w: CallbackWorld) -> Own:
    assert isinstance(w.state.flows, Own)
    return w.state.flows


def why(w: CallbackWorld, name: str) -> str:
    frame = w.call(name).frame
    assert frame is not None
    return frame.variables["why"]


def restarted(w: CallbackWorld) -> CallbackWorld:
    """The journal is read by another process, which knows of no switch yet."""
    fresh = house()
    fresh.state.nodes.clear()
    for decision in w.decisions:
        for record in decision.changes:
            fresh.state.put(record)
    fresh.at = w.at
    return fresh


def test_given_row_68_a_time_that_is_wished_when_it_has_not_come_then_it_is_held_and_nobody_is_asked() -> None:
    w = house(wished_at=1900.0).asks_back()
    w.ready("a0")
    w.after(890)
    assert (w.back().state, w.back().wake_at, w.back().why) == (C.HELD, 1900.0, "wished for a later time")
    assert w.rung() == []
    w.after(1900.0 - w.at)
    assert w.rung() == ["1000"], "to the minute"


def test_given_row_68_a_time_that_is_wished_when_it_comes_then_its_place_is_that_of_somebody_who_calls_then() -> None:
    w = house(wished_at=1900.0).asks_back()
    w.at = 1800.0
    w.arrives("early", "1")
    w.at = 1950.0
    w.arrives("late", "1")
    w.after(0)
    assert [each.call for each in w.state.line(w.entry("c.9").queue)] == ["early", "c.9", "late"]


def test_given_row_69_a_time_that_is_wished_when_it_expires_then_that_is_counted_from_the_time() -> None:
    w = house(wished_at=1900.0).asks_back()
    assert w.back().expires_at == 1900.0 + 86400.0


def test_given_row_74_one_for_later_when_they_ask_for_one_without_a_time_then_it_is_as_soon_as_it_is_their_turn() -> None:
    w = house(wished_at=9000.0).asks_back()
    flows(w).wished_at = None
    w.at += 100
    w.asks_back("d")
    assert list(w.state.callbacks) == ["c.9"] and (w.back().not_before, w.back().since) == (1100.0, 1100.0)
    w.ready("a0")
    assert w.rung() == [], "they are hardly off the line"
    w.after(60)
    assert w.rung() == ["1000"]


def test_given_row_74_one_in_line_when_they_ask_for_one_at_a_time_then_that_is_when_they_are_called() -> None:
    w = house().asks_back()
    flows(w).wished_at = 9000.0
    w.asks_back("d")
    back, entry = w.back(), w.entry("c.9")
    assert (back.state, back.wake_at, back.since, entry.held) == (C.HELD, 9000.0, 9000.0, True)


def test_given_row_68_a_callback_when_its_number_is_changed_then_it_keeps_its_place_and_the_other_number_is_called() -> None:
    w = house(number=OTHER).asks_back()
    w.at += 50
    w.arrives("x", "1")
    w.arrives("d", "83", caller_number=MINE)
    assert why(w, "d") == "granted" and w.back().number == OTHER
    assert [each.call for each in w.state.line(w.entry("c.9").queue)] == ["c.9", "x"]
    assert list(w.state.callback_of.values()) == ["c.9"] and [number for _, number in w.state.callback_of] == [OTHER]
    w.ready("a0")
    w.picks_up("a0")
    assert w.dialled == [OTHER]


def test_given_an_agent_whose_phone_rings_for_it_when_it_is_put_off_then_the_phone_stops_and_it_is_held() -> None:
    w = house(at=9000.0).asks_back()
    w.ready("a0")
    w.arrives("d", "83", caller_number=MINE)
    assert why(w, "d") == "granted"
    assert [each.outcome for each in w.ended(Offer)] == [OfferOutcome.NOT_REACHED]
    assert (w.back().state, w.back().wake_at, w.back().attempts) == (C.HELD, 9000.0, ())


def test_given_a_customer_whose_phone_rings_when_they_change_it_then_there_is_nothing_to_change() -> None:
    w = house(number=OTHER).asks_back()
    w.ready("a0")
    w.picks_up("a0")
    w.arrives("d", "83", caller_number=MINE)
    assert why(w, "d") == "callback c.9 is being called" and w.back().number == MINE


def test_given_row_74_a_number_that_has_a_callback_when_another_is_changed_to_it_then_one_is_left_in_the_better_place() -> None:
    w = house(number=OTHER).asks_back()
    w.at += 30
    w.asks_back("e", OTHER)
    w.arrives("d", "83", caller_number=MINE)
    assert (w.ended_back().outcome, w.ended_back().into) == (CallbackOutcome.MERGED, "e.9")
    assert (w.back("e").since, w.entry("e.9").since) == (1000.0, 1000.0)


def test_given_somebody_elses_number_when_they_change_it_then_it_stays() -> None:
    w = house(number=OTHER, at=9000.0).asks_back()
    w.arrives("d", "83", caller_number="+493011111111")
    assert why(w, "d").startswith("no callback of this caller") and (w.back().number, w.back().not_before) == (MINE, None)


def test_given_a_time_and_a_number_that_were_changed_when_the_house_restarts_then_it_stands_as_changed() -> None:
    w = house(number=OTHER, at=9000.0).asks_back()
    w.arrives("d", "83", caller_number=MINE)
    w.hangs_up("d")
    w.feed(ev.NodeLost(at=w.at, node=FS))
    fresh = restarted(w)
    assert fresh.back() == w.back() and fresh.state.callback_of == w.state.callback_of
    assert (fresh.back().number, fresh.back().wake_at) == (OTHER, 9000.0)
    assert list(fresh.state.due) == list(w.state.due)

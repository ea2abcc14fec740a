"""A caller looks after the callback that they have (ACD.md 72, 74): theirs alone, and only where the number tells one person."""

from typing import Any

import pytest

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.outside.callback import CallbackOutcome, CallbackState
from tests.core.called_back import MINE, CallbackWorld, Own, callback_rules
from tests.core.world import FS


def house(**how: Any) -> CallbackWorld:
    return CallbackWorld(callback_rules(**how), Own())


def said(w: CallbackWorld, name: str) -> str:
    frame = w.call(name).frame
    assert frame is not None
    return frame.variables["why"]


def test_given_row_74_a_callback_when_its_customer_looks_then_there_is_one_and_it_stays() -> None:
    w = house().asks_back()
    w.arrives("d", "81", caller_number=MINE)
    assert said(w, "d") == "granted" and w.back().state is CallbackState.WAITING


def test_given_row_74_a_callback_when_its_customer_cancels_then_it_is_over_and_nobody_is_called() -> None:
    w = house().asks_back()
    w.arrives("d", "82", caller_number="03012345678")
    assert said(w, "d") == "granted"
    assert (w.ended_back().outcome, w.ended_back().by) == (CallbackOutcome.CANCELLED, "caller")
    w.hangs_up("d")
    w.ready("a0")
    w.after(7200)
    assert w.dialled == [] and not w.state.callbacks and not w.state.calls


def test_given_a_phone_that_rings_for_it_when_its_customer_cancels_from_another_line_then_it_stops() -> None:
    w = house().asks_back()
    w.ready("a0")
    w.picks_up("a0")
    ringing = w.customer()
    w.arrives("d", "82", caller_number=MINE)
    assert w.ended_back().outcome is CallbackOutcome.CANCELLED
    assert cm.HangUp(leg=ringing, cause="ORIGINATOR_CANCEL") in [c for d in w.decisions for c in d.commands]


@pytest.mark.parametrize("number", ["", "anonymous", "+493087654321"])
def test_given_a_caller_who_is_not_surely_theirs_when_they_cancel_then_there_is_none_and_it_stays(number: str) -> None:
    w = house().asks_back()
    w.arrives("d", "82", caller_number=number)
    assert said(w, "d").startswith("no callback of this caller") and w.back().is_live


def test_given_a_number_that_several_call_with_now_when_one_cancels_then_it_is_nobodys() -> None:
    w = house().asks_back()
    w.arrives("x", "81", caller_number=MINE)
    w.arrives("d", "82", caller_number=MINE)
    assert said(w, "d") != "granted" and w.back().is_live


@pytest.mark.parametrize("number", ["81", "82"])
def test_given_a_callback_that_is_talked_when_somebody_asks_for_it_then_there_is_none(number: str) -> None:
    w = house().asks_back()
    w.ready("a0")
    w.talks_back()
    w.arrives("d", number, caller_number=MINE)
    assert said(w, "d") != "granted" and w.back().state is CallbackState.HERE


def test_given_a_cancelled_callback_when_the_house_restarts_then_it_stays_cancelled() -> None:
    w = house().asks_back()
    w.arrives("d", "82", caller_number=MINE)
    w.feed(ev.NodeLost(at=w.at, node=FS))
    fresh = house()
    fresh.state.nodes.clear()
    for decision in w.decisions:
        for record in decision.changes:
            fresh.state.put(record)
    assert not fresh.state.callbacks and not fresh.state.callback_of and "c.9" not in fresh.state.calls

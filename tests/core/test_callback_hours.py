"""A callback that people of the house ask for, beside the hours in which its queue calls customers (ACD.md 68, 69)."""

from math import inf

import pytest

from acd.core import events as ev
from acd.core.outside.callback import CallbackOutcome, CallbackState
from acd.core.outside.callback_hours import first_in_hours
from acd.words import QueueId
from tests.core.called_back import MINE, CallbackWorld, callback_rules
from tests.core.test_callbacks_limits import Shop

SALES = QueueId("sales")
DAY_S = 86400.0


class Never:
    def state(self, at: float) -> str:
        return "closed"

    def next_change(self, at: float) -> None:
        return None


def house(calendar: object, **how: object) -> CallbackWorld:
    """It is 1000."""
    return CallbackWorld(callback_rules(hours="shop", calendars={"shop": calendar}, **how))  # type: ignore[arg-type]


def wished(w: CallbackWorld, when: float | None) -> str:
    w.feed(ev.CallbackWished(at=w.at, callback="x1", queue=SALES, number=MINE, when=when))
    return w.decisions[-1].refused


def first(w: CallbackWorld, at: float) -> float | None:
    return first_in_hours(w.state, SALES, at, w.at)


def test_given_row_68_a_time_outside_the_hours_when_the_house_asks_for_it_then_it_is_held_until_they_open() -> None:
    w = house(Shop(5000.0))
    assert wished(w, 4000.0) == "" and first(w, 4000.0) == 5000.0
    w.ready("a0")
    w.after(4990.0 - w.at)
    assert w.rung() == [] and w.state.callbacks["x1"].why == "outside the hours of shop"
    w.after(10)
    assert w.rung() == ["1000"]


@pytest.mark.parametrize(
    ("calendar", "why"),
    [(Shop(4000.0 + DAY_S), "before it opens again the callback would have expired"), (Never(), "does not open any more")],
)
def test_given_row_69_hours_that_open_after_it_has_expired_when_asked_for_then_refused_for_it_could_never_be_kept(
    calendar: object, why: str
) -> None:
    w = house(calendar)
    said = wished(w, 4000.0)
    assert said.startswith("shop is closed then, ") and why in said and "queues: sales: callback" in said
    assert not w.state.callbacks and not w.state.calls
    assert wished(house(Shop(3999.0 + DAY_S)), 4000.0) == "", "a second earlier it can"


def test_given_nothing_but_now_when_the_hours_open_too_late_then_refused_as_well() -> None:
    assert wished(house(Shop(1000.0 + DAY_S)), None).startswith("shop is closed now, ")
    assert wished(house(Shop(5000.0)), None) == ""


def test_given_a_time_that_is_past_when_asked_for_then_refused_and_the_minute_that_runs_is_not() -> None:
    assert wished(house(Shop(0.0)), 939.0) == "that time is past"
    assert wished(house(Shop(0.0)), 941.0) == ""


def test_given_hours_that_are_forced_when_the_first_moment_is_asked_for_then_they_say_it_of_now_and_nothing_of_later() -> None:
    w = house(Shop(5000.0))
    assert (first(w, w.at), first(w, 4000.0), first(w, 6000.0)) == (5000.0, 5000.0, 6000.0)
    w.feed(ev.CalendarForced(at=w.at, calendar="shop", state="open"))
    assert (first(w, w.at), first(w, 4000.0)) == (w.at, 5000.0)
    w.feed(ev.CalendarForced(at=w.at, calendar="shop", state="closed"))
    assert (first(w, w.at), first(w, 6000.0)) == (None, 6000.0)
    assert wished(w, None) == "", "nobody can say that it will not open"
    w.feed(ev.CalendarForced(at=w.at, calendar="shop", state="closed", until=3000.0))
    assert first(w, w.at) == 5000.0, "given back to hours that are closed then"
    assert first(house(Never()), 4000.0) == inf


def test_given_no_hours_at_all_when_asked_for_then_any_time_will_do_and_the_queues_own_hours_hold_where_it_has_them() -> None:
    w = CallbackWorld()
    assert first(w, 4000.0) == 4000.0 and wished(w, 4000.0) == ""
    own = CallbackWorld(callback_rules(queue_hours="shop", calendars={"shop": Shop(5000.0)}))
    assert first(own, 4000.0) == 5000.0


def test_given_one_that_is_held_to_its_end_when_it_expires_then_it_says_what_held_it() -> None:
    w = house(Shop(5000.0, 5001.0), expires_s=6000.0)
    assert wished(w, 4000.0) == ""
    w.after(10_000.0)
    assert w.state.callbacks.get("x1") is None
    over = [each for d in w.decisions for each in d.changes if getattr(each, "id", "") == "x1" and hasattr(each, "expires_at")]
    assert (over[-1].state, over[-1].outcome) == (CallbackState.ENDED, CallbackOutcome.EXPIRED)  # type: ignore[union-attr]

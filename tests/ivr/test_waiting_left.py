"""How callers leave the line by what they press or ask for, and what crosses it (ACD.md 7, 43, 48)."""

import pytest

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import HangUp, Play
from acd.core.lines.entry import Entry
from acd.words import AgentState, EntryOutcome, OfferOutcome, Owner
from tests.ivr.in_line import MAIN, heard, play_ends, press, steps_of, world


def test_given_a_menu_during_the_wait_when_1_is_pressed_then_out_by_that_exit_with_what_was_set() -> None:
    w = world()
    w.arrives("c", caller_number="+4930")
    play_ends(w)
    commands = press(w, "1")
    assert heard(commands) == ["We call +4930"]
    (entry,) = w.ended(Entry)
    assert (entry.outcome, entry.exit) == (EntryOutcome.EXITED_KEY, "callback")
    assert ("out", "callback", 1) in steps_of(w.call("c")) and ("line", "callback", 1) in steps_of(w.call("c"))


def test_7_given_a_phone_that_rings_when_the_waiting_flow_leaves_then_it_stops_first() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    ringing = w.offer("a0")
    play_ends(w)
    commands = press(w, "1")
    kinds = [type(c) for c in commands]
    assert kinds.index(HangUp) < kinds.index(Play)
    assert next(c for c in commands if isinstance(c, HangUp)).leg == ringing.leg
    assert w.agent("a0").state is AgentState.READY
    offers = w.ended(type(ringing))
    assert [o.outcome for o in offers] == [OfferOutcome.EXITED_KEY]


def test_given_a_key_of_the_queue_when_pressed_in_the_menu_then_it_leaves() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    assert heard(press(w, "#")) == ["Message."] and w.call("c").waiting is None


def test_race_given_digit_1_when_it_crosses_the_agents_answer_then_the_answer_wins() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    play_ends(w)
    w.feed(ev.LegAnswered(at=w.at, leg=w.offer("a0").leg))
    assert not press(w, "1") and w.decisions[-1].late
    w.feed(ev.LegParked(at=w.at, leg=w.offer("a0").leg, inbound=False))
    w.is_bridged("a0")
    assert w.call("c").owner is Owner.AGENT


def test_race_given_the_answer_when_digit_1_came_before_it_then_the_phone_is_let_go() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    target = w.offer("a0").leg
    play_ends(w)
    press(w, "1")
    assert not w.feed(ev.LegAnswered(at=w.at, leg=target))
    assert [type(c).__name__ for c in w.feed(ev.LegParked(at=w.at, leg=target, inbound=False))] == ["Dismiss"]
    assert w.call("c").owner is Owner.FLOW


def test_48_given_the_longest_wait_when_it_is_over_then_the_outer_flow_goes_on() -> None:
    w = world(queue_max_wait_s=30.0)
    w.arrives("c")
    w.after(31)
    assert w.call("c").frame.step == "late" and w.call("c").waiting is None  # type: ignore[union-attr]


def test_given_a_flow_that_leaves_at_once_when_it_is_met_again_and_again_then_the_failsafe_has_the_caller() -> None:
    main = MAIN.replace("callback: promised", "callback: line")
    w = world(main=main.replace("  promised: {step: say, text: \"We call {{ number }}.\", next: bye}\n", ""),
              meanwhile="start: a\nsteps:\n  a: {step: leave_queue, exit: callback}\n")  # fmt: skip
    w.arrives("c")
    assert w.call("c").ending == "FAILSAFE"


def test_given_a_caller_who_hangs_up_in_the_waiting_flow_when_told_then_the_trail_says_where() -> None:
    w = world()
    w.arrives("c")
    w.at += 7
    w.hangs_up("c")
    (call,) = w.ended(Call)
    assert ("hello", "", 1) in steps_of(call) and ("line", "", 1) in steps_of(call)


@pytest.mark.parametrize(
    ("way", "step"),
    [("exits: {closed: night, timed_out: day, full: day, no_agents: day, failed: day}", "night"), ("otherwise: day", "day")],
)
def test_43_given_a_closed_queue_when_a_caller_comes_then_the_flow_goes_on_by_closed(way: str, step: str) -> None:
    main = f"""start: line
steps:
  line: {{step: queue, queue: sales, {way}}}
  day: {{step: pause, for: 5s, next: bye}}
  night: {{step: pause, for: 5s, next: bye}}
  bye: {{step: hang_up}}
"""
    main = main.replace("  night: {step: pause, for: 5s, next: bye}\n", "") if step == "day" else main
    w = world(main=main, queue_hours="shop", calendars={})
    w.arrives("c")
    assert w.call("c").frame.step == step  # type: ignore[union-attr]

"""What callers hear while they stand in line: laps, music, and an agent who answers (ACD.md 54)."""

import pytest

from acd.core import events as ev
from acd.core.commands import Play, StopPlay
from acd.words import AgentState, Owner
from tests.core.world import leg
from tests.ivr.in_line import heard, play_ends, press, steps_of, world


def test_given_a_queue_with_a_waiting_flow_when_a_caller_joins_then_it_is_heard_at_once() -> None:
    w = world()
    assert heard(w.arrives("c", caller_number="+4930")) == ["You are number 1"]
    assert w.call("c").owner is Owner.QUEUE


def test_given_a_menu_that_waits_for_a_digit_when_nothing_is_said_then_music_plays() -> None:
    w = world()
    w.arrives("c")
    assert heard(play_ends(w)) == ["Press 1."]
    assert heard(play_ends(w)) == ["[default]"]


def test_given_the_end_of_a_lap_when_it_comes_then_the_next_begins_at_once() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    play_ends(w)
    w.after(5.5)
    assert w.call("c").waiting.step == "rest"  # type: ignore[union-attr]
    before = len(w.decisions)
    w.after(20)
    commands = [c for d in w.decisions[before:] for c in d.commands]
    assert heard(commands) == ["You are number 1"]
    play_ends(w)
    assert heard(play_ends(w)) == ["[default]"], "silence again, music again"


def test_given_an_announcement_when_a_digit_is_typed_into_it_then_it_goes_on() -> None:
    w = world()
    w.arrives("c")
    assert not press(w, "7") and w.call("c").waiting.digits == "7"  # type: ignore[union-attr]


def test_given_an_hour_of_waiting_when_laps_go_round_then_the_trail_counts_them() -> None:
    w = world()
    w.arrives("c")
    for _ in range(100):
        play_ends(w)
        play_ends(w)
        w.after(25)
    trail = w.call("c").trail
    assert len(trail) == 4 and ("hello", "done", 100) in steps_of(w.call("c"))
    hello = trail[0]
    assert hello.left_at - hello.entered_at == pytest.approx(3) and hello.repeats_s == pytest.approx(99 * 3)


@pytest.mark.parametrize("result", ["", "FILE NOT FOUND"])
def test_given_a_flow_that_does_nothing_when_it_goes_round_then_music_for_the_rest(result: str) -> None:
    w = world(meanwhile="start: a\nsteps:\n  a: {step: set, values: {x: y}, next: b}\n  b: {step: return}\n")
    assert heard(w.arrives("c")) == ["[default]"]
    w.after(60)
    entry = w.entry("c")
    assert entry.empty_laps == 3 and entry.music_on and entry.lap_at is None and w.call("c").waiting is None
    assert len(w.decisions) < 12


def test_given_prompts_that_end_at_once_when_laps_go_round_then_no_spin_and_music() -> None:
    w = world(meanwhile="start: a\nsteps:\n  a: {step: say, text: Hi., next: b}\n  b: {step: return}\n")
    w.arrives("c")
    for _ in range(40):
        frame = w.call("c").waiting
        if frame is not None and frame.play:
            w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=frame.play))
        else:
            w.after(1)
    assert w.entry("c").empty_laps == 3 and w.entry("c").music_on


def test_given_a_long_wait_in_a_menu_that_leads_to_itself_when_nobody_presses_then_it_goes_on() -> None:
    ask = "start: a\nsteps:\n  a: {step: menu, prompt: Hi., tries: 1, options: {1: b}, otherwise: c}\n"
    w = world(meanwhile=ask + "  c: {step: say, text: Still., next: a}\n  b: {step: leave_queue, exit: callback}\n")
    w.arrives("c")
    for _ in range(150):
        play_ends(w)
        w.after(6.1)
        play_ends(w)
    assert w.call("c").waiting is not None and w.entry("c").empty_laps == 0


def test_54_given_an_announcement_when_the_agent_answers_then_it_is_over_and_nothing_plays_into_the_talk() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    frame = w.call("c").waiting
    assert frame is not None
    w.picks_up("a0")
    assert w.call("c").waiting is None
    late = w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=frame.play or ""))  # type: ignore[arg-type]
    assert not late and w.decisions[-1].late
    w.is_bridged("a0")
    w.after(60)
    assert not [c for d in w.decisions[-3:] for c in d.commands if isinstance(c, Play | StopPlay)]
    assert w.agent("a0").state is AgentState.TALKING


def test_54_given_a_failed_bridge_when_the_caller_is_back_in_line_then_something_is_heard_at_once() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    w.picks_up("a0")
    w.feed(ev.BridgeFailed(at=w.at, leg=leg("c"), other=w.offer("a0").leg))
    before = len(w.decisions)
    w.after(1)
    assert heard([c for d in w.decisions[before:] for c in d.commands]) == ["You are number 1"]
    assert w.entry("c").state == "waiting"


def test_54_given_a_failed_bridge_when_the_waiting_flow_says_nothing_then_music_at_once() -> None:
    w = world(meanwhile="start: a\nsteps:\n  a: {step: set, values: {x: y}, next: b}\n  b: {step: return}\n")
    w.arrives("c")
    w.ready("a0")
    w.picks_up("a0")
    w.feed(ev.BridgeFailed(at=w.at, leg=leg("c"), other=w.offer("a0").leg))
    before = len(w.decisions)
    w.after(1)
    assert heard([c for d in w.decisions[before:] for c in d.commands]) == ["[default]"]


def test_given_an_unanswered_ring_when_it_is_over_then_the_waiting_flow_goes_on_undisturbed() -> None:
    w = world()
    w.arrives("c")
    w.ready("a0")
    before = w.call("c").waiting
    assert not heard(w.phone_ends("a0", "USER_BUSY")) and w.call("c").waiting == before


def test_given_a_playback_id_of_the_waiting_flow_when_the_outer_flow_plays_then_it_has_another() -> None:
    w = world()
    w.arrives("c")
    first = w.call("c").waiting.play  # type: ignore[union-attr]
    press(w, "#")
    assert w.call("c").frame.play not in (first, None)  # type: ignore[union-attr]
    w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=first or ""))  # type: ignore[arg-type]
    assert w.call("c").frame.step == "message"  # type: ignore[union-attr]


def test_given_a_step_that_ends_when_the_dead_mans_switch_is_renewed_when_both_are_due_then_both_are_seen_to() -> None:
    steps = "  a: {step: pause, for: 10m, next: b}\n  b: {step: say, text: Still., next: c}\n  c: {step: return}\n"
    w = world(meanwhile=f"start: a\nsteps:\n{steps}")
    w.arrives("c")
    w.after(599)
    before = len(w.decisions)
    w.after(2)
    assert heard([c for d in w.decisions[before:] for c in d.commands]) == ["Still."]


def test_race_given_the_musics_end_when_it_comes_after_the_next_announcement_began_then_late() -> None:
    w = world()
    w.arrives("c")
    play_ends(w)
    play_ends(w)
    music = f"{w.entry('c').id}.m{w.entry('c').plays}"
    w.after(25)
    assert w.call("c").waiting.step == "hello"  # type: ignore[union-attr]
    assert not w.feed(ev.PlayEnded(at=w.at, leg=leg("c"), play=music, result="BREAK"))  # type: ignore[arg-type]
    assert w.decisions[-1].late

"""`answer`, `ringing`, `pause`: what a caller hears while nothing is said, and that it is never nothing for long."""

from dataclasses import replace

import pytest

from acd.core.commands import Play
from acd.core.media import Music
from tests.ivr.caller import Caller, flow

ANSWER = "start: {step: answer, next: after}\nafter: {step: %s, next: end}"
RINGING = "start: {step: ringing, for: 5s, next: after}\nafter: {step: say, text: Hello., next: end}"
PAUSE = "start: {step: pause, for: 10s, music: calm%s, next: after}\nafter: {step: say, text: Hello., next: end}"
SILENCE = "start: {step: pause, for: 2s, music: none%s, next: after}\nafter: {step: say, text: Hello., next: end}"
CHOOSE = "{step: menu, prompt: Choose., options: {1: end, 2: end}, otherwise: end}"
MENU = "start: {step: pause, for: 10s, interruptible: %s, next: menu}\nmenu: " + CHOOSE


def music(caller: Caller) -> list[str]:
    return [one.name for play in caller.walk.commands if isinstance(play, Play) for one in play.media if isinstance(one, Music)]


def test_given_a_ringing_call_when_answered_by_the_flow_then_it_is_answered_once_and_goes_on_at_once() -> None:
    caller = Caller(flow(ANSWER % "say, text: Hello."))
    assert caller.commands == ["Answer", "Play"]
    assert caller.exits == [("start", "done")]


def test_given_an_answered_call_when_the_flow_answers_then_nothing_is_sent() -> None:
    caller = Caller(flow("start: {step: ringing, for: 1s, next: a}\na: {step: answer, next: b}\nb: {step: answer, next: end}"))
    caller.call = replace(caller.call, answered_at=caller.at)
    assert caller.waits().commands == []


def test_given_an_unanswered_call_when_it_rings_then_the_phone_is_told_and_nothing_is_answered_until_the_time_is_over() -> None:
    caller = Caller(flow(RINGING))
    assert caller.commands == ["Ringback"]
    assert caller.waits(4).step == "start"
    assert caller.waits(1).commands == ["Answer", "Play"]


def test_given_a_call_that_the_flow_has_just_answered_when_it_rings_then_there_is_music_instead() -> None:
    caller = Caller(flow(ANSWER % "ringing, for: 5s"))
    assert caller.commands == ["Answer", "Play"] and music(caller) == ["default"]
    assert caller.frame.deadline == caller.at + 5


def test_given_a_caller_hears_ringing_when_the_controller_restarts_then_it_still_ends_in_time() -> None:
    assert Caller(flow(RINGING)).waits(2).restarts().waits(3).step == "after"


def test_given_a_pause_when_its_time_is_over_then_the_music_is_stopped_and_the_caller_goes_on() -> None:
    caller = Caller(flow(PAUSE % ""))
    assert music(caller) == ["calm"] and caller.frame.deadline == caller.at + 10
    caller.call = replace(caller.call, answered_at=caller.at)
    assert caller.waits().commands == ["Play"] and caller.heard == ["Hello."]


def test_given_a_pause_when_its_music_ends_before_then_it_begins_again_and_the_pause_is_no_longer_for_it() -> None:
    caller = Caller(flow(PAUSE % ""))
    caller.hears_out()
    assert music(caller) == ["calm"] and caller.frame.deadline == caller.at + 7
    assert caller.waits().step == "after"


def test_given_music_that_cannot_be_played_when_it_ends_at_once_then_it_is_not_tried_without_end() -> None:
    caller, began, plays = Caller(flow(PAUSE % "")), 0.0, 0
    began = caller.at
    while caller.step == "start":
        plays += 1
        assert caller.frame.deadline is not None and plays < 20
        if caller.frame.play:
            caller.at -= 3  # it ends in the moment it begins
            caller.hears_out()
        else:
            assert caller.frame.deadline - caller.at <= 2, "nobody is left in silence"
            caller.waits()
    assert caller.at == began + 10


def test_given_a_pause_without_music_when_entered_then_nothing_is_answered_and_nothing_heard() -> None:
    caller = Caller(flow(SILENCE % ""))
    assert caller.commands == [] and caller.frame.deadline == caller.at + 2
    assert caller.waits().heard == ["Hello."]


@pytest.mark.parametrize(
    ("interruptible", "pressed", "step"),
    [("false", "1", "start"), ("true", "1", "end"), ('"2*"', "1", "start"), ('"2*"', "2", "end")],
)
def test_given_a_pause_when_a_digit_is_pressed_then_only_those_that_interrupt_end_it_and_all_are_kept(
    interruptible: str, pressed: str, step: str
) -> None:
    caller = Caller(flow(MENU % interruptible)).presses(pressed)
    assert caller.step == step
    if step == "start":
        assert caller.frame.digits == pressed
        assert caller.waits().exits[-1] == ("menu", pressed)


def test_given_digits_typed_ahead_when_an_interruptible_pause_comes_then_it_is_passed_over() -> None:
    steps = "start: {step: say, text: Hi., next: p}\np: {step: pause, for: 9s, interruptible: true, next: m}\nm: " + CHOOSE
    assert Caller(flow(steps)).presses("1").hears_out().exits == [("start", "done"), ("p", "done"), ("m", "1")]


def test_given_a_pause_when_the_controller_restarts_in_it_then_it_ends_when_it_was_to_end() -> None:
    assert Caller(flow(PAUSE % "")).waits(4).restarts().waits(6).step == "after"

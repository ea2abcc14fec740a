"""`play` and `say`: several times, and which digits interrupt."""

import pytest

from tests.ivr.caller import Caller, flow

PLAY = """
start: {step: play, prompt: [One., Two.], %s, next: menu}
menu: {step: menu, prompt: Choose., options: {1: end, 2: end, "#": end}, otherwise: end}
"""


def test_given_a_prompt_to_be_repeated_when_heard_out_then_it_begins_again_as_often_as_was_said() -> None:
    caller = Caller(flow(PLAY % "repeat: 3"))
    for _ in range(2):
        assert caller.heard == ["One.", "Two."]
        caller.hears_out()
    assert caller.step == "start"
    assert caller.hears_out().heard == ["Choose."]
    assert caller.frame.tries == 1, "the next step counts for itself"


def test_given_a_repeated_prompt_when_its_end_is_lost_then_the_caller_goes_on() -> None:
    assert Caller(flow(PLAY % "repeat: 100")).waits().step == "menu"


def test_given_a_repeated_prompt_when_the_controller_restarts_then_it_is_not_repeated_more_often() -> None:
    caller = Caller(flow(PLAY % "repeat: 2")).hears_out().restarts()
    assert caller.hears_out().step == "menu"


@pytest.mark.parametrize(
    ("interruptible", "pressed", "exits"),
    [
        ("true", "2", [("start", "done"), ("menu", "2")]),
        ('"1#"', "1", [("start", "done"), ("menu", "1")]),
        ('"1#"', "#", [("start", "done"), ("menu", "#")]),
        ('"1#"', "2", []),
        ("false", "1", []),
    ],
)
def test_given_digits_that_interrupt_when_one_is_pressed_then_only_those_end_the_prompt_and_all_are_kept(
    interruptible: str, pressed: str, exits: list[tuple[str, str]]
) -> None:
    caller = Caller(flow(PLAY % f"interruptible: {interruptible}")).presses(pressed)
    assert caller.exits == exits
    if not exits:
        assert caller.hears_out().exits == [("start", "done"), ("menu", pressed)]


def test_given_digits_typed_ahead_when_the_prompt_comes_then_only_one_that_interrupts_passes_it_over() -> None:
    first = "start: {step: say, text: Hi., next: play}\n" + PLAY.replace("start:", "play:")
    for pressed, heard in (("2", ["One.", "Two."]), ("1", [])):
        caller = Caller(flow(first % 'interruptible: "1"')).presses(pressed)
        assert caller.hears_out().heard == heard

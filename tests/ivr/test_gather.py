"""`gather`: a number is typed; its end, its pattern, and what must never be written down."""

import pytest

from acd.ivr.steps.gather import fits
from tests.ivr.caller import Caller, flow


def gather(**more: str) -> str:
    keys = "".join(f"  {key}: {value}\n" for key, value in {"into": "number", "tries": "2", **more}.items())
    after = "typed: {step: say, text: Thanks., next: end}"
    return f"start:\n  step: gather\n  prompt: Type.\n{keys}  next: typed\n  otherwise: end\n{after}"


def test_given_min_and_max_when_the_last_digit_comes_then_it_is_done_without_a_terminator() -> None:
    caller = Caller(flow(gather(min="4", max="4"))).presses("4711")
    assert caller.step == "typed" and caller.variables == {"number": "4711"}


def test_given_an_open_length_when_the_terminator_comes_then_it_is_done() -> None:
    assert Caller(flow(gather())).presses("12#").variables == {"number": "12"}


def test_given_no_terminator_when_hash_is_pressed_then_it_is_a_digit() -> None:
    assert Caller(flow(gather(terminator="none", max="3"))).presses("1#2").variables == {"number": "1#2"}


def test_given_enough_digits_when_no_more_come_then_it_is_done_after_the_time_between_digits() -> None:
    caller = Caller(flow(gather(min="2", between_digits="2s"))).presses("123")
    assert caller.frame.deadline == caller.at + 2
    assert caller.waits().variables == {"number": "123"}


def test_given_too_few_digits_when_no_more_come_then_it_is_asked_again_from_the_beginning() -> None:
    caller = Caller(flow(gather(min="4", invalid_prompt="Too short."))).presses("12").waits()
    assert caller.heard == ["Too short.", "Type."] and caller.frame.digits == ""


def test_given_silence_or_nonsense_when_the_tries_are_used_up_then_the_exit_says_which() -> None:
    assert Caller(flow(gather())).hears_out().waits().hears_out().waits().exits == [("start", "timeout")]
    assert Caller(flow(gather(min="3"))).presses("1#1#").exits == [("start", "invalid")]


def test_given_only_the_terminator_when_pressed_then_that_is_a_wrong_answer_and_no_empty_number() -> None:
    assert "number" not in Caller(flow(gather())).presses("#").variables


def test_given_a_pattern_when_the_number_does_not_fit_then_it_is_refused() -> None:
    steps = gather(min="3", max="3", pattern="[9XX, 80X]")
    assert Caller(flow(steps)).presses("123").step == "start"
    assert Caller(flow(steps)).presses("801").step == "typed"


def test_given_more_than_the_number_when_typed_ahead_then_the_rest_waits_for_the_next_step() -> None:
    caller = Caller(flow("start: {step: say, text: Hello., next: ask}\n" + gather(max="2").replace("start:", "ask:")))
    assert caller.presses("1234").hears_out().frame.digits == "34"


def test_given_a_secret_when_typed_then_neither_trail_nor_what_is_left_over_holds_it() -> None:
    start = "start: {step: say, text: Hello., next: ask}\n" + gather(max="4", sensitive="true").replace("start:", "ask:")
    caller = Caller(flow(start)).presses("471108").hears_out()
    assert caller.secret == {"number": "4711"} and caller.variables == {} and caller.frame.digits == ""
    assert "4711" not in repr(caller.passed)


@pytest.mark.parametrize("typed", ["", "1", "12"])
def test_given_a_restart_while_digits_come_when_the_rest_is_typed_then_none_is_lost_or_doubled(typed: str) -> None:
    caller = Caller(flow(gather(max="4"))).presses(typed).restarts().presses("9999"[: 4 - len(typed)])
    assert caller.variables == {"number": (typed + "9999")[:4]}


@pytest.mark.parametrize(
    ("number", "pattern", "yes"),
    [("123", "XXX", True), ("12", "XXX", False), ("0", "Z", False), ("1", "N", False), ("2", "N", True), ("12345", "1.", True)]
    + [("1", "1.", True), ("2345", "1.", False), ("*1", "*X", True), ("", ".", True)],
)
def test_given_a_pattern_when_compared_then_each_sign_means_its_digits(number: str, pattern: str, yes: bool) -> None:
    assert fits(number, pattern) is yes

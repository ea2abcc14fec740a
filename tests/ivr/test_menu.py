"""`menu`: choosing by digit, typing ahead, tries."""

import pytest

from tests.ivr.caller import Caller, flow

MENU = """
start:
  step: menu
  prompt: One or two.
  timeout_prompt: Nothing.
  invalid_prompt: Wrong.
  tries: 2
  first_digit: 5s
  options: {1: one, 2: two}
  exits: {timeout: silent, invalid: wrong}
one: {step: say, text: You chose one., next: end}
two: {step: menu, prompt: Again., options: {1: one}, otherwise: end}
silent: {step: say, text: Silent., next: end}
wrong: {step: say, text: You are wrong., next: end}
"""
LONG = """
start:
  step: menu
  prompt: Dial.
  options: {1: one, 12: twelve}
  between_digits: 2s
  otherwise: end
one: {step: say, text: One., next: end}
twelve: {step: say, text: Twelve., next: end}
"""


def test_given_the_prompt_playing_when_a_choice_is_pressed_then_it_is_interrupted() -> None:
    caller = Caller(flow(MENU)).presses("1")
    assert caller.step == "one" and caller.heard == ["You chose one."]
    assert caller.exits == [("start", "1")]


def test_given_the_prompt_over_when_a_choice_is_pressed_then_it_counts() -> None:
    assert Caller(flow(MENU)).hears_out().presses("1").step == "one"


def test_given_silence_when_the_time_begins_then_it_begins_at_the_prompts_end() -> None:
    caller = Caller(flow(MENU)).waits(6)
    assert caller.frame.phase == "prompt"
    caller.hears_out()
    assert caller.frame.deadline == caller.at + 5


def test_given_silence_when_the_tries_are_used_up_then_the_exit_is_timeout_and_each_time_the_words_say_so() -> None:
    caller = Caller(flow(MENU)).hears_out().waits()
    assert caller.heard == ["Nothing.", "One or two."]
    assert caller.hears_out().waits().step == "silent"
    assert caller.exits == [("start", "timeout")]


def test_given_wrong_digits_when_the_tries_are_used_up_then_the_exit_is_invalid() -> None:
    caller = Caller(flow(MENU)).presses("7")
    assert caller.heard == ["Wrong.", "One or two."] and caller.frame.digits == ""
    assert caller.presses("8").step == "wrong"


def test_given_digits_typed_ahead_when_the_next_menu_comes_then_they_choose_without_a_prompt() -> None:
    first = "start: {step: say, text: Welcome to a long text., interruptible: 'false', next: menu}\n"
    caller = Caller(flow(first + MENU.replace("start:", "menu:"))).presses("21").hears_out()
    assert caller.step == "one"
    assert caller.exits == [("start", "done"), ("menu", "2"), ("two", "1")]


def test_given_a_fresh_menu_when_digits_were_typed_ahead_then_they_do_not_count() -> None:
    steps = """
    start: {step: say, text: Welcome., next: menu}
    menu: {step: menu, prompt: Really delete?, fresh: "true", options: {1: end}, otherwise: end}
    """
    caller = Caller(flow(steps)).presses("1").hears_out()
    assert caller.step == "menu" and caller.heard == ["Really delete?"]


def test_given_a_prompt_that_must_be_heard_when_a_digit_comes_early_then_it_counts_at_the_end() -> None:
    steps = MENU.replace("tries: 2", "tries: 2\n  interruptible: false")
    caller = Caller(flow(steps)).presses("1")
    assert caller.step == "start" and caller.commands == []
    assert caller.hears_out().step == "one"


def test_given_a_choice_that_begins_another_when_it_is_pressed_then_the_time_between_digits_decides() -> None:
    caller = Caller(flow(LONG)).presses("1")
    assert caller.step == "start" and caller.frame.deadline == caller.at + 2 and caller.commands == ["StopPlay"]
    assert caller.waits().step == "one"
    assert Caller(flow(LONG)).presses("12").step == "twelve"
    assert Caller(flow(LONG)).presses("13").step == "start"


def test_given_a_prompt_whose_end_is_lost_when_its_deadline_comes_then_the_menu_listens() -> None:
    caller = Caller(flow(MENU)).waits()
    assert caller.frame.phase == "digits" and caller.commands == ["StopPlay"]


@pytest.mark.parametrize("phase", ["prompt", "digits"])
def test_given_a_restart_in_each_phase_when_the_caller_goes_on_then_the_choice_counts(phase: str) -> None:
    caller = Caller(flow(MENU))
    if phase == "digits":
        caller.hears_out()
    assert caller.frame.phase == phase
    assert caller.restarts().presses("1").step == "one"


def test_given_a_caller_who_never_presses_anything_when_the_menu_leads_to_itself_then_the_call_ends_sometime() -> None:
    caller = Caller(flow("start: {step: menu, prompt: Choose., tries: 1, options: {1: end}, otherwise: start}"))
    rounds = 0
    while not caller.ended:
        caller.hears_out().waits()
        rounds += 1
    assert rounds == 101


def test_given_a_caller_who_presses_digits_when_the_menu_leads_to_itself_then_it_goes_on() -> None:
    caller = Caller(flow("start: {step: menu, prompt: Choose., options: {1: start}, otherwise: end}"))
    for _ in range(300):
        assert not caller.presses("1").ended and caller.heard == ["Choose."]

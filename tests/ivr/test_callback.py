"""`callback`: a caller who does not want to wait is called back at a number that they confirmed, and keeps their place."""

from dataclasses import replace

import pytest

from acd.core.outside.gate import callable_form
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from tests.ivr.caller import NOON, Caller, flow

OUT = (Way(trunk="carrier", prefixes=("+49", "+43")),)
CALLBACK = """
start:
  step: callback
  queue: support
  prompt: Shall we?
  number_prompt: We call {{ digits(value) }}.
  type_prompt: Type.
  done_prompt: We will.
  invalid_prompt: Wrong.
  region: DE
  priority: 7
  tries: 2
  next: thanks
  exits: {declined: no, timeout: late, failed: never}
thanks: {step: say, text: Bye., next: end}
no: {step: say, text: As you like., next: end}
late: {step: say, text: Nothing came., next: end}
never: {step: say, text: We cannot., next: end}
"""
MINE = "+493012345678"
SPOKEN = ["We call", *"493012345678"]


def caller(number: str = MINE, steps: str = CALLBACK, outside: tuple[Way, ...] = OUT) -> Caller:
    return Caller(flow(steps), outside=outside, caller_number=number)


def test_given_a_caller_whose_number_is_right_when_confirmed_then_they_are_called_back_there() -> None:
    one = caller()
    assert one.heard == ["Shall we?"]
    assert one.presses("1").heard == SPOKEN
    assert one.presses("1").heard == ["We will."]
    (wish,) = one.callbacks
    assert (wish.queue, wish.number, wish.asked_at, wish.since, wish.priority) == ("support", MINE, NOON, NOON, 7)
    assert one.hears_out().step == "thanks" and len(one.callbacks) == 1


def test_given_a_caller_who_has_waited_when_they_are_to_be_called_back_then_they_keep_their_place() -> None:
    one = caller()
    one.call = replace(one.call, waiting_since=NOON - 300)
    assert [wish.since for wish in one.presses("11").callbacks] == [NOON - 300]


def test_given_a_caller_who_says_no_when_asked_then_nothing_is_kept() -> None:
    assert caller().presses("2").step == "no" and not caller().presses("2").callbacks


def test_given_another_number_when_typed_then_it_is_read_back_and_kept_with_its_country() -> None:
    one = caller().presses("12")
    assert one.heard == ["Type."]
    assert one.presses("0043512345678#").heard == ["We call", *"43512345678"]
    assert [wish.number for wish in one.presses("1").callbacks] == ["+43512345678"]


@pytest.mark.parametrize("number", ["", "anonymous", "200", "+12015550123", "+49", "0301234567890123456789"])
def test_given_a_caller_whom_nobody_can_call_when_they_want_it_then_they_type_a_number(number: str) -> None:
    one = caller(number).presses("1")
    assert one.heard == ["Type."]
    assert one.presses("03012345678#1").callbacks[0].number == MINE


@pytest.mark.parametrize("typed", ["12#", "0012015550123#", "*21#", "#"])
def test_given_a_number_that_cannot_be_or_may_not_be_called_when_typed_then_it_is_asked_again(typed: str) -> None:
    one = caller("").presses("1" + typed)
    assert one.heard == ["Wrong.", "Type."] and not one.callbacks
    assert one.presses(typed).step == "late"


def test_given_no_way_outside_when_entered_then_it_is_not_even_offered() -> None:
    one = caller(outside=())
    assert one.step == "never" and one.heard == ["We cannot."]


def test_given_silence_when_the_tries_are_used_up_then_it_is_a_timeout_and_nothing_is_kept() -> None:
    one = caller().hears_out().waits().hears_out().waits()
    assert one.step == "late" and not one.callbacks


def test_given_a_caller_who_has_chosen_it_already_when_entered_then_the_offer_is_left_out() -> None:
    one = caller(steps=CALLBACK.replace("  queue: support", "  queue: support\n  offer: false"))
    assert one.heard == SPOKEN


def test_given_no_words_of_the_flow_when_asked_then_ours_are_heard() -> None:
    one = caller(steps="start: {step: callback, queue: support, next: end, otherwise: end}")
    assert one.heard[0].startswith("We can call you back")
    assert one.presses("1").heard[:2] == ["We will call", "4"]


def test_given_a_caller_who_leaves_the_line_by_key_when_the_flow_leads_to_a_callback_then_it_is_the_same() -> None:
    line = "start: {step: queue, queue: support, keys: {'1': call}, otherwise: end}\n"
    one = caller(steps=line + CALLBACK.replace("start:", "call:")).comes_back("1")
    assert one.step == "call" and one.heard == ["Shall we?"]


@pytest.mark.parametrize("pressed", ["", "1", "12", "12030", "1203012345678#"])
def test_given_a_restart_at_any_question_when_the_caller_goes_on_then_they_are_called_back_once(pressed: str) -> None:
    whole = "1203012345678#1"
    one = caller("").restarts() if not pressed else caller().presses(pressed).restarts()
    one.presses(whole[len(pressed) :] if pressed else "103012345678#1")
    assert [wish.number for wish in one.callbacks] == [MINE]


@pytest.mark.parametrize(
    ("number", "region", "prefixes", "dialled"),
    [
        ("03012345678", "DE", ("+49",), "+493012345678"),
        ("03012345678", "DE", ("0",), "03012345678"),
        ("03012345678", "", ("0",), "03012345678"),
        ("004930 12345678", "DE", ("+49",), ""),
        ("00493012345678", "", ("+49",), "+493012345678"),
        ("03012345678", "DE", (), ""),
        ("1800FLOWERS", "US", ("+1",), ""),
    ],
)
def test_given_a_number_when_the_house_dials_it_then_in_the_form_that_a_trunk_takes(
    number: str, region: str, prefixes: tuple[str, ...], dialled: str
) -> None:
    house = OutboundPolicy(ways=(Way(trunk="carrier", prefixes=prefixes),))
    assert callable_form(house, number, region) == dialled

"""Checks of typed numbers: what each takes, what it refuses, and how the number is kept."""

import pytest

from acd.ivr.checks import Check, Date, Iban, Length, Luhn, Phone, Range, Time, checked
from tests.ivr.caller import Caller, flow

BIRTHDAY = Date(parts=("DD", "MM", "YYYY"))


@pytest.mark.parametrize(
    ("check", "number", "kept"),
    [
        (Luhn(), "4539578763621486", "4539578763621486"),
        (Luhn(), "79927398713", "79927398713"),
        (Luhn(), "79927398710", None),
        (Luhn(), "7992739871*", None),
        (BIRTHDAY, "29022024", "2024-02-29"),
        (BIRTHDAY, "29022025", None),
        (BIRTHDAY, "2902202", None),
        (BIRTHDAY, "00122024", None),
        (Date(parts=("YYYY", "MM", "DD")), "20261224", "2026-12-24"),
        (Date(parts=("MM", "DD", "YYYY")), "12242026", "2026-12-24"),
        (Time(), "0930", "09:30"),
        (Time(), "2359", "23:59"),
        (Time(), "2400", None),
        (Time(), "0960", None),
        (Time(), "930", None),
        (Phone(region="DE"), "03012345678", "+493012345678"),
        (Phone(region="DE"), "00433012345678", None),
        (Phone(region="DE"), "0043512345678", "+43512345678"),
        (Phone(region="US"), "2015550123", "+12015550123"),
        (Phone(region="DE"), "12", None),
        (Phone(region="DE"), "*#", None),
        (Iban(country="DE"), "89370400440532013000", "DE89370400440532013000"),
        (Iban(country="DE"), "89370400440532013001", None),
        (Iban(country="AT"), "611904300234573201", "AT611904300234573201"),
        (Range(least=1, most=31), "31", "31"),
        (Range(least=1, most=31), "01", "01"),
        (Range(least=1, most=31), "32", None),
        (Range(least=1, most=31), "0", None),
        (Range(least=1, most=31), "1#", None),
        (Length(allowed=(13, 16)), "1" * 13, "1" * 13),
        (Length(allowed=(13, 16)), "1" * 14, None),
    ],
)
def test_given_a_number_when_checked_then_it_is_kept_as_it_should_be_or_refused(check: Check, number: str, kept: str | None) -> None:
    assert check.value(number) == kept


def test_given_several_checks_when_one_refuses_then_the_number_is_refused_and_else_written_by_the_one_that_rewrites() -> None:
    both = (Length(allowed=(8,)), BIRTHDAY)
    assert checked("24122026", both) == "2026-12-24" == checked("24122026", both[::-1])
    assert checked("24122026", (BIRTHDAY, Luhn())) is None


def asks(more: str) -> Caller:
    steps = f"start: {{step: gather, prompt: Type., into: it, {more}, invalid_prompt: Wrong., next: end, otherwise: lost}}"
    return Caller(flow(steps + "\nlost: {step: say, text: Sorry., next: end}"))


def test_given_a_check_that_knows_the_length_when_the_last_digit_comes_then_nobody_waits_and_the_value_is_rewritten() -> None:
    assert asks("check: {date: DDMMYYYY}").presses("24122026").variables == {"it": "2026-12-24"}
    assert asks("check: time").presses("0930").variables == {"it": "09:30"}


def test_given_a_check_when_the_number_is_wrong_then_it_is_asked_again() -> None:
    caller = asks("check: [luhn, {length: [11, 16]}]").presses("79927398710#")
    assert caller.heard == ["Wrong.", "Type."] and caller.step == "start"
    assert caller.presses("79927398713#").variables == {"it": "79927398713"}


def test_given_a_number_read_back_when_the_caller_says_yes_then_it_is_kept() -> None:
    caller = asks("max: 4, confirm: {}").presses("4711")
    assert caller.heard == ["You typed", "4", "7", "1", "1", ". If that is right, press 1. To type it again, press 2."]
    assert caller.variables == {} and caller.step == "start"
    assert caller.presses("1").variables == {"it": "4711"}


def test_given_a_number_read_back_when_the_caller_says_no_then_it_is_typed_again_until_the_tries_are_used_up() -> None:
    caller = asks("max: 4, tries: 2, confirm: {prompt: 'Is it {{ digits(value) }}?'}").presses("47112")
    assert caller.heard == ["Type."] and caller.frame.digits == ""
    assert caller.presses("47122").step == "lost" and caller.exits[0] == ("start", "invalid") and caller.variables == {}


def test_given_a_date_read_back_when_it_is_right_then_what_was_typed_was_read_and_the_iso_date_is_kept() -> None:
    caller = asks("check: {date: DDMMYYYY}, confirm: {prompt: '{{ digits(value) }}'}").presses("24122026")
    assert caller.heard == list("24122026")
    assert caller.presses("1").variables == {"it": "2026-12-24"}


def test_given_a_number_read_back_when_nothing_or_nonsense_is_pressed_then_it_is_read_back_again() -> None:
    caller = asks("max: 2, confirm: {yes: 5, no: 6, prompt: 'Is it {{ digits(value) }}?'}").presses("47").hears_out().waits()
    assert caller.heard == ["Is it", "4", "7"]
    assert caller.presses("1").heard == ["Is it", "4", "7"]
    assert caller.hears_out().waits().exits[0] == ("start", "timeout")


def test_given_the_answer_typed_ahead_when_the_number_ends_then_it_is_not_read_back() -> None:
    ask = "ask: {step: gather, prompt: Type., into: it, confirm: {}, next: end, otherwise: end}"
    ahead = f"start: {{step: say, text: Hello., next: ask}}\n{ask}"
    caller = Caller(flow(ahead)).presses("47#1").hears_out()
    assert caller.variables == {"it": "47"} and caller.exits == [("start", "done"), ("ask", "done")]


@pytest.mark.parametrize("phase", ["reading back", "confirming"])
def test_given_a_restart_while_a_number_is_confirmed_when_yes_is_pressed_then_it_is_kept(phase: str) -> None:
    caller = asks("max: 4, confirm: {}").presses("4711")
    if phase == "confirming":
        caller.hears_out()
    assert caller.frame.phase == phase
    assert caller.restarts().presses("1").variables == {"it": "4711"}

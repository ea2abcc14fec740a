"""Values as a language speaks them, and that nothing which is no value is lost or can run away."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.ivr import spoken
from acd.ivr.expressions import parse
from acd.ivr.functions import FUNCTIONS
from acd.ivr.speak import words

CASES = [
    ("en", "number(21)", "twenty-one"),
    ("en", 'number("-7")', "minus seven"),
    ("de", "number(1234.5)", "1234,5"),
    ("de", "number(n + 1)", "einundzwanzig"),
    ("en", "ordinal(3)", "third"),
    ("fr", "ordinal(21)", "vingt et unième"),
    ("en", 'money(12.5, "EUR")', "twelve euro, fifty cents"),
    ("de", 'money("12.5", "eur")', "zwölf Euro und fünfzig Cent"),
    ("de", 'money(1, "EUR")', "ein Euro"),
    ("en", 'money(1.01, "CHF")', "1.01 Swiss francs"),
    ("sv", 'money(3, "SEK")', "3 svenska kronor"),
    ("en", 'money(3, "JPY")', "3 Japanese yen"),
    ("en", 'money(2.345, "USD")', "two dollars, thirty-five cents"),
    ("en", 'date("2026-12-24")', "December twenty-fourth, twenty twenty-six"),
    ("en-GB", 'date("1999-05-01")', "the first of May, nineteen ninety-nine"),
    ("de-AT", 'date("2026-12-24T18:00")', "vierundzwanzigster Dezember zweitausendsechsundzwanzig"),
    ("fr", 'date("20260501")', "premier mai 2026"),
    ("es", 'date("2026-12-24")', "24 de diciembre de 2026"),
    ("de", 'weekday("2026-12-24")', "Donnerstag"),
    ("en", 'time("14:05")', "2 oh 5 PM"),
    ("en", 'time("00:30")', "12 30 AM"),
    ("en", 'time("1200")', "12 PM"),
    ("de", 'time("2026-12-24 14:05")', "14 Uhr 5"),
    ("de", 'time("01:00")', "ein Uhr"),
    ("fr", 'time("01:15:00Z")', "une heure 15"),
    ("it", 'time("14:05")', "14:05"),
    ("en", "duration(3725)", "1 hour and 2 minutes"),
    ("de", "duration(61)", "1 Minute und 1 Sekunde"),
    ("it", "duration(86400)", "1 giorno"),
    ("nl", "duration(3600)", "1 uur"),
    ("en", "duration(0)", "0 seconds"),
    ("en", 'spell("Ab3")', "A B 3"),
    ("de", 'spell("a@b.de")', "A, at, B, Punkt, D, E"),
    ("fr", 'spell("a_b")', "A, tiret bas, B"),
    ("en", 'phone("+49 30 1234567")', "plus 4 9 3, 0 1 2, 3 4 5, 6 7"),
    ("es", 'phone("+34911")', "más 3 4 9, 1 1"),
    ("en", 'phone("1234")', "1 2, 3 4"),
    ("xx", "number(21)", "21"),
]


@pytest.mark.parametrize(("language", "source", "said"), CASES)
def test_given_a_value_when_spoken_in_a_language_then_it_is_said_as_people_say_it(language: str, source: str, said: str) -> None:
    assert parse(source).text({"call.language": language, "n": "20"}) == said


@pytest.mark.parametrize("function", [name for name, known in FUNCTIONS.items() if known.spoken and known.takes == 1])
@pytest.mark.parametrize("text", ["soon", "2026-13-40", "25:99", "-", "1e9", "99:99:99", "٣", "12345678901234567890"])
def test_given_what_is_no_such_value_when_spoken_then_it_is_as_it_was(function: str, text: str) -> None:
    said = parse(f'{function}("{text}")').text({"call.language": "de"})
    if function in ("spell", "phone"):
        assert said.replace(" ", "").replace(",", "")
    else:
        assert said == text


def test_given_a_currency_that_is_none_when_spoken_then_the_amount_is_heard_with_it() -> None:
    assert parse('money("12.50", "Taler")').text({"call.language": "de"}) == "12.50 Taler"
    assert parse('money("much", "EUR")').text({"call.language": "de"}) == "much EUR"


@given(st.sampled_from(["de", "en-GB", "ja", "ar", "pl", "tr", "zh", "", "no-such", "../x"]), st.text(max_size=30))
@settings(max_examples=150, deadline=None)
def test_given_anything_when_spoken_then_it_is_a_text_and_never_an_error(language: str, text: str) -> None:
    for name, known in FUNCTIONS.items():
        if known.spoken:
            more = ("EUR",) * (known.takes - 1)
            assert isinstance(known.call(language, text, *more), str), name


@given(st.sampled_from(["de", "en", "ja", "ar", "pl", "tr", "es", "sv"]), st.decimals(-(10**15), 10**15, places=3))
@settings(max_examples=150, deadline=None)
def test_given_any_number_when_spoken_then_it_is_a_text(language: str, value: object) -> None:
    for say in (spoken.number, spoken.ordinal, spoken.duration):
        assert say(language, str(value))
    assert spoken.money(language, str(value), "USD")


def test_given_long_texts_when_spoken_then_the_cost_is_bounded() -> None:
    began = time.process_time()
    for name, known in FUNCTIONS.items():
        if known.spoken:
            for text in ("9" * 100_000, "a" * 100_000, "1-" * 50_000):
                assert len(str(known.call("de", text, *("EUR",) * (known.takes - 1)))) <= 1000, name
    assert time.process_time() - began < 2


def test_given_letters_and_digits_one_by_one_when_spoken_then_each_is_a_part_that_was_rendered_beforehand() -> None:
    assert words("A B 3") == ["A", "B", "3"] and words("4 7 # *") == ["4", "7", "#", "*"]
    assert words("A, at, B") == ["A, at, B"] and words("AB 3") == ["AB 3"]

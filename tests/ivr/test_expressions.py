"""The expression language: what it says, what it refuses and where, and that nothing in it can run away."""

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from acd.ivr.expressions import ExpressionError, parse
from acd.ivr.template import template

VARIABLES = {"a": "x", "n": "12", "empty": "", "no": "false", "zip": "007", "call.dialled": "100"}


@pytest.mark.parametrize(
    ("source", "said"),
    [
        ('a == "x"', "true"),
        ("a == 'y'", "false"),
        ('a != "y" and n > 11', "true"),
        ("n < 9", "false"),  # as numbers, not as texts
        ('n < "9"', "false"),
        ('"b" > "a"', "true"),
        ('"abc" < 5', "false"),  # what is no number is never smaller or larger than one
        ("zip == 7", "true"),
        ('zip == "7"', "false"),  # two texts are compared as they were typed
        ("n >= 12 and n <= 12", "true"),
        ("not empty", "true"),
        ("not no", "true"),
        ("unheard_of == ''", "true"),
        ('a in ("x", "y")', "true"),
        ('a not in ("x", "y")', "false"),
        ("n in (10, 11, 12)", "true"),
        ("true or false and false", "true"),  # and binds stronger
        ("(true or false) and false", "false"),
        ("n + 1", "13"),
        ("n - 0.5", "11.5"),
        ("10 - 2 - 3", "5"),
        ('length("abc") == 3', "true"),
        ('upper("ab") == "AB" and lower("AB") == "ab"', "true"),
        ("first(n, 1)", "1"),
        ("last(n, 1)", "2"),
        ("last(n, 0)", ""),
        ('starts_with(n, "1")', "true"),
        ('ends_with(n, "1")', "false"),
        ('contains("abc", "b")', "true"),
        ('default(empty, "none")', "none"),
        ("digits(zip)", "0 0 7"),
        ("call.dialled", "100"),
    ],
)
def test_given_an_expression_when_evaluated_then_it_says(source: str, said: str) -> None:
    assert parse(source).text(VARIABLES) == said


@pytest.mark.parametrize(
    ("source", "column", "words"),
    [
        ("", 1, "a variable, a text, a number or a bracket"),
        ("a = 1", 3, "write =="),
        ("a & b", 3, "write and"),
        ("a ==", 5, "a variable"),
        ("(a", 3, "closing bracket"),
        ("a b", 3, "'b' is not expected"),
        ("f(1)", 1, "no function 'f'"),
        ("length(1, 2)", 1, "takes 1"),
        ("a in b", 6, "list in brackets"),
        ('"open', 1, "cannot be read"),
        ("a.b.c", 4, "cannot be read"),
        ("__import__", 1, "cannot be read"),
        ("9**9", 2, "cannot be read"),
        ("1e9", 1, "cannot be read"),
        ("a[0]", 2, "cannot be read"),
        ("x" * 501, 500, "up to 500"),
        ("(" * 30, 22, "too deeply"),
        ("not " * 30 + "a", 85, "too deeply"),
    ],
)
def test_given_no_expression_when_read_then_the_refusal_says_where(source: str, column: int, words: str) -> None:
    with pytest.raises(ExpressionError, match=words.replace("(", r"\(")) as refused:
        parse(source)
    assert refused.value.column == column


@given(st.text(alphabet="ab1 ()\"'=!<>,.+-andotri", max_size=80))
@settings(max_examples=500, deadline=None)
def test_given_any_text_when_read_then_it_is_an_expression_or_refused(source: str) -> None:
    try:
        assert len(parse(source).text(VARIABLES)) <= 1000
    except ExpressionError as refused:
        assert 1 <= refused.column <= max(len(source), 1) + 1


@pytest.mark.parametrize("source", ["1" + "+1" * 249, "a" + " and a" * 80, "(" * 20 + "a" + ")" * 20, "not " * 20 + "a"])
def test_given_the_largest_expressions_when_evaluated_then_it_takes_no_time(source: str) -> None:
    began = time.process_time()
    parse(source).text(VARIABLES)
    assert time.process_time() - began < 0.5


def test_given_values_that_look_like_templates_when_put_in_then_they_stay_as_they_are() -> None:
    assert template("{{ a }}!").text({"a": "{{ b }}", "b": "no"}) == "{{ b }}!"


def test_given_a_template_when_it_grows_then_its_text_is_bounded() -> None:
    assert len(template("{{ a }}" * 50).text({"a": "x" * 1000})) == 1000


@pytest.mark.parametrize(("source", "column"), [("a {{ b", 3), ("a }} b", 3), ("a {{ b + }}", 10), ("{{}}", 3)])
def test_given_a_broken_template_when_read_then_the_refusal_says_where(source: str, column: int) -> None:
    with pytest.raises(ExpressionError) as refused:
        template(source)
    assert refused.value.column == column

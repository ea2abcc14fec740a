"""Values of the expression language and the functions that it knows; each costs no more than its arguments' length. PURE."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from acd.ivr import spoken

Value = str | float | bool

MAX_TEXT = 1000
NUMBER = re.compile(r"-?[0-9]{1,15}(\.[0-9]{1,6})?", re.ASCII)


@dataclass(frozen=True, slots=True)
class KnownFunction:
    """``spoken``: the language in force comes as a first argument, before the values."""

    takes: int
    call: Callable[..., Value]
    spoken: bool = False


def as_text(value: Value) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return f"{value:.6f}".rstrip("0").rstrip(".")
    return value[:MAX_TEXT]


def as_number(value: Value) -> float | None:
    """None for what does not look like a number."""
    if isinstance(value, str):
        return float(value) if NUMBER.fullmatch(value.strip()) else None
    return float(value)


def is_true(value: Value) -> bool:
    """A text is true unless it is empty or says false; a number unless it is 0."""
    return value not in ("", "false") if isinstance(value, str) else bool(value)


def _count(value: Value) -> int:
    return int(min(max(as_number(value) or 0.0, 0.0), MAX_TEXT))


def spaced(value: Value) -> str:
    """The digits one by one, as they are to be spoken: ``4711`` becomes ``4 7 1 1``. What is no digit is left out."""
    return " ".join(char for char in as_text(value) if char in "0123456789*#")


def _in_words(say: Callable[[str, str], str]) -> KnownFunction:
    """A function of ``spoken``, which knows only texts."""
    return KnownFunction(1, lambda language, a: say(language, as_text(a))[:MAX_TEXT], spoken=True)


def _money(language: str, value: Value, currency: Value) -> Value:
    return spoken.money(language, as_text(value), as_text(currency))[:MAX_TEXT]


WHOLE_MINUTES = (1, 2, 3, 4, 5, 6, 8, 10, 15, 20, 30, 45, 60, 90, 120)


def _round_up(value: Value) -> Value:
    """Seconds, up to as many whole minutes as people say: nobody is told a number that pretends to be exact."""
    seconds = as_number(value)
    if seconds is None:
        return ""
    return 60.0 * next((n for n in WHOLE_MINUTES if seconds <= n * 60), -(-seconds // 3600) * 60)


def _last(value: Value, n: Value) -> Value:
    return as_text(value)[-_count(n) :] if _count(n) else ""


FUNCTIONS = {
    "length": KnownFunction(1, lambda a: float(len(as_text(a)))),
    "lower": KnownFunction(1, lambda a: as_text(a).lower()),
    "upper": KnownFunction(1, lambda a: as_text(a).upper()),
    "digits": KnownFunction(1, spaced),
    "first": KnownFunction(2, lambda a, n: as_text(a)[: _count(n)]),
    "last": KnownFunction(2, _last),
    "starts_with": KnownFunction(2, lambda a, b: as_text(a).startswith(as_text(b))),
    "ends_with": KnownFunction(2, lambda a, b: as_text(a).endswith(as_text(b))),
    "contains": KnownFunction(2, lambda a, b: as_text(b) in as_text(a)),
    "default": KnownFunction(2, lambda a, b: a if a != "" else b),
    "round_up": KnownFunction(1, _round_up),
    "number": _in_words(spoken.number),
    "ordinal": _in_words(spoken.ordinal),
    "money": KnownFunction(2, _money, spoken=True),
    "date": _in_words(spoken.date),
    "weekday": _in_words(spoken.weekday),
    "time": _in_words(spoken.time),
    "duration": _in_words(spoken.duration),
    "spell": _in_words(spoken.spell),
    "phone": _in_words(spoken.phone),
}

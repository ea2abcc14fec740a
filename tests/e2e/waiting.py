"""The one place in which the end-to-end tests wait: for a condition, never for a length of time, and never without a deadline."""

import time
from collections.abc import Callable
from typing import TypeVar

T = TypeVar("T")

_LOOK_EVERY_S = 0.02


class NeverHappened(AssertionError):
    """A condition did not come true before its deadline."""


def until(what: str, condition: Callable[[], T], *, within_s: float = 10.0, seen: Callable[[], object] | None = None) -> T:
    """The first truthy value of ``condition``; raises NeverHappened, naming ``what`` and what was ``seen`` instead."""
    deadline = time.monotonic() + within_s
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() >= deadline:
            instead = f"; instead: {seen()!r}" if seen else f"; last look: {value!r}"
            raise NeverHappened(f"not within {within_s:g} s: {what}{instead}")
        time.sleep(_LOOK_EVERY_S)


def throughout(what: str, condition: Callable[[], object], *, for_s: float) -> None:
    """Holds that ``condition`` stays true for so long: for what must *not* happen (nobody is rung twice)."""
    end = time.monotonic() + for_s
    while time.monotonic() < end:
        assert condition(), f"did not stay so for {for_s:g} s: {what}"
        time.sleep(_LOOK_EVERY_S)

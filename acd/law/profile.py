"""The rules of one jurisdiction as plain frozen data: limits, times, hours, and where each number comes from. Decides nothing."""

from collections.abc import Mapping
from dataclasses import dataclass, field

DAY_S = 86400.0

Range = tuple[int, int]
"""Minutes after midnight, from and to, of one day; 1440 is its end."""
Ranges = tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class CallingHours:
    """When people may be called, by the clock and the calendar of who is called. () is never."""

    weekly: tuple[Ranges, ...]  # seven, from Monday
    holiday: Ranges
    eve: Ranges | None = None  # a day before a holiday, and no Sunday; None: as any other


@dataclass(frozen=True, slots=True, kw_only=True)
class Source:
    """Where a number comes from. ``checked``: the rule, or somebody who quotes it, was read; else counsel has to."""

    text: str
    checked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LawProfile:
    id: str
    name: str
    abandon_limit: float  # of those who answered in person, in each period
    periods_s: tuple[float, ...]  # rolling
    answer_s: float  # so long after the start an agent must be there
    after_greeting: bool  # whether that may be counted from the end of the greeting, not only from the answer
    ring_least_s: float  # a phone is let ring so long
    redial_lock_s: float  # after an abandon the number is dialled again so late
    lock_is_absolute: bool  # or may be, by an agent who is reserved for it
    then_reserved: bool  # whether the first call after the lock is one with an agent reserved for it
    hours: CallingHours
    per_day: int | None  # attempts to a number
    keep_s: float  # records are kept at least so long
    message_needs: frozenset[str]  # what an abandoned one is told: of name, number, opt_out
    dnc_needed: bool  # whether a public do-not-call list must be asked
    dnc_fresh_s: float  # and may be so old
    country: str = ""  # whose holidays; '' those of the country that is called
    source: Mapping[str, Source] = field(default_factory=dict)  # by the names above


def same_every_day(*ranges: Range) -> CallingHours:
    return CallingHours(weekly=(ranges,) * 7, holiday=ranges)


def by_day(*, weekday: Ranges, saturday: Ranges, sunday: Ranges, holiday: Ranges, eve: Ranges | None = None) -> CallingHours:
    return CallingHours(weekly=(weekday,) * 5 + (saturday, sunday), holiday=holiday, eve=eve)

"""Whether somebody may be called now, by every clock that may be theirs, and when they may be next. PURE: the time is an argument.

The zone of a phone number is often a guess among several; all of them must be inside. Hours are those of the wall, so on a day on
which the clocks change they begin and end when the wall says so. A holiday is one of the whole country: what is one in a part of it
only, a campaign's calendar says.
"""

from collections.abc import Iterator, Sequence
from datetime import date, datetime, timedelta
from functools import lru_cache
from heapq import merge
from math import inf
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from acd.ivr.calendar import clocks_change, instant, public_holidays
from acd.law.profile import LawProfile, Ranges
from acd.law.ranges import both, written

LOOKS_AHEAD_DAYS = 30
UNKNOWN = "nobody knows the time zone of who would be called"
Weekly = tuple[Ranges, ...]
"""Seven, from Monday."""


def open_now(profile: LawProfile, zones: Sequence[str], at: float, country: str = "", own: Weekly | None = None) -> bool | str:
    """True, or why not. ``country``: where the number is, as DE, for its holidays; ``own``: a campaign's hours, which take away."""
    if not zones or not all(map(_known, zones)):
        return UNKNOWN
    for zone in zones:
        local = datetime.fromtimestamp(at, ZoneInfo(zone))
        ranges = hours_of(profile, local.date(), country, own)
        if not any(start <= local.hour * 60 + local.minute < end for start, end in ranges):
            return f"it is {local:%H:%M} in {zone}; people are called there today: {written(ranges)}"
    return True


def opens_at(profile: LawProfile, zones: Sequence[str], at: float, country: str = "", own: Weekly | None = None) -> float | None:
    """The first instant from ``at`` on at which they may be called by all of their clocks; None when there is none in a month."""
    if not zones or not all(map(_known, zones)):
        return None
    moments = merge([at], *(_openings(profile, zone, at, country, own) for zone in zones))
    return next((each for each in moments if open_now(profile, zones, each, country, own) is True), None)


def hours_of(profile: LawProfile, day: date, country: str = "", own: Weekly | None = None) -> Ranges:
    """When people are called on a day."""
    hours, where = profile.hours, profile.country or country
    allowed = hours.weekly[day.weekday()]
    if is_holiday(where, day):
        allowed = both(allowed, hours.holiday)
    elif hours.eve is not None and is_holiday(where, day + timedelta(days=1)):
        allowed = both(allowed, hours.eve)
    return allowed if own is None else both(allowed, own[day.weekday()])


def is_holiday(country: str, day: date) -> bool:
    try:
        return bool(country) and day in public_holidays(country, "", day.year)
    except NotImplementedError:  # a country of which no holidays are known
        return False


def _openings(profile: LawProfile, zone: str, at: float, country: str, own: Weekly | None) -> Iterator[float]:
    """After ``at``, in order: when it may open in one zone. Where ranges begin, both times on a day that has an hour twice, and when
    the clocks change.
    """
    today = datetime.fromtimestamp(at, ZoneInfo(zone)).date()
    before: set[float] = set()
    for n in range(LOOKS_AHEAD_DAYS):
        day = today + timedelta(days=n)
        starts = [start for start, _ in hours_of(profile, day, country, own)]
        found = {instant(day, start, zone, fold) for start in starts for fold in (0, 1)} | set(clocks_change(day, zone))
        first = min(found, default=inf)  # of a day that a place left out, what would be in it is in the next one
        yield from sorted(each for each in before if at < each < first)
        before = {each for each in before if each >= first} | found
    yield from sorted(each for each in before if each > at)


@lru_cache(maxsize=1024)
def _known(zone: str) -> bool:
    try:
        return ZoneInfo(zone) is not None
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return False

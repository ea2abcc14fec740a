"""Opening hours: weekly ranges, exceptions by date, public holidays, in a time zone. PURE: the time is an argument.

Ranges are wall-clock times of the zone, so that on the day the clocks go back both 02:30s are open or both are not. A
range that crosses midnight belongs to the day on which it begins.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

LOOKS_AHEAD_DAYS = 400

Range = tuple[int, int]
"""Minutes after midnight, from and to; to <= from crosses midnight, 1440 is the day's end."""
Ranges = tuple[Range, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Calendar:
    zone: str
    weekly: tuple[Ranges, ...]  # seven, from Monday
    exceptions: Mapping[date, Ranges] = field(default_factory=dict)  # win over holidays and the week; () is closed
    country: str = ""
    region: str = ""

    def state(self, at: float) -> str:
        """``open``, ``closed`` or ``holiday`` at an instant (seconds since the epoch)."""
        local = datetime.fromtimestamp(at, ZoneInfo(self.zone))
        minute, today = local.hour * 60 + local.minute, local.date()
        if any(start <= minute and (minute < end or end <= start) for start, end in self.ranges(today)):
            return "open"
        if any(end <= start and minute < end for start, end in self.ranges(today - timedelta(days=1))):
            return "open"
        return "holiday" if self.is_holiday(today) else "closed"

    def next_change(self, at: float) -> tuple[float, str] | None:
        """When it opens or closes next, and its state from then on; None when it does neither for a good year."""
        was_open = self.state(at) == "open"
        today = datetime.fromtimestamp(at, ZoneInfo(self.zone)).date()
        for n in range(LOOKS_AHEAD_DAYS):
            for moment in sorted(self._moments(today + timedelta(days=n))):
                if moment > at and (self.state(moment) == "open") != was_open:
                    return moment, self.state(moment)
        return None

    def opens(self, at: float) -> str:
        """When it opens next, by its own clock: ``Mon 2026-11-30 09:00``; '' where it is open, or does not for a good year."""
        change = self.next_change(at)
        if change is None or change[1] != "open":
            return ""
        return datetime.fromtimestamp(change[0], ZoneInfo(self.zone)).strftime("%a %Y-%m-%d %H:%M")

    def _moments(self, day: date) -> Iterator[float]:
        """When something may change in a day: at the ends of its ranges and of the night before, and when the clocks change."""
        edges = {minute for start, end in self.ranges(day) for minute in ((start, end) if start < end else (start,))}
        nights = {end for start, end in self.ranges(day - timedelta(days=1)) if end <= start}
        yield from (instant(day, minute, self.zone, fold) for minute in edges | nights for fold in (0, 1))
        yield from clocks_change(day, self.zone)

    def ranges(self, day: date) -> Ranges:
        if day in self.exceptions:
            return self.exceptions[day]
        return () if self.is_holiday(day) else self.weekly[day.weekday()]

    def is_holiday(self, day: date) -> bool:
        return bool(self.country) and day not in self.exceptions and day in public_holidays(self.country, self.region, day.year)


def instant(day: date, minute: int, zone: str, fold: int = 0) -> float:
    """A wall-clock time as seconds since the epoch; 1440 is the next day's midnight."""
    day, minute = (day + timedelta(days=1), 0) if minute == 1440 else (day, minute)
    return datetime.combine(day, time(minute // 60, minute % 60, fold=fold), ZoneInfo(zone)).timestamp()


def clocks_change(day: date, zone: str) -> Iterator[float]:
    """The instant in a day at which the clocks go ahead or back, if they do."""
    early, late = int(instant(day, 0, zone)) - 3 * 3600, int(instant(day, 1440, zone))  # some do so at midnight
    before = _offset(early, zone)
    if _offset(late, zone) == before:
        return
    while late - early > 1:
        middle = (early + late) // 2
        early, late = (middle, late) if _offset(middle, zone) == before else (early, middle)
    yield float(late)


def _offset(at: float, zone: str) -> timedelta | None:
    return datetime.fromtimestamp(at, ZoneInfo(zone)).utcoffset()


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))


def regions() -> Mapping[str, list[str]]:
    """Countries that have holidays here, with their regions."""
    return holidays.list_supported_countries()


@dataclass(frozen=True, slots=True, kw_only=True)
class Midnights:
    """Days of a zone. Implements ``acd.core.outside.outbound_policy.Days``."""

    zone: str

    def end_of(self, at: float) -> float:
        """The next midnight on the wall, 23, 24 or 25 hours after the last."""
        today = datetime.fromtimestamp(at, ZoneInfo(self.zone)).date()
        end = instant(today, 1440, self.zone)
        return end if end > at else instant(today + timedelta(days=1), 1440, self.zone)

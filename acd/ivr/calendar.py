"""Opening hours: weekly ranges, exceptions by date, public holidays, in a time zone. PURE: the time is an argument.

Ranges are wall-clock times of the zone, so that on the day the clocks go back both 02:30s are open or both are not. A
range that crosses midnight belongs to the day on which it begins.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo

import holidays

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

    def ranges(self, day: date) -> Ranges:
        if day in self.exceptions:
            return self.exceptions[day]
        return () if self.is_holiday(day) else self.weekly[day.weekday()]

    def is_holiday(self, day: date) -> bool:
        return bool(self.country) and day not in self.exceptions and day in public_holidays(self.country, self.region, day.year)


@lru_cache(maxsize=256)
def public_holidays(country: str, region: str, year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays(country, subdiv=region or None, years=year))


def regions() -> Mapping[str, list[str]]:
    """Countries that have holidays here, with their regions."""
    return holidays.list_supported_countries()

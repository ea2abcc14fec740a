"""Times of day, by the clock of who is called. PURE: the time is an argument."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from acd.law.profile import Ranges


def within(ranges: Ranges, at: float, zones: Sequence[str]) -> float:
    """The first instant from ``at`` on that is inside by the first clock; no ranges: any."""
    if not ranges or not zones:
        return at
    zone = ZoneInfo(zones[0])
    local = datetime.fromtimestamp(at, zone)
    minute = local.hour * 60 + local.minute
    if any(start <= minute < end for start, end in ranges):
        return at
    later = [start for start, _ in ranges if start > minute]
    day = local.date() if later else local.date() + timedelta(days=1)
    hour, rest = divmod(min(later) if later else min(start for start, _ in ranges), 60)
    return datetime(day.year, day.month, day.day, hour, rest, tzinfo=zone).timestamp()

"""The time for which a caller wants to be called, as it is typed or written: on a clock, or so long from now. PURE.

A time that the clocks leave out is an hour later by the wall; of one that comes twice it is the first that is still to come.
"""

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from acd.ivr.calendar import instant

CLOCK = re.compile(r"([01]?[0-9]|2[0-3]):?([0-5][0-9])", re.ASCII)
DATED = re.compile(r"([0-9]{4}-[0-9]{2}-[0-9]{2})[ T](\S{4,5})", re.ASCII)
FROM_NOW = re.compile(r"([0-9]{1,6})(|m|h)", re.ASCII)
MINUTE_S, DAY_S = 60.0, 86400.0
LONGEST_S = 31 * DAY_S
CLOCKS = "HHMM or HH:MM, today or tomorrow, or with its day: 2026-12-24 14:00"
MINUTES = "minutes from now (30), or 30m, 2h"


class NotATime(ValueError):
    """It cannot be read as a time, or there is no such time any more. ``why`` is the word for flows."""

    def __init__(self, why: str) -> None:
        super().__init__(why)
        self.why = why


def at_clock(written: str, now: float, zone: str) -> float:
    """The next time at which a clock of this zone shows it; with a day, on that day. Raises NotATime."""
    written = written.strip()
    dated = DATED.fullmatch(written)
    minute = _minute(dated[2] if dated else written)
    this_minute = now // MINUTE_S * MINUTE_S
    if dated:
        days = iter([_day(dated[1])])
    else:
        today = datetime.fromtimestamp(now, ZoneInfo(zone)).date()
        days = iter([today, today + timedelta(days=1)])
    for moment in _moments(days, minute, zone):
        if moment >= this_minute:
            return _near(moment, now)
    raise NotATime("past")


def from_now(written: str, now: float) -> float:
    """To the nearest minute. Raises NotATime."""
    match = FROM_NOW.fullmatch(written.strip())
    if not match or not int(match[1]):
        raise NotATime("unreadable")
    wait_s = int(match[1]) * (3600.0 if match[2] == "h" else MINUTE_S)
    return _near((now + wait_s + MINUTE_S / 2) // MINUTE_S * MINUTE_S, now)


def _moments(days: Iterator[date], minute: int, zone: str) -> Iterator[float]:
    for day in days:
        yield from (instant(day, minute, zone, fold) for fold in (0, 1))


def _minute(written: str) -> int:
    match = CLOCK.fullmatch(written)
    if not match or len(written) < 4:
        raise NotATime("unreadable")
    return int(match[1]) * 60 + int(match[2])


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise NotATime("unreadable") from None


def _near(moment: float, now: float) -> float:
    if moment > now + LONGEST_S:
        raise NotATime("too_far")
    return moment

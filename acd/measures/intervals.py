"""Which interval of the local day an instant is in, with daylight saving time right. PURE.

A local day has 23, 24 or 25 hours, and each 02:00 of an autumn night is an interval of its own. A database knows no zones: it is told
how to cut the time into pieces each of which lies within one local interval (``Cut``); ``begin_of`` then says of any instant of such a
piece when its interval began.
"""

from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from math import inf

QUARTER_S = 900
DAY_S = 86400.0


class Every(StrEnum):
    QUARTER = "15m"
    HALF = "30m"
    HOUR = "1h"
    DAY = "day"


MINUTES = {Every.QUARTER: 15, Every.HALF: 30, Every.HOUR: 60}


def begin_of(at: float, every: Every, zone: tzinfo | None) -> float:
    """When the interval began that ``at`` is in. ``zone`` None: that of the machine."""
    local = datetime.fromtimestamp(at, zone) if zone else datetime.fromtimestamp(at)
    start = local.replace(minute=0, second=0, microsecond=0)
    if every is Every.DAY:
        return start.replace(hour=0, fold=0).timestamp()
    return start.replace(minute=local.minute // MINUTES[every] * MINUTES[every]).timestamp()


@dataclass(frozen=True, slots=True, kw_only=True)
class Stretch:
    """A time in which the clock stays ``offset_s`` ahead of UTC."""

    begin: float = -inf
    end: float = inf
    offset_s: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Cut:
    """Pieces of ``size_s`` by the clock of each stretch. As it stands: quarters of an hour of UTC, which lie within one interval
    of any zone, because every zone's offset is a multiple of a quarter of an hour."""

    size_s: int = QUARTER_S
    stretches: tuple[Stretch, ...] = (Stretch(),)


def cut_of(every: Every, zone: tzinfo | None, since: float, until: float) -> Cut:
    """The largest pieces that will do where all are of one zone."""
    minutes = MINUTES.get(every, 24 * 60)
    return Cut(size_s=minutes * 60, stretches=tuple(_stretches(zone, since, until)))


def _stretches(zone: tzinfo | None, since: float, until: float) -> list[Stretch]:
    found, begin, at = [], -inf, since
    while at < until:
        after = min(at + DAY_S, until)
        if _offset_s(at, zone) != _offset_s(after, zone):
            change = _change(at, after, zone)
            found.append(Stretch(begin=begin, end=change, offset_s=_offset_s(at, zone)))
            begin = change
        at = after
    return [*found, Stretch(begin=begin, offset_s=_offset_s(until, zone))]


def _change(before: float, after: float, zone: tzinfo | None) -> float:
    """The second in which the clock changes."""
    low, high = int(before), int(after) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _offset_s(middle, zone) == _offset_s(before, zone) else (low, middle)
    return float(high)


def _offset_s(at: float, zone: tzinfo | None) -> int:
    local = datetime.fromtimestamp(at, zone) if zone else datetime.fromtimestamp(at).astimezone()
    offset = local.utcoffset()
    return int(offset.total_seconds()) if offset else 0

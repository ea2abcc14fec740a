"""Which interval of the local day an instant is in, with daylight saving time right. PURE.

Records are grouped by quarters of an hour of UTC. The offset of every zone is a multiple of a quarter of an hour, so each of them lies
within one local interval of 15, 30 or 60 minutes, or of a day; a local day has 92, 96 or 100 of them, and each 02:00 of an autumn
night is an interval of its own.
"""

from collections.abc import Callable
from datetime import datetime, tzinfo
from enum import StrEnum

QUARTER_S = 900


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


def of_quarters(every: Every, zone: tzinfo | None) -> Callable[[int], float]:
    """The beginning of the interval by the number of the quarter (since the epoch); remembers, because millions are asked for."""
    known: dict[int, float] = {}

    def begin(quarter: int) -> float:
        found = known.get(quarter)
        if found is None:
            found = known[quarter] = begin_of(quarter * QUARTER_S, every, zone)
        return found

    return begin

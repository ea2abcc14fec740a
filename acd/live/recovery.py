"""At start: every remembered version back into the state, in order. Nothing is decided again."""

import logging
from collections.abc import Iterable
from dataclasses import dataclass

from acd.core.state import State
from acd.live.codec import Line

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Recovered:
    lines: int
    last_at: float  # the clock goes on from here
    unreadable: int
    calls: int
    entries: int


def recover(state: State, lines: Iterable[Line]) -> Recovered:
    """Puts every record version into ``state``. What cannot be read is logged and counted, and the rest goes on."""
    count, last_at, unreadable = 0, 0.0, 0
    for line in lines:
        count += 1
        last_at = max(last_at, line.at)
        for record in line.changes:
            state.put(record)
        for why in line.unreadable:
            unreadable += 1
            log.error("decision %d of the journal: %s", line.n, why)
    found = Recovered(lines=count, last_at=last_at, unreadable=unreadable, calls=len(state.calls), entries=len(state.entries))
    log.info("recovered %d calls, %d in queues, from %d journal lines", found.calls, found.entries, count)
    return found

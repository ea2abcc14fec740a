"""Queues: all of a queue's measures, over the whole time or by interval; their outcomes; their service levels side by side. PURE."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo
from typing import Any, TypeVar

from acd.measures.intervals import Every, begin_of
from acd.measures.offers import OFFERS, Handled, Offers
from acd.measures.visits import OUTCOMES, SERVICE_LEVELS, VISITS, Ended, Tally, Visits
from acd.measures.waits import WAITS
from acd.reports.table import Column, Report, iso, measured, text

SHOWN = (
    *("offered/acd-1", "answered/acd-1", "answered_in_time/acd-1", "abandoned/acd-1", "short_abandoned/acd-1", "unserved/acd-1"),
    *("flow_outs/acd-1", "service_level/acd-1", "abandon_rate/acd-1", "average_speed_of_answer/acd-1", "longest_wait/acd-1"),
)
HANDLING = ("average_handling_time/acd-1", "average_talk_time/acd-1", "average_hold_time/acd-1", "average_wrap_up/acd-1")
TRANSFERS = "transfer_rate/acd-1"
ALL = "all"

K = TypeVar("K")
Slot = float | None
"""When an interval began; None: the whole time."""
ZoneOf = Callable[[str], tzinfo | None]
Begin = Callable[[str, Slot], Slot]


@dataclass(slots=True, kw_only=True)
class OfQueue:
    """The raw counters of one queue in one interval."""

    ended: dict[str, Tally] = field(default_factory=dict)
    handled: dict[str, Handled] = field(default_factory=dict)
    waits: list[float] = field(default_factory=list)

    @property
    def visits(self) -> Visits:
        return Visits(by=self.ended)

    @property
    def offers(self) -> Offers:
        return Offers(by=self.handled)

    def add(self, other: "OfQueue") -> None:
        put(self.ended, other.ended.items())
        put(self.handled, other.handled.items())
        self.waits += other.waits


def gathered(
    visits: Iterable[tuple[str, Slot, str, Tally]],
    handled: Iterable[tuple[str, Slot, str, Handled]],
    waits: Iterable[tuple[str, Slot, float]],
    begin: Begin,
) -> dict[tuple[str, Slot], OfQueue]:
    """By queue and interval. What comes has an instant in the interval (``acd.records.counting``)."""
    found: dict[tuple[str, Slot], OfQueue] = {}

    def of(queue: str, at: Slot) -> OfQueue:
        return found.setdefault((queue, begin(queue, at)), OfQueue())

    for queue, at, outcome, tally in visits:
        put(of(queue, at).ended, [(outcome, tally)])
    for queue, at, outcome, each in handled:
        put(of(queue, at).handled, [(outcome, each)])
    for queue, at, wait in waits:
        of(queue, at).waits.append(wait)
    for one in found.values():
        one.waits.sort()
    return found


def put(into: dict[K, Any], counters: Iterable[tuple[K, Any]]) -> None:
    """Add counters to those that are there: what comes is millions of rows, so in place."""
    for key, more in counters:
        known = into.get(key)
        into[key] = more if known is None else known + more


def begins(every: Every | None, zone_of: ZoneOf) -> Begin:
    """Each queue's intervals begin by the clock of its own zone."""
    known: dict[tuple[str, float], float] = {}

    def begin(queue: str, at: Slot) -> Slot:
        if every is None or at is None:
            return None
        key = (queue, at)
        if key not in known:
            known[key] = begin_of(at, every, zone_of(queue))
        return known[key]

    return begin


def queues(found: Mapping[tuple[str, Slot], OfQueue], *, every: Every | None, zone_of: ZoneOf) -> Report:
    """A row for each queue (and interval) in which somebody was offered, and one for all together where there are several."""
    rows = [
        _row(queue, [] if slot is None else [iso(slot, zone_of(queue))], one)
        for (queue, slot), one in sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or 0.0))
    ]
    if every is None and len(found) > 1:
        rows.append(_row(ALL, [], together(found.values())))
    heads: list[Column] = [text("queue"), *([text("begin", every.value)] if every else [])]
    columns = [*heads, *measured(VISITS[id] for id in SHOWN), *measured(WAITS), *measured(OFFERS[id] for id in (*HANDLING, TRANSFERS))]
    return Report(columns=columns, rows=rows)


def _row(queue: str, begin: list[str], one: OfQueue) -> list[Any]:
    visits, offers = one.visits, one.offers
    return [
        queue,
        *begin,
        *(VISITS[id].of(visits) for id in SHOWN),
        *(definition.of(one.waits) for definition in WAITS),
        *(OFFERS[id].of(offers) for id in (*HANDLING, TRANSFERS)),
    ]


def together(several: Iterable[OfQueue]) -> OfQueue:
    whole = OfQueue()
    for one in several:
        whole.add(one)
    whole.waits.sort()
    return whole


def levels(found: Mapping[tuple[str, Slot], OfQueue]) -> Report:
    """The service level of each queue by every definition: the columns do not agree, and that is the point."""
    rows = [[queue, *(one.of(each.visits) for one in SERVICE_LEVELS)] for (queue, _), each in sorted(found.items(), key=_by_queue)]
    if len(found) > 1:
        rows.append([ALL, *(one.of(together(found.values()).visits) for one in SERVICE_LEVELS)])
    return Report(columns=[text("queue"), *measured(SERVICE_LEVELS)], rows=rows)


def outcomes(found: Mapping[tuple[str, Slot], OfQueue]) -> Report:
    """How many visits ended in which way, and after what wait."""
    rows = [row for (queue, _), one in sorted(found.items(), key=_by_queue) for row in _outcomes(queue, one.visits)]
    return Report(columns=[text("queue"), text("outcome"), *measured(OUTCOMES)], rows=rows)


def _outcomes(queue: str, visits: Visits) -> Iterator[list[Any]]:
    for outcome, tally in sorted(visits.by.items(), key=lambda each: -each[1].n):
        yield [queue, outcome, *(definition.of(Ended(so=tally, all=visits)) for definition in OUTCOMES)]


def _by_queue(item: tuple[tuple[str, Slot], Any]) -> str:
    return item[0][0]

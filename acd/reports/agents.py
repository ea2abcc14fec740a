"""Agents: what they did with their time and with what was offered to them, and whether calls were dealt evenly. PURE."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import tzinfo

import msgspec

from acd.measures.fairness import DEALT, FAIRNESS, Dealt, dealt
from acd.measures.intervals import Every
from acd.measures.offers import ENDS, OFFERS, Handled, Offers
from acd.measures.times import STATES, TIMES, Times
from acd.reports.queues import Begin, Slot, put
from acd.reports.table import Report, instant, measured, text

OF_OFFERS = (
    *("offers/acd-1", "handled/acd-1", "not_answered/acd-1", "caller_left/acd-1", "rna_rate/acd-1", "average_handling_time/acd-1"),
    *("average_talk_time/acd-1", "average_hold_time/acd-1", "average_wrap_up/acd-1", "transfer_rate/acd-1"),
)
OF_TIMES = (
    *("logged_in_time/acd-1", "ready_time/acd-1", "rung_time/acd-1", "talk_time/acd-1", "wrap_up_time/acd-1"),
    *("own_call_time/acd-1", "not_ready_time/acd-1", "occupancy/acd-2", "utilisation/acd-1"),
)


@dataclass(slots=True, kw_only=True)
class OfAgent:
    """The raw counters of one agent in one interval."""

    handled: dict[str, Handled] = field(default_factory=dict)
    spent: dict[tuple[str, str], float] = field(default_factory=dict)

    @property
    def offers(self) -> Offers:
        return Offers(by=self.handled)

    @property
    def times(self) -> Times:
        return Times(by=self.spent)


Found = Mapping[tuple[str, Slot], OfAgent]


def gathered(
    handled: Iterable[tuple[str, Slot, str, Handled]],
    times: Iterable[tuple[str, Slot, str, str, float]],
    begin: Begin,
) -> dict[tuple[str, Slot], OfAgent]:
    """By agent and interval."""
    found: dict[tuple[str, Slot], OfAgent] = {}

    def of(agent: str, at: Slot) -> OfAgent:
        return found.setdefault((agent, begin("", at)), OfAgent())

    for agent, at, outcome, each in handled:
        put(of(agent, at).handled, [(outcome, each)])
    for agent, at, state, reason, seconds in times:
        put(of(agent, at).spent, [((state, reason), seconds)])
    return found


def agents(found: Found, *, every: Every | None, zone: tzinfo | None) -> Report:
    rows = [
        [
            agent,
            *([slot] if every else []),
            *(OFFERS[id].of(one.offers) for id in OF_OFFERS),
            *(TIMES[id].of(one.times) for id in OF_TIMES),
        ]
        for (agent, slot), one in _sorted(found)
    ]
    columns = [
        text("agent"),
        *([instant("begin", every.value)] if every else []),
        *measured(OFFERS[id] for id in OF_OFFERS),
        *measured(TIMES[id] for id in OF_TIMES),
    ]
    return Report(columns=columns, rows=rows, zone=zone)


def states(found: Found) -> Report:
    """The time of each agent by state and reason, and what part it is of the time logged in."""
    rows = [
        [agent, state, reason, *(definition.of((seconds, one.times)) for definition in STATES)]
        for (agent, _), one in _sorted(found)
        for (state, reason), seconds in sorted(one.times.by.items(), key=lambda each: -each[1])
    ]
    return Report(columns=[text("agent"), text("state"), text("reason"), *measured(STATES)], rows=rows)


def offers(found: Found) -> Report:
    """How the offers to each agent ended."""
    rows = [
        [agent, outcome, *(definition.of((each, one.offers)) for definition in ENDS)]
        for (agent, _), one in _sorted(found)
        for outcome, each in sorted(one.offers.by.items(), key=lambda item: -item[1].n)
    ]
    return Report(columns=[text("agent"), text("outcome"), *measured(ENDS)], rows=rows)


class Candidate(msgspec.Struct):
    agent: str


class Choice(msgspec.Struct):
    """What of a trace is read here: a million are, so not more."""

    candidates: list[Candidate]
    counts: dict[str, int]


def fairness(traces: Iterable[tuple[str, str]]) -> Report:
    """``traces``: (agent, the trace as JSON) of each offer."""
    floor = dealt(_choices(traces))
    rows = [[agent, *(definition.of(one) for definition in DEALT)] for agent, one in sorted(floor.items(), key=_by_ratio)]
    notes = [] if floor else ["nothing was offered"]
    about = [(definition, definition.of(floor)) for definition in FAIRNESS]
    return Report(columns=[text("agent"), *measured(DEALT)], rows=rows, about=about, notes=notes)


def _by_ratio(item: tuple[str, Dealt]) -> tuple[float, str]:
    return item[1].ratio or 0.0, item[0]


def _choices(traces: Iterable[tuple[str, str]]) -> Iterator[tuple[str, list[str], int]]:
    read = msgspec.json.Decoder(Choice).decode
    for agent, trace in traces:
        found = read(trace)
        yield agent, [each.agent for each in found.candidates], found.counts.get("free", 0)


def _sorted(found: Found) -> list[tuple[tuple[str, Slot], OfAgent]]:
    return sorted(found.items(), key=lambda item: (item[0][0], item[0][1] or 0.0))

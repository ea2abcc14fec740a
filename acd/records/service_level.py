"""PURE: the glossary's formulas over raw counters. A number is always shown with the id of its definition.

The peers do not agree on what a service level is; so the counters are kept, and the formulas are named functions of
them. ``acd-1`` is ours: A(T) / (A + abandoned after more than s + timed out), flow-outs left out (ACD.md, metric definitions).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from acd.words import EntryOutcome

O = EntryOutcome

ABANDONED = frozenset({O.ABANDONED, O.ABANDONED_WHILE_RINGING})
UNSERVED = frozenset({O.TIMED_OUT, O.SYSTEM_ERROR})  # the house let them down
FLOW_OUTS = frozenset(O) - ABANDONED - UNSERVED - {O.ANSWERED, O.SHORT_ABANDONED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Counts:
    """The six raw counters (and two sums) of ended queue visits, from which every formula is made."""

    offered: int = 0
    answered: int = 0
    answered_in_time: int = 0
    abandoned: int = 0  # after more than the short-abandon threshold
    abandoned_in_time: int = 0  # of those, within the target
    short_abandoned: int = 0
    unserved: int = 0
    flow_outs: int = 0
    waited_s: float = 0.0  # of the answered
    talk_s: float = 0.0

    def add(self, outcome: str, waited_s: float, talk_s: float, target_s: float) -> "Counts":
        in_time = waited_s <= target_s
        counts = replace(self, offered=self.offered + 1)
        if outcome == O.ANSWERED:
            return replace(
                counts,
                answered=self.answered + 1,
                answered_in_time=self.answered_in_time + in_time,
                waited_s=self.waited_s + waited_s,
                talk_s=self.talk_s + talk_s,
            )
        if outcome in ABANDONED:
            return replace(counts, abandoned=self.abandoned + 1, abandoned_in_time=self.abandoned_in_time + in_time)
        if outcome == O.SHORT_ABANDONED:
            return replace(counts, short_abandoned=self.short_abandoned + 1)
        if outcome in UNSERVED:
            return replace(counts, unserved=self.unserved + 1)
        return replace(counts, flow_outs=self.flow_outs + 1)


def count(visits: Iterable[Mapping[str, Any]], target_s: float = 20.0) -> Counts:
    """Counters of ended visits (rows of ``queue_visits``); ``target_s`` where a row does not carry its own."""
    counts = Counts()
    for visit in visits:
        target = visit["service_level_s"] if visit["service_level_s"] is not None else target_s
        counts = counts.add(visit["outcome"], visit["waited_s"] or 0.0, visit["talk_s"] or 0.0, target)
    return counts


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


Formula = Callable[[Counts], float | None]

SERVICE_LEVEL: dict[str, Formula] = {
    "acd-1": lambda c: share(c.answered_in_time, c.answered + c.abandoned + c.unserved),
    "asterisk": lambda c: share(c.answered_in_time, c.answered),
    "connect": lambda c: share(c.answered_in_time + c.abandoned_in_time + c.short_abandoned, c.offered),
    "genesys": lambda c: share(c.answered_in_time, c.answered + c.abandoned + c.short_abandoned),
    "industry": lambda c: share(c.answered_in_time, c.offered),
}
"""Definition id -> service level in 0..1; None when nobody counted. ``connect`` takes a short abandon as within the target."""


def abandon_rate(c: Counts) -> float | None:
    return share(c.abandoned, c.offered - c.short_abandoned - c.flow_outs)


def average_speed_of_answer_s(c: Counts) -> float | None:
    return share(c.waited_s, c.answered)

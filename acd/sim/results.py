"""What replications came to, in the words of the glossary: each measure by queue and interval, with its confidence interval. PURE."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from acd.core.outside.callback import Callback, CallbackOutcome
from acd.measures.callbacks import CALLBACKS, WISHES
from acd.measures.times import TIMES, Times
from acd.measures.visits import VISITS, count
from acd.measures.waits import WAITS
from acd.records.rows import Row
from acd.reports.callbacks import called_back
from acd.sim.estimate import CONFIDENCE, Estimate, estimate
from acd.sim.tally import Tally
from acd.words import EntryOutcome

ALL = ""
"""In place of a queue: the house as a whole."""
DAY = -1
"""In place of an interval: all of them."""

Where = tuple[str, int]
"""(queue or ALL, number of the interval or DAY)"""
Measured = Mapping[tuple[str, int, str], float]
"""(queue, interval, id of the measure) -> value, of one replication."""


def measured(tally: Tally) -> Measured:
    """What nobody counted is not in it: there is no service level of an hour without callers."""
    found: dict[tuple[str, int, str], float | None] = {}
    for (queue, interval), rows in _grouped(tally).items():
        visits = count(rows)
        waits = sorted(row["waited_s"] for row in rows if row["outcome"] == EntryOutcome.ANSWERED)
        found.update({(queue, interval, each.id): each.of(visits) for each in VISITS})
        found.update({(queue, interval, wait.id): wait.of(waits) for wait in WAITS})
    for (queue, interval), asked in _asked(tally).items():
        counts = called_back(each.outcome for each in asked if each.outcome is not None)
        wishes = [_waited_s(tally, each) for each in asked]
        found.update({(queue, interval, one.id): one.of(counts) for one in CALLBACKS})
        found.update({(queue, interval, wish.id): wish.of(wishes) for wish in WISHES})
    for interval, times in _times(tally).items():
        found.update({(ALL, interval, each.id): each.of(times) for each in TIMES})
    return {key: float(value) for key, value in found.items() if value is not None}


def _grouped(tally: Tally) -> dict[Where, list[Row]]:
    grouped: dict[Where, list[Row]] = {}
    for row in tally.visits:
        for where in _wheres(tally, row["queue"], row["joined_at"]):
            grouped.setdefault(where, []).append(row)
    return grouped


def _asked(tally: Tally) -> dict[Where, list[Callback]]:
    """Where callers are called back; nobody having asked is a number too."""
    if not tally.call_back:
        return {}
    grouped: dict[Where, list[Callback]] = {where: [] for where in _grouped(tally) if where[0] in (ALL, *tally.call_back)}
    if not tally.call_back:
        return {}
    for callback in tally.callbacks.values():
        if callback.outcome is not CallbackOutcome.DUPLICATE:
            for where in _wheres(tally, callback.queue, callback.asked_at):
                grouped.setdefault(where, []).append(callback)
    return grouped


def _wheres(tally: Tally, queue: str, at: float) -> tuple[Where, ...]:
    interval = int((at - tally.start) // tally.interval_s)
    return (queue, interval), (queue, DAY), (ALL, interval), (ALL, DAY)


def _waited_s(tally: Tally, callback: Callback) -> float | None:
    """From asking until an agent had them, of whom that may be said."""
    return tally.reached[callback.id] - callback.asked_at if callback.outcome is CallbackOutcome.SERVED else None


def _times(tally: Tally) -> dict[int, Times]:
    found: dict[int, dict[tuple[str, str], float]] = {}
    for (interval, state, reason), seconds in tally.times.items():
        for n in (interval, DAY):
            of = found.setdefault(n, {})
            of[state, reason] = of.get((state, reason), 0.0) + seconds
    return {interval: Times(by=by) for interval, by in found.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    """``by``: (queue, interval, measure) -> what it is, over the replications in which anybody was counted."""

    by: Mapping[tuple[str, int, str], Estimate]
    start: float
    interval_s: float
    replications: int

    @property
    def queues(self) -> list[str]:
        return sorted({queue for queue, _, _ in self.by if queue != ALL})

    @property
    def intervals(self) -> list[int]:
        return sorted({interval for _, interval, _ in self.by if interval != DAY})

    def of(self, measure: str, queue: str = ALL, interval: int = DAY) -> Estimate | None:
        return self.by.get((queue, interval, measure))


def results(runs: Sequence[Measured], like: Tally, confidence: float = CONFIDENCE) -> Results:
    return Results(
        by={key: estimate([run[key] for run in runs if key in run], confidence) for key in _keys(runs)},
        start=like.start,
        interval_s=like.interval_s,
        replications=len(runs),
    )


def difference(ours: Sequence[Measured], theirs: Sequence[Measured], like: Tally, confidence: float = CONFIDENCE) -> Results:
    """``theirs`` less ``ours``, replication by replication: both met the same callers, so what differs is the configuration."""
    pairs: list[Measured] = [{key: b[key] - a[key] for key in a.keys() & b.keys()} for a, b in zip(ours, theirs, strict=True)]
    return results(pairs, like, confidence)


def _keys(runs: Iterable[Measured]) -> list[tuple[str, int, str]]:
    return sorted({key for run in runs for key in run})

"""A log lived again: what really happened beside what the core makes of the same callers, and how far the two are apart."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from acd.records.rows import Row
from acd.sim.bank_log import Log
from acd.sim.estimate import Estimate, estimate
from acd.sim.experiment import run
from acd.sim.logged_days import CREDIT_S, experiment_of, habits_of, overtaken, row_of
from acd.words import EntryOutcome


def _mean_wait(rows: Sequence[Row]) -> float | None:
    return _share(sum(row["waited_s"] for row in rows), len(rows))


def _mean_wait_of_waiters(rows: Sequence[Row]) -> float | None:
    waits = [row["waited_s"] for row in rows if row["waited_s"] > 0]
    return _share(sum(waits), len(waits))


def _waited(rows: Sequence[Row]) -> float | None:
    return _share(100.0 * sum(row["waited_s"] > 0 for row in rows), len(rows))


def _gone(rows: Sequence[Row]) -> float | None:
    return _share(100.0 * sum(row["outcome"] != EntryOutcome.ANSWERED for row in rows), len(rows))


def _in_time(rows: Sequence[Row]) -> float | None:
    served = [row for row in rows if row["outcome"] == EntryOutcome.ANSWERED]
    return _share(100.0 * sum(row["waited_s"] <= row["service_level_s"] for row in served), len(rows))


def _out_of_order(credit_s: float) -> Callable[[Sequence[Row]], float | None]:
    def measure(rows: Sequence[Row]) -> float | None:
        share = overtaken(rows, credit_s)
        return None if share is None else 100.0 * share

    return measure


def _share(part: float, whole: float) -> float | None:
    return part / whole if whole else None


MEASURES: Mapping[str, Callable[[Sequence[Row]], float | None]] = {
    "callers": lambda rows: float(len(rows)),
    "waited at all, %": _waited,
    "mean wait, s": _mean_wait,
    "mean wait of those who waited, s": _mean_wait_of_waiters,
    "answered within 20 s, %": _in_time,
    "abandoned, %": _gone,
    "served before somebody who had called earlier, % of pairs": _out_of_order(0.0),
    "served before somebody with the better place by 90 s of credit, % of pairs": _out_of_order(CREDIT_S),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Beside:
    """One measure of one group of callers: as it was, and as it became."""

    group: str
    measure: str
    real: float
    simulated: Estimate


def replayed(log: Log, days: Sequence[float], replications: int, seed: object, credit_s: float = CREDIT_S) -> list[Beside]:
    """Each replication lives all the days, with other patience of those of whom it is not known."""
    habits = habits_of(log, credit_s)
    real = [row_of(call) for day in days for call in log.of(day)]
    runs = []
    for n in range(replications):
        runs.append([row for day in days for row in run(experiment_of(log, day, habits, (seed, n)), (seed, n, day)).visits])
    queues = sorted({str(row["queue"]) for row in real})
    groups: dict[str, Callable[[Row], bool]] = {"all": lambda row: True}
    groups |= {queue: lambda row, queue=queue: row["queue"] == queue for queue in queues}  # type: ignore[misc]
    groups |= {"priority": lambda row: row["priority"] > 0, "regular": lambda row: not row["priority"]}
    return [
        Beside(group=group, measure=measure, real=was, simulated=estimate(became))
        for group, belongs in groups.items()
        for measure, of in MEASURES.items()
        if (was := of([row for row in real if belongs(row)])) is not None
        and (became := [v for rows in runs if (v := of([row for row in rows if belongs(row)])) is not None])
    ]

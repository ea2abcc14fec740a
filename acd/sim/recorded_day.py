"""A stretch of a house's own records, to be lived again with other rules: callers as they came, agents as they were there. PURE.

Known of each caller: when they joined, which queue, with which priority and age, how long they talked, how long the agent wrote. Of
patience: who gave up is known; of all others only that they were more patient than their wait (Kaplan and Meier). What a flow did
with its callers before and after the queue is not lived again: each visit stands for itself.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from acd.core.interpreter import EnterQueue
from acd.core.policy import Policy
from acd.records.rows import Row
from acd.sim.dice import AT_ONCE, Draw, Empirical, stream
from acd.sim.experiment import Experiment, Shift
from acd.sim.logged_days import Span, stretches
from acd.sim.people import Caller
from acd.sim.phones import Manners
from acd.sim.survival import Survival, kaplan_meier
from acd.sim.unknown import GONE, Unknown
from acd.words import AgentId, AgentState, CallId, EntryOutcome, OfferOutcome, QueueId

THERE = frozenset({AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})
BLINK_S = 1.0
"""A pause in being there that is shorter is none."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """Rows of the tables: visits that began between ``since`` and ``until``, their offers, what agents did meanwhile."""

    since: float
    until: float
    visits: Sequence[Row]
    offers: Sequence[Row]
    activities: Sequence[Row]


def experiment_of(recorded: Recorded, policy: Policy, seed: object) -> Experiment:
    visits = [row for row in recorded.visits if row["queue"] in policy.queues]
    patience = {queue: kaplan_meier(_waits(visits, queue)) for queue in {row["queue"] for row in visits}}
    talks = {queue: [r["talk_s"] for r in visits if r["queue"] == queue and r["talk_s"]] for queue in patience}
    every = [talk for each in talks.values() for talk in each] or [0.0]
    wrote = {row["offer"]: row["until"] - row["since"] for row in recorded.activities if _wrote(row)}
    of_visit = {row["visit"]: row["id"] for row in recorded.offers if row["outcome"] == OfferOutcome.ANSWERED}
    callers = [
        _caller(row, patience[row["queue"]], talks[row["queue"]] or every, wrote.get(of_visit.get(row["id"], "")), seed)
        for row in visits
    ]
    return Experiment(
        policy=policy,
        shifts=_shifts(recorded, policy),
        known=callers,
        manners=_manners(recorded.offers),
        begin=recorded.since - 1.0,
        start=recorded.since,
        end=recorded.until,
        interval_s=1800.0,
        drain_s=3 * 3600.0,
    )


def unknown(recorded: Recorded, policy: Policy) -> Unknown:
    gone: dict[str, int] = {}
    for row in recorded.visits:
        if row["queue"] not in policy.queues:
            gone[row["queue"]] = gone.get(row["queue"], 0) + 1
    agents = {row["agent"] for row in recorded.activities if row["state"] in THERE}
    return Unknown(
        callers=len(recorded.visits),
        patience_known=sum(row["outcome"] in GONE for row in recorded.visits),
        talk_known=sum(row["outcome"] == EntryOutcome.ANSWERED for row in recorded.visits),
        queues_gone=gone,
        agents_gone=tuple(sorted(agents - set(policy.agents))),
    )


def _waits(visits: Iterable[Row], queue: str) -> list[tuple[float, bool]]:
    return [(row["waited_s"] or 0.0, row["outcome"] in GONE) for row in visits if row["queue"] == queue]


def _wrote(row: Row) -> bool:
    return row["state"] == AgentState.WRAP_UP and row["offer"] is not None and row["until"] is not None


def _caller(row: Row, patience: Survival, talks: Sequence[float], wrap_up_s: float | None, seed: object) -> Caller:
    dice, waited_s = stream(seed, row["id"]), row["waited_s"] or 0.0
    gone, talk_s = row["outcome"] in GONE, row["talk_s"]
    return Caller(
        id=CallId(str(row["id"])),
        at=row["joined_at"],
        ask=EnterQueue(queue=QueueId(row["queue"]), priority=row["priority"]),
        talk_s=talk_s if row["outcome"] == EntryOutcome.ANSWERED and talk_s else talks[int(dice.random() * len(talks))],
        patience_s=waited_s if gone else patience(dice, waited_s),
        wrap_up_s=wrap_up_s,
    )


def _shifts(recorded: Recorded, policy: Policy) -> list[Shift]:
    there: dict[str, list[Span]] = {}
    for row in recorded.activities:
        if row["state"] in THERE and row["agent"] in policy.agents:
            end = recorded.until if row["until"] is None else row["until"]
            there.setdefault(row["agent"], []).append((max(row["since"], recorded.since - 0.5), end))
    last = recorded.until
    return [
        Shift(agent=AgentId(agent), start=begin, end=inf if end >= last else end)  # who stayed to the end serves the last
        for agent, spans in sorted(there.items())
        for begin, end in stretches(spans, BLINK_S)
        if begin < last
    ]


def _manners(offers: Sequence[Row]) -> Manners:
    rang: Draw = AT_ONCE
    if answered := [row["ring_s"] for row in offers if row["outcome"] == OfferOutcome.ANSWERED and row["ring_s"] is not None]:
        rang = Empirical(sorted(answered))
    missed = sum(row["outcome"] == OfferOutcome.NO_ANSWER for row in offers)
    return Manners(answer=rang, missed=missed / len(offers) if offers else 0.0)

"""A day of a log, to be lived again: its callers as they came, staffed with whoever was seen serving, by rules that are tried.

Real: when each came, for which queue, with which priority, how long they talked. Of patience: that of a caller who left is known; of a
caller who was served it is drawn from the Kaplan-Meier estimate, longer than the wait that was borne. What an agent does between two
callers is drawn from the pauses of those for whom the next one waited already. Staffing is what was seen: somebody counts as there
from call to call, but not in a pause longer than ``PAUSE_S``, nor in one in which somebody waited in vain for them.
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from math import inf

from acd.core.interpreter import EnterQueue
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.records.rows import Row
from acd.sim.bank_log import DAY_S, Log, Logged
from acd.sim.dice import stream
from acd.sim.experiment import Experiment, Shift
from acd.sim.people import Caller
from acd.sim.survival import Survival, kaplan_meier
from acd.words import AgentId, CallId, EntryOutcome, PhoneId, QueueId

PAUSE_S = 900.0
IN_VAIN_S = 20.0
"""So long somebody waits in a queue before it is said that whoever serves it and is not talking is not there."""
TURN_MOST_S = 300.0
CREDIT_S = 90.0
SHARE = 0.02
"""Somebody serves a queue of which so large a part of their calls is."""
TARGET_S = 20.0


def patience_of(calls: Sequence[Logged]) -> dict[QueueId, Survival]:
    """By queue. Only of those who waited at all: who was served at once tells nothing."""
    queues = {call.queue for call in calls}
    return {queue: kaplan_meier((c.waited_s, not c.served) for c in calls if c.queue == queue and c.waited_s > 0) for queue in queues}


def rules_of(log: Log, credit_s: float = CREDIT_S) -> Policy:
    """The house as the log shows it: its queues, its servers by name, priority customers with so much waiting credited."""
    served: dict[str, dict[QueueId, int]] = {}
    for call in log.calls:
        if call.server:
            of = served.setdefault(call.server, {})
            of[call.queue] = of.get(call.queue, 0) + 1
    queues = sorted({call.queue for call in log.calls})
    agents = [_agent(name, [q for q in queues if of.get(q, 0) >= SHARE * sum(of.values())]) for name, of in sorted(served.items())]
    rules = [QueuePolicy(id=q, wrap_up_s=TURN_MOST_S, ageing_s=credit_s, service_level_s=TARGET_S, short_abandon_s=0.0) for q in queues]
    return Policy(queues={each.id: each for each in rules}, agents={each.id: each for each in agents}, failsafe_s=1e6)


def _agent(name: str, queues: Iterable[QueueId]) -> AgentPolicy:
    return AgentPolicy(id=AgentId(name), name=name, phone=PhoneId(name), queues=tuple(queues))


@dataclass(frozen=True, slots=True, kw_only=True)
class Habits:
    """What the whole log tells of those who call and those who serve."""

    policy: Policy
    patience: Mapping[QueueId, Survival]
    talks: Mapping[QueueId, Sequence[float]]
    turns: Sequence[float]  # seconds between two callers, when the next one waited already


def habits_of(log: Log, credit_s: float = CREDIT_S) -> Habits:
    talks = {queue: [c.talk_s for c in log.calls if c.queue == queue and c.served] for queue in {c.queue for c in log.calls}}
    return Habits(policy=rules_of(log, credit_s), patience=patience_of(log.calls), talks=talks, turns=sorted(_turns(log.calls)))


def _turns(calls: Sequence[Logged]) -> Iterator[float]:
    last: dict[str, Logged] = {}
    for call in sorted((c for c in calls if c.served and c.server), key=lambda c: c.served_at):
        before = last.get(call.server)
        if before is not None and call.joined_at <= (free_at := before.served_at + before.talk_s):
            turn_s = call.served_at - free_at
            if 0 <= turn_s <= TURN_MOST_S:
                yield turn_s
        last[call.server] = call


def experiment_of(log: Log, day: float, habits: Habits, seed: object) -> Experiment:
    calls = log.of(day)
    shifts, extra = _staff(calls, habits.policy)
    agents = {**habits.policy.agents, **{each.id: each for each in extra}}
    return Experiment(
        policy=replace(habits.policy, agents=agents),
        shifts=shifts,
        known=[_caller(call, habits, seed) for call in calls],
        begin=day - 1.0,
        start=day,
        end=day + DAY_S,
        interval_s=1800.0,
        drain_s=3 * 3600.0,
    )


def _caller(call: Logged, habits: Habits, seed: object) -> Caller:
    dice, talks = stream(seed, call.id), habits.talks[call.queue]
    return Caller(
        id=CallId(call.id),
        at=call.joined_at,
        ask=EnterQueue(queue=call.queue, priority=call.priority),
        talk_s=call.talk_s if call.served else talks[int(dice.random() * len(talks))],
        patience_s=habits.patience[call.queue](dice, call.waited_s) if call.served else call.waited_s,
        wrap_up_s=habits.turns[int(dice.random() * len(habits.turns))] if habits.turns else 0.0,
    )


Span = tuple[float, float]


def _staff(calls: Sequence[Logged], policy: Policy) -> tuple[list[Shift], list[AgentPolicy]]:
    """Whoever was seen serving; calls without a recorded server are given to as few nameless ones as can be."""
    waits = {
        q: stretches([(c.joined_at, c.served_at) for c in calls if c.queue == q and c.waited_s > IN_VAIN_S], 0.0) for q in policy.queues
    }
    busy: dict[str, list[Span]] = {}
    for call in calls:
        if call.served and call.server:
            busy.setdefault(call.server, []).append((call.served_at, call.served_at + call.talk_s))
    nameless, extra = _nameless([call for call in calls if call.served and not call.server])
    agents = {**policy.agents, **{each.id: each for each in extra}}
    shifts = []
    for name, spans in sorted((busy | nameless).items()):
        lines = [waits[queue] for queue in agents[AgentId(name)].queues]
        there = stretches(spans, PAUSE_S, lambda a, b, lines=lines: any(_waited(line, a, b) for line in lines))  # type: ignore[misc]
        shifts += [Shift(agent=AgentId(name), start=begin, end=end) for begin, end in there]
    return shifts, extra


def _nameless(calls: Sequence[Logged]) -> tuple[dict[str, list[Span]], list[AgentPolicy]]:
    spans: list[list[Span]] = []
    queues: list[set[QueueId]] = []
    for call in sorted(calls, key=lambda c: c.served_at):
        n = next((n for n, each in enumerate(spans) if each[-1][1] <= call.served_at), len(spans))
        if n == len(spans):
            spans.append([])
            queues.append(set())
        spans[n].append((call.served_at, call.served_at + call.talk_s))
        queues[n].add(call.queue)
    names = [f"nameless-{n}" for n in range(len(spans))]
    return dict(zip(names, spans, strict=True)), [_agent(name, sorted(of)) for name, of in zip(names, queues, strict=True)]


def _waited(line: Sequence[Span], begin: float, end: float) -> bool:
    """Whether somebody waited in this line, for so long within the pause that an agent who is there would have taken them."""
    first = bisect_right(line, (begin, inf)) - 1
    return any(min(end, b) - max(begin, a) > IN_VAIN_S for a, b in line[max(0, first) :][:50] if a < end)


def stretches(spans: Iterable[Span], pause_s: float, away: Callable[[float, float], bool] = lambda a, b: False) -> list[Span]:
    """Spans with short pauses between them made one, but for those pauses in which somebody was away."""
    found: list[Span] = []
    for begin, end in sorted(spans):
        last = found[-1][1] if found else -inf
        if begin - last <= pause_s and not (begin > last and away(last, begin)):
            found[-1] = (found[-1][0], max(last, end))
        else:
            found.append((begin, end))
    return found


def row_of(call: Logged) -> Row:
    """As the records would have it."""
    outcome = EntryOutcome.ANSWERED if call.served else EntryOutcome.ABANDONED
    ended_at = call.served_at + call.talk_s
    return {
        "id": call.id,
        "contact": call.id,
        "queue": call.queue,
        "joined_at": call.joined_at,
        "priority": call.priority,
        "waited_s": call.waited_s,
        "connected_at": call.served_at if call.served else None,
        "ended_at": ended_at,
        "talk_s": call.talk_s if call.served else None,
        "outcome": outcome,
        "service_level_s": TARGET_S,
    }


def overtaken(rows: Iterable[Row], credit_s: float) -> float | None:
    """Of all pairs of one queue that waited at the same time and were both served: the share in which who had the better place by the
    rule (joined earlier, priority customers by ``credit_s``) was served later. None without such pairs.
    """
    wrong = pairs = 0
    served = sorted((r for r in rows if r["outcome"] == EntryOutcome.ANSWERED and r["waited_s"] > 0), key=lambda r: r["joined_at"])
    for n, one in enumerate(served):
        for other in served[n + 1 :]:
            if other["joined_at"] >= one["connected_at"]:
                break
            if other["queue"] != one["queue"]:
                continue
            places = [row["joined_at"] - credit_s * row["priority"] for row in (one, other)]
            if abs(places[0] - places[1]) < 1 or one["connected_at"] == other["connected_at"]:
                continue  # clocks are whole seconds
            pairs += 1
            wrong += (places[0] < places[1]) is not (one["connected_at"] < other["connected_at"])
    return wrong / pairs if pairs else None

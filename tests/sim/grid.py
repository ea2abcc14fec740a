"""The grid over which Erlang's formulas are met: how many agents, how much work, how much patience, and what should come out."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from acd.core.interpreter import EnterQueue
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.records.rows import Row
from acd.sim.dice import AT_ONCE, NEVER, Draw, Exponential, Fixed
from acd.sim.erlang import answered_within, erlang_a, erlang_b, erlang_c, mean_wait_c_s, mean_wait_one_agent_s, service_level_c
from acd.sim.estimate import Estimate, estimate
from acd.sim.experiment import Experiment, Poisson, Shift, Stream, run
from acd.words import AgentId, EntryOutcome, PhoneId, QueueId

Q = QueueId("q")


@dataclass(frozen=True, slots=True, kw_only=True)
class Point:
    name: str
    agents: int
    per_s: float
    talk_s: float
    expected: Mapping[str, float]
    patience: Draw = NEVER
    wrap_up_s: float = 0.0
    target_s: float = 20.0
    calls: int = 600
    replications: int = 20


def b(agents: int, load: float, wrap_up_s: float = 0.0) -> Point:
    """Nobody waits. Any kind of handling does: talk and a wrap-up that is always the same make the 60 s here."""
    lost = erlang_b(agents, load)
    name = f"B-{agents}-{load:g}-{wrap_up_s:g}"
    return Point(
        name=name, agents=agents, per_s=load / 60, talk_s=60 - wrap_up_s, wrap_up_s=wrap_up_s, patience=AT_ONCE, expected={"gone": lost}
    )


def c(agents: int, load: float, target_s: float = 20.0, calls: int = 600) -> Point:
    return Point(
        name=f"C-{agents}-{load:g}",
        agents=agents,
        per_s=load / 60,
        talk_s=60,
        target_s=target_s,
        calls=calls,
        expected={
            "waiting": erlang_c(agents, load),
            "wait_s": mean_wait_c_s(agents, load, 60),
            "in_time": service_level_c(agents, load, 60, target_s),
        },
    )


def a(agents: int, load: float, patience_s: float, target_s: float = 20.0, calls: int = 600) -> Point:
    found = erlang_a(agents, load / 60, 60, patience_s, target_s)
    return Point(
        name=f"A-{agents}-{load:g}-{patience_s:g}",
        agents=agents,
        per_s=load / 60,
        talk_s=60,
        patience=Exponential(mean_s=patience_s),
        target_s=target_s,
        calls=calls,
        expected={
            "waiting": found.waiting,
            "gone": found.abandoned,
            "wait_s": found.mean_wait_s,
            "in_time": found.answered_in_time,
            "busy": found.occupancy,
        },
    )


def fixed_patience(agents: int, load: float, patience_s: float, target_s: float) -> Point:
    """Everybody leaves after the same time: the wait has no density to hide behind."""

    def within(t: float) -> float:
        return answered_within(agents, load / 60, 60, lambda x: float(x < patience_s), lambda x: min(x, patience_s), t)

    expected = {"gone": 1 - within(patience_s - 1e-9), "in_time": within(target_s), "waiting": 1 - within(0.0)}
    return Point(
        name=f"D-{agents}-{load:g}-{patience_s:g}",
        agents=agents,
        per_s=load / 60,
        talk_s=60,
        patience=Fixed(mean_s=patience_s),
        target_s=target_s,
        expected=expected,
    )


def one_agent(load: float, wrap_up_s: float) -> Point:
    """Pollaczek and Khinchine: exponential talk and a fixed wrap-up, together 60 s."""
    talk_s = 60 - wrap_up_s
    expected = {"wait_s": mean_wait_one_agent_s(load / 60, 60, talk_s / 60), "waiting": load}
    return Point(name=f"PK-{load:g}-{wrap_up_s:g}", agents=1, per_s=load / 60, talk_s=talk_s, wrap_up_s=wrap_up_s, expected=expected)


GRID: Sequence[Point] = (
    b(5, 4.0),
    b(8, 6.0, wrap_up_s=25.0),
    c(1, 0.6),
    c(4, 2.8, calls=800),
    c(12, 10.0, target_s=10.0, calls=1200),
    a(1, 1.2, 45.0),
    a(3, 2.5, 30.0, target_s=5.0),
    a(10, 12.0, 60.0),
    a(30, 30.0, 120.0, target_s=5.0, calls=1200),
    fixed_patience(6, 6.5, 30.0, 15.0),
    one_agent(0.6, 30.0),
)
WARM_UP = 0.15


def experiment(point: Point) -> Experiment:
    names = [AgentId(f"a{n}") for n in range(point.agents)]
    end = point.calls / point.per_s
    policy = Policy(
        queues={Q: QueuePolicy(id=Q, wrap_up_s=point.wrap_up_s, service_level_s=point.target_s, short_abandon_s=0.0)},
        agents={id: AgentPolicy(id=id, name=id, phone=PhoneId(id), queues=(Q,)) for id in names},
        failsafe_s=1e7,  # does nothing here but cost events
    )
    talk = Exponential(mean_s=point.talk_s)
    callers = Stream(
        name="q", ask=EnterQueue(queue=Q), arrivals=Poisson(rates=[(0.0, point.per_s)], until=end), talk=talk, patience=point.patience
    )
    shifts = [Shift(agent=id, start=0.0) for id in names]
    return Experiment(policy=policy, shifts=shifts, streams=[callers], start=WARM_UP * end, end=end)


def compared(point: Point, confidence: float, scale: int = 1) -> dict[str, tuple[Estimate, float]]:
    """Each measure as it was found and as it should be."""
    found: dict[str, list[float]] = {measure: [] for measure in point.expected}
    for n in range(point.replications * scale):
        tally = run(experiment(point), (point.name, n))
        busy = sum(seconds for (_, state, _), seconds in tally.times.items() if state in ("talking", "wrap_up"))
        measured = {**of_visits(tally.visits, point.target_s), "busy": busy / sum(tally.times.values())}
        for measure in found:
            found[measure].append(measured[measure])
    return {measure: (estimate(values, confidence), point.expected[measure]) for measure, values in found.items()}


def of_visits(visits: Sequence[Row], target_s: float) -> dict[str, float]:
    waits = [visit["waited_s"] for visit in visits]
    served = [visit["waited_s"] for visit in visits if visit["outcome"] == EntryOutcome.ANSWERED]
    n = len(visits)
    return {
        "waiting": sum(wait > 0 for wait in waits) / n,
        "wait_s": sum(waits) / n,
        "gone": 1 - len(served) / n,
        "in_time": sum(wait <= target_s for wait in served) / n,
    }

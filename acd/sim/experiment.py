"""One stretch of time to simulate: who calls, who is staffed, by which rules; and what came of it."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf

from acd.core.decision import Record
from acd.core.interpreter import EnterQueue
from acd.core.outside.outbound_policy import OutboundPolicy, Way
from acd.core.policy import Policy
from acd.sim.dice import AT_ONCE, NEVER, Dice, Draw, stream
from acd.sim.offered import Offered
from acd.sim.people import Caller, People
from acd.sim.phones import Manners, Remembered, Rung
from acd.sim.straight import OWN, STRAIGHT, Straight
from acd.sim.tally import Tally
from acd.sim.world import World
from acd.words import AgentId, CallId, Wish

Arrivals = Callable[[Dice], Iterator[float]]
"""Instants, in order."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Poisson:
    """Callers who know nothing of each other. ``rates``: (from when, how many a second), in order; the last holds until ``until``."""

    rates: Sequence[tuple[float, float]]
    until: float

    def __call__(self, dice: Dice) -> Iterator[float]:
        ends = [at for at, _ in self.rates[1:]] + [self.until]
        for (at, per_s), end in zip(self.rates, ends, strict=True):
            if per_s > 0:
                while (at := at + dice.expovariate(per_s)) < end:
                    yield at


@dataclass(frozen=True, slots=True)
class Given:
    """Callers whose times are known."""

    times: Sequence[float]

    def __call__(self, dice: Dice) -> Iterator[float]:
        return iter(self.times)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stream:
    """Callers of one kind. ``redials`` is the share of those who give up that call again, after ``redial_after``, at most so often."""

    name: str
    ask: EnterQueue
    arrivals: Arrivals
    talk: Draw
    patience: Draw = NEVER
    wrap_up: Draw | None = None  # None: the queue's own timer
    redials: float = 0.0
    redial_after: Draw = AT_ONCE
    redials_max: int = 3
    offered: Offered | None = None  # a callback

    def callers(self, seed: object) -> Iterator[Caller]:
        """The same seed gives the same callers, whatever is made of them."""
        of = {what: stream(seed, self.name, what) for what in ("arrivals", "talk", "patience", "wrap_up", "redials")}
        for n, at in enumerate(self.arrivals(of["arrivals"])):
            caller = Caller(
                id=CallId(f"{self.name}-{n}"),
                at=at,
                ask=self.ask,
                talk_s=self.talk(of["talk"]),
                patience_s=self.patience(of["patience"]),
                wrap_up_s=self.wrap_up(of["wrap_up"]) if self.wrap_up else None,
                redials=tuple(self._redials(of["redials"])) if self.redials else (),
            )
            yield self.offered.to(caller, n, seed, self.name) if self.offered else caller

    def _redials(self, dice: Dice) -> Iterator[float]:
        for _ in range(self.redials_max):
            if dice.random() >= self.redials:
                return
            yield self.redial_after(dice)


@dataclass(frozen=True, slots=True, kw_only=True)
class Shift:
    """One agent is there from ``start`` to ``end``, but for the breaks (from, to)."""

    agent: AgentId
    start: float
    end: float = inf
    breaks: tuple[tuple[float, float], ...] = ()


Happening = Callable[[People], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Experiment:
    """``start`` to ``end`` is what counts; callers before it warm the house up. After ``end`` those who are there are served.

    ``known``: callers who come as they are given, beside those of the streams. ``restored``: as the house stood at ``begin``.
    ``happenings``: (at, order, what somebody does then), told apart by their order where the time is the same. ``rung``: how phones
    behaved on the day that is lived again, in place of manners.
    """

    policy: Policy
    shifts: Sequence[Shift]
    streams: Sequence[Stream] = ()
    known: Sequence[Caller] = ()
    manners: Manners = field(default_factory=Manners)
    begin: float = 0.0
    start: float = 0.0
    end: float = inf
    drain_s: float = 4 * 3600.0
    interval_s: float = inf
    restored: Sequence[Record] = ()
    happenings: Sequence[tuple[float, int, "Happening"]] = ()
    rung: Sequence[Rung] | None = None
    uncounted: frozenset[CallId] = frozenset()


def run(experiment: Experiment, seed: object) -> Tally:
    """One replication."""
    flows = Straight()
    policy = replace(experiment.policy, numbers={"*": STRAIGHT, OWN: STRAIGHT}, outbound=unbarred(experiment.policy.outbound))
    world = World(policy, flows, at=experiment.begin)
    for record in experiment.restored:
        world.state.put(record)
    tally = Tally(world, experiment.start, experiment.end, experiment.interval_s, uncounted=experiment.uncounted)
    phones = None if experiment.rung is None else Remembered(experiment.rung, seed)
    people = People(world, flows, experiment.manners, seed, phones=phones)
    for at, _, happening in sorted(experiment.happenings, key=lambda each: each[:2]):
        world.when(at, partial(happening, people))
    for shift in experiment.shifts:
        _staff(world, people, shift)
    for each in experiment.streams:
        people.come(each.callers(seed))
    people.come(sorted(experiment.known, key=lambda caller: caller.at))
    world.run(experiment.end + experiment.drain_s)
    tally.close()
    return tally


def unbarred(outbound: OutboundPolicy) -> OutboundPolicy:
    """Make-believe customers have make-believe numbers: every trunk takes them, within its own bounds and hours."""
    ways = tuple(replace(way, prefixes=("",)) for way in outbound.ways) or (Way(trunk="simulated", prefixes=("",)),)
    return replace(outbound, ways=ways, refused_kinds=frozenset(), blocked=())


def _staff(world: World, people: People, shift: Shift) -> None:
    def at(when: float, wish: Wish) -> None:
        if when < inf:
            world.when(when, partial(people.asks, shift.agent, wish))

    at(shift.start, Wish.READY)
    for away, back in shift.breaks:
        at(away, Wish.NOT_READY)
        at(back, Wish.READY)
    at(shift.end, Wish.LOG_OUT)

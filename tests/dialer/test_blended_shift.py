"""Forty minutes that did not happen: a predictive campaign, callers all the time and once all at once, the same agents for both.

The campaign is the whole of it, from what is seen to whom it dials; people, talks and callers come out of seeded dice (ACD.md 37, 88).
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

import pytest

from acd.campaign import Blend, Mode
from acd.sim.dice import Lognormal, stream
from acd.words import AgentState, QueueId
from dialer.core.decisions import Decision, Dial
from dialer.core.pacing.choosing import pacer_of
from dialer.core.run import RunWish

from .floor import NOON, QUEUE, O, World, campaign

LASTS_S, BURST_AT, PATIENCE_S, ANSWERED = 2400.0, 900.0, 2.0, 0.3
AGENTS, BURST, SEED = 40, 80, 3
SUPPORT = QueueId("support")
R, T, W = AgentState.READY, AgentState.TALKING, AgentState.WRAP_UP
TALK, CALL, WRAP, RING = (Lognormal(mean_s=mean, cv=cv) for mean, cv in ((45.0, 1.0), (90.0, 0.8), (10.0, 0.5), (12.0, 0.5)))


@dataclass
class Shift:
    """Agents of two queues; callers stand in the one, who is dialled in the other."""

    blend: Blend
    seed: int
    dials: bool = True
    waits_s: list[float] = field(default_factory=list)
    dialled: list[tuple[float, int]] = field(default_factory=list)  # when, and how many callers waited

    def __post_init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._ids = count()
        self._lines, self._work, self._callers = (stream(name, self.seed) for name in ("lines", "work", "callers"))
        self.free: dict[str, None] = {}
        self.callers: list[float] = []
        self.persons: list[str] = []

    def through(self) -> "Shift":
        self.world = Watching(self)
        for n in range(AGENTS):
            self._comes(f"a{n}")
        self._caller_comes()
        for n in range(BURST):
            self._at(BURST_AT + n / 4, self._calls)
        self._ticks()
        while self._due and self._due[0][0] <= LASTS_S:
            at, _, does = heappop(self._due)
            self.world.at = NOON + at
            does()
        return self

    @property
    def now(self) -> float:
        return self.world.at - NOON

    def _at(self, at: float, does: Callable[[], None]) -> None:
        heappush(self._due, (at, next(self._ids), does))

    def _in(self, seconds: float, does: Callable[[], None]) -> None:
        self._at(self.now + seconds, does)

    def _ticks(self) -> None:
        self.world.tick(0.0)
        self._in(1.0, self._ticks)

    # -- who is called, who calls

    def rings(self, id: str) -> None:
        self.dialled.append((self.now, len(self.callers)))
        if self._lines.random() < ANSWERED:
            self._in(min(RING(self._lines), 25.0), lambda: self._answers(id))
        else:
            self._in(20.0, lambda: self.world.ends(id) and None)

    def _answers(self, id: str) -> None:
        self.persons.append(id)
        self.world.answers(id)
        self._in(PATIENCE_S, lambda: self._gives_up(id))
        self._match()

    def _gives_up(self, id: str) -> None:
        if id in self.persons:
            self.persons.remove(id)
            self.world.abandons(id)
            self.world.ends(id, O.DIALER_ABANDON)

    def _caller_comes(self) -> None:
        self._in(self._callers.expovariate(1 / 12.0), self._caller_comes)
        self._calls()

    def _calls(self) -> None:
        self.callers.append(self.now)
        self._match()
        self.world.waits(len(self.callers), SUPPORT)

    # -- agents

    def _match(self) -> None:
        """At equal priority who was dialled goes first, for they have two seconds."""
        while self.free and (self.persons or self.callers):
            agent = next(iter(self.free))
            del self.free[agent]
            if self.persons:
                id = self.persons.pop(0)
                self.world.talks(id, agent)
                self._in(TALK(self._work), lambda agent=agent, id=id: self._over(agent, id))  # type: ignore[misc]
            else:
                self.waits_s.append(self.now - self.callers.pop(0))
                self.world.waits(len(self.callers), SUPPORT)
                self.world.agent(agent, T)
                self._in(CALL(self._work), lambda agent=agent: self._over(agent, ""))  # type: ignore[misc]

    def _over(self, agent: str, id: str) -> None:
        if id:
            self.world.ends(id, O.TALKED)
        self.world.agent(agent, W)
        self._in(WRAP(self._work), lambda: self._comes(agent))

    def _comes(self, agent: str) -> None:
        self.free[agent] = None
        self._match()
        if agent in self.free:
            self.world.agent(agent, R, queues=(QUEUE, SUPPORT))


class Watching(World):
    def __init__(self, shift: Shift) -> None:
        self.shift = shift
        super().__init__(campaign(mode=Mode.PREDICTIVE, blend=shift.blend), leads=100_000, start=False)
        self.state.pacer_of = pacer_of
        self.state.campaigns["spring"].ledger.answered(NOON - 600, 1000)
        self.state.campaigns["spring"].ledger.abandoned(NOON - 600, 25)
        if shift.dials:
            self.wish("spring", RunWish.START)

    def _do(self, decision: Decision) -> None:
        super()._do(decision)
        if isinstance(decision, Dial):
            self.shift.rings(decision.attempt.id)


def mean(values: list[float]) -> float:
    return sum(values) / len(values)


@pytest.fixture(scope="module")
def shifts() -> dict[str, Shift]:
    blends = {"plain": Blend(), "stands_back": Blend(waiting_over=2), "keeps_five": Blend(available_under=5)}
    done = {name: Shift(blend, seed=SEED).through() for name, blend in blends.items()}
    return done | {"callers_alone": Shift(Blend(), seed=SEED, dials=False).through()}


@pytest.mark.parametrize("how", ["plain", "stands_back", "keeps_five"])
def test_row_37_given_a_burst_of_callers_when_a_campaign_shares_their_agents_then_it_falls_back_goes_on_and_keeps_the_law(
    shifts: dict[str, Shift], how: str
) -> None:
    found = shifts[how]
    (day, _) = found.world.state.campaigns["spring"].ledger.counts(found.world.at)
    assert day.answered > 1500 and day.rate <= 0.03, (day.answered, day.abandoned)
    assert max(waiting for _, waiting in found.dialled) < BURST / 2, "nobody is dialled for agents whom so many callers will have"
    assert sum(at > LASTS_S - 300 for at, _ in found.dialled) > 100, "and it goes on"


def test_row_37_given_a_threshold_when_more_callers_wait_then_nobody_at_all_is_dialled(shifts: dict[str, Shift]) -> None:
    assert max(waiting for _, waiting in shifts["stands_back"].dialled) <= 2
    assert any(waiting for _, waiting in shifts["stands_back"].dialled), "as many as that may wait"


def test_row_37_given_callers_when_a_campaign_has_the_same_agents_then_each_is_served_and_waits_little_longer_than_without(
    shifts: dict[str, Shift],
) -> None:
    """By the talks that had begun when they came: a talk is left to its end. Of six seeds, 3 to 21 s longer."""
    alone = shifts["callers_alone"]
    assert not alone.dialled
    for name in ("plain", "stands_back", "keeps_five"):
        found = shifts[name]
        assert len(found.waits_s) == len(alone.waits_s) and not found.callers
        assert mean(found.waits_s) < mean(alone.waits_s) + TALK.mean_s / 2

"""One shift in a world: a heap of what is due, dice of the seed, and a pacer that sees only what a dialer sees."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from heapq import heappop, heappush
from itertools import count

from acd.sim.dice import stream
from acd.words import AgentId
from dialer.core.pacing import events as ev
from dialer.core.pacing.pacer import Ledger, Pacer, View
from dialer.sim.world import World

QUARTER_S = 900.0


@dataclass(slots=True)
class Shift:
    """What came of it. What agents worked is talk and wrap-up; they are present while they are logged in."""

    answers: int = 0
    abandons: int = 0
    dialled: int = 0
    quarters: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Answers and abandons by the quarter-hour of the answer and of the abandon."""
    worked: dict[int, float] = field(default_factory=dict)
    """Seconds of all agents, in each quarter-hour."""
    present: dict[int, float] = field(default_factory=dict)

    @property
    def worked_s(self) -> float:
        return sum(self.worked.values())

    @property
    def present_s(self) -> float:
        return sum(self.present.values())

    @property
    def utilisation(self) -> float:
        return self.worked_s / self.present_s if self.present_s else 0.0

    @property
    def abandon_rate(self) -> float:
        return self.abandons / self.answers if self.answers else 0.0

    def tells(self, at: float, answers: int, abandons: int) -> None:
        self.answers += answers
        self.abandons += abandons
        before = self.quarters.get(int(at // QUARTER_S), (0, 0))
        self.quarters[int(at // QUARTER_S)] = (before[0] + answers, before[1] + abandons)


def spread(over: dict[int, float], since: float, until: float, each: float = 1.0) -> None:
    """``each`` for every second between the two, in the quarter-hour of that second."""
    while since < until:
        quarter = int(since // QUARTER_S)
        here = min(until, (quarter + 1) * QUARTER_S)
        over[quarter] = over.get(quarter, 0.0) + each * (here - since)
        since = here


class Run:
    """``Run(world, pacer, seed).through()``; the same three give the same shift."""

    def __init__(self, world: World, pacer: Pacer, seed: int) -> None:
        self.world, self.pacer, self.at, self.shift = world, pacer, 0.0, Shift()
        self.ready: dict[AgentId, float] = {}  # the longest idle first
        self.since: dict[AgentId, float] = {}  # busy with a person since
        self.waiting: dict[str, None] = {}
        self.inbound: deque[None] = deque()
        self.leaving: deque[float] = deque()
        self.launched: deque[float] = deque()
        self.ringing = self.talking = 0
        self._due: list[tuple[float, int, Callable[..., None], tuple[object, ...]]] = []
        self._order, self._ids = count(), count()
        self._lines, self._work, self._other = (stream(name, seed) for name in ("lines", "work", "other"))

    def through(self) -> Shift:
        self._opens()
        while self._due and self._due[0][0] <= self.world.shift_s:
            self.at, _, what, of = heappop(self._due)
            what(*of)
            if what == self._ticks or not self.world.ticks_only:
                self._asks()
        self._closes()
        return self.shift

    def _opens(self) -> None:
        for n in range(self.world.agents):
            self._comes(AgentId(f"a{n}"))
        for leave in self.world.leaves:
            for _ in range(leave.agents):
                self._later(leave.after_s, self._leaves, leave.for_s)
        if self.world.inbound:
            self._later(self._other.expovariate(self.world.inbound.per_hour / 3600), self._calls_in)
        self._ticks()
        self._asks()

    def _closes(self) -> None:
        end = self.world.shift_s
        spread(self.shift.present, 0.0, end, self.world.agents)
        for since in self.since.values():
            spread(self.shift.worked, since, end)

    def _later(self, seconds: float, what: Callable[..., None], *of: object) -> None:
        heappush(self._due, (self.at + seconds, next(self._order), what, of))

    def _ticks(self) -> None:
        self._later(1.0, self._ticks)

    # lines

    def _asks(self) -> None:
        for _ in range(self.pacer.lines(self.at, self._view())):
            self._dials()

    def _view(self) -> View:
        world, (answers, abandons) = self.world, self.world.earlier
        ledger = Ledger(answers=answers + self.shift.answers, abandons=abandons + self.shift.abandons, limit=world.limit)
        trunks = None if world.trunks is None else world.trunks - self._lines_taken()
        while self.launched and self.launched[0] <= self.at - 1.0:
            self.launched.popleft()
        calls = None if world.calls_per_second is None else world.calls_per_second - len(self.launched)
        return View(trunks=trunks, calls_per_second=calls, ledgers=(ledger,))

    def _lines_taken(self) -> int:
        return self.ringing + len(self.waiting) + self.talking

    def _dials(self) -> None:
        line, dice, world = f"l{next(self._ids)}", self._lines, self.world
        self.shift.dialled += 1
        self.ringing += 1
        if world.calls_per_second is not None:
            self.launched.append(self.at)
        self.pacer.feed(ev.LineDialled(at=self.at, line=line))
        if dice.random() < world.hit_ratio_at(self.at):
            self._later(world.rings(dice), self._answers, line)
            return
        share = dice.random()
        for outcome in world.outcomes:
            share -= outcome.share
            if share < 0:
                break
        self._later(outcome.after(dice), self._ends, line, outcome.name)

    def _ends(self, line: str, outcome: str) -> None:
        self.ringing -= 1
        self.pacer.feed(ev.LineEnded(at=self.at, line=line, outcome=outcome))

    def _answers(self, line: str) -> None:
        self.ringing -= 1
        self.shift.tells(self.at, 1, 0)
        self.pacer.feed(ev.LineAnswered(at=self.at, line=line))
        if self.ready:
            self._serves(line)
        else:
            self.waiting[line] = None
            self._later(self.world.patience_s, self._abandons, line)

    def _abandons(self, line: str) -> None:
        if line in self.waiting:
            del self.waiting[line]
            self.shift.tells(self.at, 0, 1)
            self.pacer.feed(ev.PersonAbandoned(at=self.at, line=line))

    # agents

    def _serves(self, line: str) -> None:
        agent = self._takes()
        self.talking += 1
        self.pacer.feed(ev.PersonServed(at=self.at, line=line, agent=agent))
        self._later(self.world.talk(self._work), self._hangs_up, agent)

    def _takes(self) -> AgentId:
        agent = next(iter(self.ready))
        del self.ready[agent]
        self.since[agent] = self.at
        return agent

    def _hangs_up(self, agent: AgentId) -> None:
        self.talking -= 1
        self.pacer.feed(ev.AgentWrapUp(at=self.at, agent=agent))
        self._later(self.world.wrap_up(self._work), self._is_done, agent)

    def _is_done(self, agent: AgentId) -> None:
        spread(self.shift.worked, self.since.pop(agent), self.at)
        if self.leaving:
            self._goes(agent, self.leaving.popleft())
        else:
            self._comes(agent)

    def _comes(self, agent: AgentId) -> None:
        self.ready[agent] = self.at
        if self.inbound:
            self.inbound.popleft()
            self._takes_inbound()
            return
        self.pacer.feed(ev.AgentReady(at=self.at, agent=agent))
        if self.waiting:
            line = next(iter(self.waiting))
            del self.waiting[line]
            self._serves(line)

    def _leaves(self, for_s: float) -> None:
        if self.ready:
            agent = next(iter(self.ready))
            del self.ready[agent]
            self._goes(agent, for_s)
        else:
            self.leaving.append(for_s)

    def _goes(self, agent: AgentId, for_s: float) -> None:
        self.pacer.feed(ev.AgentGone(at=self.at, agent=agent))
        spread(self.shift.present, self.at, min(self.at + for_s, self.world.shift_s), -1)
        self._later(for_s, self._comes, agent)

    def _calls_in(self) -> None:
        assert self.world.inbound
        self._later(self._other.expovariate(self.world.inbound.per_hour / 3600), self._calls_in)
        if self.ready:
            self._takes_inbound()
        else:
            self.inbound.append(None)

    def _takes_inbound(self) -> None:
        assert self.world.inbound
        agent, talk = self._takes(), self.world.inbound.talk
        self.pacer.feed(ev.AgentElsewhere(at=self.at, agent=agent))
        self._later(talk(self._other), self._is_done, agent)

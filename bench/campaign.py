"""What one event costs the dialer, and how that grows with the floor: everything of ``dialer.core``, with the predictive pacer.

    OPENBLAS_NUM_THREADS=1 python -m bench.campaign

People answer one call in ten, talk for a minute, and agents need ten seconds after it: four lines for each agent are out, so that 500
agents have 2,000. Leads come and ends are stored at once: what a database costs is measured in ``bench.leads``. After a minute and a
half in which the floor fills, told for each size, and as a ratio of the smallest floor in the same run: microseconds of CPU for an
event with all that is decided on it, how much of that is the pacer's own, and how much of one core such a floor needs.
"""

import gc
import heapq
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from functools import partial
from itertools import count

from acd.campaign import Campaign, Mode
from acd.core.outside.dialled_call import DialledCall, DialledState, DialOutcome
from acd.law.ledger import Ledger
from acd.law.profile import DAY_S
from acd.sim.dice import Lognormal, stream
from acd.words import AgentId, AgentState, FlowId, LegId, QueueId
from dialer.core import events as ev
from dialer.core.attempt import Attempt
from dialer.core.decisions import Claim, Decision, Dial, Finish
from dialer.core.pacing import events as pacing
from dialer.core.pacing.pacer import Kept, Pacer, View, Why
from dialer.core.pacing.predictive import Predictive
from dialer.core.run import Run, RunState
from dialer.core.state import Dialler
from dialer.core.step import step

SIZES = (10, 50, 500)
LINES = 4
"""At most, for each agent."""
FILLS_S, MEASURED = 90.0, 6_000
NOON = 1_795_608_000.0  # Wednesday 2026-11-25, 12:00 UTC
ANSWER, ANSWERED_AFTER_S, RINGS_S = 0.1, 8.0, 25.0
TALK, WRAP_UP_S = Lognormal(mean_s=60.0, cv=0.7), 10.0
QUEUE, D = QueueId("q"), DialledState


@dataclass(slots=True)
class Timed:
    """A pacer whose own time is told apart."""

    pacer: Predictive
    spent_s: float = 0.0

    def feed(self, event: pacing.Event) -> None:
        began = time.process_time()
        self.pacer.feed(event)
        self.spent_s += time.process_time() - began

    def lines(self, now: float, view: View) -> int:
        began = time.process_time()
        found = self.pacer.lines(now, view)
        self.spent_s += time.process_time() - began
        return found

    def why(self) -> Why:
        return self.pacer.why()

    def kept(self) -> Kept:
        return self.pacer.kept()


def learnt() -> Kept:
    """What a shift like this has taught, so that the floor fills at once."""
    pacer, dice = Predictive(), stream("campaign", "learnt")
    for n in range(2_000):
        line, agent, at = f"h{n}", AgentId(f"h{n % 7}"), 100.0 * n - 300_000.0
        pacer.feed(pacing.AgentReady(at=at, agent=agent))
        pacer.feed(pacing.LineDialled(at=at, line=line))
        if dice.random() < ANSWER:
            pacer.feed(pacing.LineAnswered(at=at + ANSWERED_AFTER_S, line=line))
            pacer.feed(pacing.PersonServed(at=at + ANSWERED_AFTER_S, line=line, agent=agent))
            talked = at + ANSWERED_AFTER_S + min(70.0, TALK(dice))
            pacer.feed(pacing.AgentWrapUp(at=talked, agent=agent))
            pacer.feed(pacing.AgentReady(at=talked + WRAP_UP_S, agent=agent))
        else:
            pacer.feed(pacing.LineEnded(at=at + RINGS_S, line=line, outcome="no_answer"))
    return pacer.kept()


class World:
    """Agents, and people who answer or do not; every event of the dialer is timed once ``measuring``."""

    def __init__(self, agents: int, knows: Kept) -> None:
        self.at, self.measuring, self.events, self.spent_s = NOON, False, 0, 0.0
        self._heap: list[tuple[float, int, Callable[[], None]]] = []
        self._order, self._names, self._dice = count(), count(), stream("campaign", agents)
        self._free = [AgentId(f"a{n}") for n in range(agents)]
        self.pacer = Timed(Predictive.from_kept(knows))
        self.state = Dialler(self._pacer_of)
        rules = Campaign(id="c", mode=Mode.PREDICTIVE, queue=QUEUE, law="uk", message=FlowId("sorry"), lines=LINES * agents)
        before = Ledger.of(rules.profile)
        for hour in range(1, 20):
            before.answered(NOON - hour * DAY_S / 20, 200 * agents)
            before.abandoned(NOON - hour * DAY_S / 20, agents)
        running = Run(campaign="c", state=RunState.RUNNING, since=NOON)
        self.hear(ev.PutBack(at=NOON, runs=(running,), ledgers={"c": before.kept()}))
        self.hear(ev.RulesChanged(at=NOON, campaigns={"c": rules}))
        for agent in self._free:
            self.seen(agent, AgentState.READY)
        self._later(1.0, self._tick)

    def _pacer_of(self, mode: Mode, ratio: float | None, kept: Kept | None) -> Pacer:
        return self.pacer

    # -- time ---

    def until(self, done: Callable[[], bool]) -> None:
        while not done():
            self.at, _, then = heapq.heappop(self._heap)
            then()

    def _later(self, after_s: float, then: Callable[[], None]) -> None:
        heapq.heappush(self._heap, (self.at + after_s, next(self._order), then))

    def _tick(self) -> None:
        self.hear(ev.Ticked(at=self.at))
        self._later(1.0, self._tick)

    # -- what is heard, and what is done ---

    def hear(self, event: ev.Event) -> None:
        began = time.process_time()
        made = step(self.state, event)
        if self.measuring:
            self.spent_s += time.process_time() - began
            self.events += 1
        self._do(made)

    def _do(self, made: Iterable[Decision]) -> None:
        for decision in made:
            match decision:
                case Claim():
                    given = tuple(self._lead() for _ in range(decision.n))
                    self.hear(ev.LeadsClaimed(at=self.at, campaign="c", wanted=decision.n, attempts=given))
                case Dial():
                    self._dial(decision.attempt)
                case Finish():
                    self.hear(ev.EndStored(at=self.at, attempt=decision.attempt.id))

    def _lead(self) -> Attempt:
        n = next(self._names)
        number = f"+4420{79460000 + n % 10_000}"
        return Attempt(id=f"t{n}", campaign="c", lead=n, number=number, claimed_at=self.at, zones=("Europe/London",), country="GB")

    def _dial(self, attempt: Attempt) -> None:
        call = DialledCall(id=attempt.id, queue=QUEUE, number=attempt.number, at=self.at, leg=LegId(f"s/{attempt.id}"))
        self._later(0.5, lambda: self.hear(ev.CallSeen(at=self.at, call=replace(call, state=D.RINGING))))
        if self._dice.random() < ANSWER:
            self._later(ANSWERED_AFTER_S, partial(self._answers, call))
        else:
            self._later(RINGS_S, partial(self._ends, call, DialOutcome.NO_ANSWER))

    # -- people ---

    def seen(self, agent: AgentId, doing: AgentState) -> None:
        is_free = doing is AgentState.READY
        self.hear(ev.AgentSeen(at=self.at, queues=(QUEUE,), agent=agent, doing=doing, is_free=is_free, stays=True))

    def _answers(self, call: DialledCall) -> None:
        call = replace(call, state=D.ANSWERED, answered_at=self.at)
        self.hear(ev.CallSeen(at=self.at, call=call))
        if not self._free:
            self.hear(ev.CallSeen(at=self.at, call=replace(call, state=D.ABANDONED, abandoned_at=self.at)))
            self._later(3.0, partial(self._ends, replace(call, abandoned_at=self.at), DialOutcome.DIALER_ABANDON))
            return
        agent = self._free.pop(0)
        self.seen(agent, AgentState.TALKING)
        call = replace(call, state=D.TALKING, bridged_at=self.at, agent=agent)
        self.hear(ev.CallSeen(at=self.at, call=call))
        self._later(TALK(self._dice), partial(self._parts, call, agent))

    def _parts(self, call: DialledCall, agent: AgentId) -> None:
        self._ends(call, DialOutcome.TALKED)
        self.seen(agent, AgentState.WRAP_UP)
        self._later(WRAP_UP_S, partial(self._ready, agent))

    def _ready(self, agent: AgentId) -> None:
        self._free.append(agent)
        self.seen(agent, AgentState.READY)

    def _ends(self, call: DialledCall, outcome: DialOutcome) -> None:
        self.hear(ev.CallSeen(at=self.at, call=replace(call, state=D.ENDED, ended_at=self.at, outcome=outcome)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Cost:
    event_s: float
    pacer: float  # the share of it that is the pacer's
    core: float  # the share of one core that such a floor needs
    lines: int  # that are out at the end
    busy: float  # the share of the agents who talk or wrap up, at the end


def measure(agents: int, knows: Kept) -> Cost:
    world = World(agents, knows)
    world.until(lambda: world.at >= NOON + FILLS_S)
    began_at, world.measuring, world.pacer.spent_s = world.at, True, 0.0
    gc_was = gc.isenabled()
    gc.disable()
    world.until(lambda: world.events >= MEASURED)
    if gc_was:
        gc.enable()
    return Cost(
        event_s=world.spent_s / world.events,
        pacer=world.pacer.spent_s / world.spent_s,
        core=world.spent_s / (world.at - began_at),
        lines=world.state.under_way("c"),
        busy=1.0 - world.state.floor(QUEUE).free / agents,
    )


def main() -> None:
    print(f"{'agents':>7}{'lines':>7}{'busy':>7}{'us/event':>10}{'ratio':>7}{'pacer':>7}{'of a core':>11}", flush=True)
    base, knows = 0.0, learnt()
    for agents in SIZES:
        cost = measure(agents, knows)
        base = base or cost.event_s
        row = f"{agents:>7}{cost.lines:>7}{cost.busy:>7.0%}{1e6 * cost.event_s:>10.0f}{cost.event_s / base:>7.2f}"
        print(f"{row}{cost.pacer:>7.0%}{cost.core:>11.1%}", flush=True)


if __name__ == "__main__":
    main()

"""Make-believe people: callers who come, wait, talk and lose patience; agents who pick up, talk and write things down after it.

What a caller will do is drawn before they come, so that it is the same whatever the house does with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import partial
from math import inf

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.decision import Decision
from acd.core.interpreter import EnterQueue
from acd.core.lines.entry import Entry
from acd.core.staff.agent import Agent
from acd.sim.dice import AT_ONCE, Dice, Draw, stream
from acd.sim.straight import Straight
from acd.sim.world import NODE, World
from acd.words import RNA, AgentId, AgentState, CallId, EntryOutcome, EntryState, LegId, PhoneId, Wish, leg_id


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller:
    """``patience_s`` counts from joining the queue; ``wrap_up_s`` None: until the queue's own timer ends it."""

    id: CallId
    at: float
    ask: EnterQueue
    talk_s: float
    patience_s: float = inf
    wrap_up_s: float | None = None
    number: str = ""
    redials: tuple[float, ...] = ()  # who leaves unserved calls again after so many seconds, and again


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How agents deal with a ringing phone."""

    answer: Draw = AT_ONCE
    missed: float = 0.0  # the share of offers that nobody picks up
    back: Draw = field(default=AT_ONCE)  # how long it takes an agent who missed one to be ready again


class People:
    """Lives in a world: every ring, talk and wrap-up there is somebody's here."""

    def __init__(self, world: World, flows: Straight, manners: Manners | None = None, seed: object = 0) -> None:
        self._world, self._flows, self._manners, self._seed = world, flows, manners or Manners(), seed
        self.here: dict[CallId, Caller] = {}
        self.waits: set[CallId] = set()
        self._dice: dict[PhoneId, Dice] = {}
        self._writes: dict[AgentId, float | None] = {}
        world.hands.append(self._rung)
        world.watchers.append(self._saw)

    # -- callers -------------------------------------------------------------------------------------------------------

    def come(self, callers: Iterable[Caller]) -> None:
        """They come one after the other; the next is thought of when the one before has come."""
        self._next(iter(callers))

    def _next(self, callers: Iterator[Caller]) -> None:
        caller = next(callers, None)
        if caller is not None:
            self._world.when(caller.at, partial(self._comes, caller, callers))

    def _comes(self, caller: Caller, others: Iterator[Caller]) -> None:
        self.calls(caller)
        self._next(others)

    def calls(self, caller: Caller) -> None:
        world, leg = self._world, leg_id(NODE, caller.id)
        self.here[caller.id] = caller
        self.waits.add(caller.id)
        self._flows.asks[caller.id] = caller.ask
        world.switch.call(world.at, leg, caller.ask.queue, caller.number)
        if caller.patience_s < inf:
            world.when(world.at + caller.patience_s, partial(self._loses_patience, caller.id, leg))
        world.said()

    def _loses_patience(self, id: CallId, leg: LegId) -> None:
        if id in self.waits:
            self._hangs_up(leg)

    def _hangs_up(self, leg: LegId) -> None:
        self._world.switch.end(self._world.at, leg, by_far_end=True)
        self._world.said()

    def _saw(self, decision: Decision) -> None:
        for record in decision.changes:
            kind = type(record)
            if kind is Entry:
                self._entry(record)  # type: ignore[arg-type]
            elif kind is Agent:
                self._agent(record)  # type: ignore[arg-type]
            elif kind is Call and not record.is_live:  # type: ignore[union-attr]
                self._gone(record)  # type: ignore[arg-type]

    def _entry(self, entry: Entry) -> None:
        if entry.state is EntryState.CONNECTED and entry.call in self.waits:
            self.waits.discard(entry.call)
            caller = self.here[entry.call]
            self._world.when(self._world.at + caller.talk_s, partial(self._hangs_up, entry.leg))
        elif entry.outcome is EntryOutcome.ANSWERED and entry.agent is not None:
            self._writes[entry.agent] = self.here[entry.call].wrap_up_s

    def _gone(self, call: Call) -> None:
        caller = self.here.pop(call.id)
        if call.id in self.waits:
            self.waits.discard(call.id)
            if caller.redials:
                self._redials(caller)

    def _redials(self, caller: Caller) -> None:
        after_s, *rest = caller.redials
        again = replace(caller, id=CallId(f"{caller.id}+"), at=self._world.at + after_s, redials=tuple(rest))
        self._world.when(again.at, partial(self.calls, again))

    # -- agents --------------------------------------------------------------------------------------------------------

    def asks(self, agent: AgentId, wish: Wish, reason: str = "") -> None:
        self._world.feed(ev.AgentAsked(at=self._world.at, agent=agent, wish=wish, reason=reason))

    def _rung(self, command: cm.Command) -> None:
        if not isinstance(command, cm.Ring):
            return
        manners, world, leg = self._manners, self._world, command.leg
        dice = self._dice.get(command.phone) or self._dice.setdefault(command.phone, stream(self._seed, "phone", command.phone))
        world.switch.rings(world.at, leg)
        if manners.missed and dice.random() < manners.missed:
            return
        answer_s = manners.answer(dice)
        if answer_s > 0:
            world.when(world.at + answer_s, partial(self._picks_up, leg))
        else:
            world.switch.picks_up(world.at, leg)

    def _picks_up(self, leg: LegId) -> None:
        truth = self._world.switch.legs.get(leg)
        if truth is not None and not truth.answered:
            self._world.switch.picks_up(self._world.at, leg)
            self._world.said()

    def _agent(self, agent: Agent) -> None:
        if agent.since != self._world.at:
            return
        if agent.state is AgentState.WRAP_UP:
            wrap_up_s = self._writes.pop(agent.id, None)
            if wrap_up_s is not None:
                self._world.when(self._world.at + wrap_up_s, partial(self._has_written, agent))
        elif agent.state is AgentState.NOT_READY and agent.reason == RNA:
            after_s = self._manners.back(stream(self._seed, "back", agent.id, agent.since))
            self._world.when(self._world.at + after_s, partial(self.asks, agent.id, Wish.READY))

    def _has_written(self, then: Agent) -> None:
        state = self._world.state
        now = state.agent(then.id)
        if now.state is not AgentState.WRAP_UP or now.since != then.since:
            return
        wrap_up = state.wrap_ups.get(now.offer) if now.offer else None
        if wrap_up is not None and wrap_up.is_owed and (named := state.queue(wrap_up.queue).dispositions):
            self.asks(then.id, Wish.DISPOSE, next(iter(named)))
        elif now.pending is not None:  # the break or the end of the shift has come meanwhile
            self.asks(then.id, now.pending, now.pending_reason)
        else:
            self.asks(then.id, Wish.READY)

"""Make-believe people: callers who come, wait, talk and lose patience, and go on or are called back; agents who talk and write.

What a caller will do is known before they come, so that it is the same whatever the house does with them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from math import inf

from acd.core import commands as cm
from acd.core import events as ev
from acd.core.call import Call
from acd.core.decision import Decision
from acd.core.frame import CallbackWish
from acd.core.interpreter import EnterQueue
from acd.core.lines.entry import Entry
from acd.core.lines.personal import agent_of
from acd.core.staff.agent import Agent
from acd.sim.ears import Ears
from acd.sim.phones import Drawn, Manners, Phones
from acd.sim.picking_up import PickingUp
from acd.sim.straight import HOME, OWN, Onward, Straight
from acd.sim.world import NODE, World
from acd.words import (
    SYSTEM_REASONS,
    AgentId,
    AgentState,
    CallId,
    EntryKind,
    EntryOutcome,
    EntryState,
    FlowId,
    LegId,
    PhoneId,
    QueueId,
    TalkWish,
    Wish,
    leg_id,
)

__all__ = ["BY_TRANSFER", "Back", "Caller", "Manners", "OwnCall", "People", "Stop"]

BY_TRANSFER = "transfer"
"""In place of an exit: the agent has sent them on."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Back:
    """A customer who is to be called. ``attempts``: after so many seconds of each call they pick up, None: they do not, a text: their
    phone refuses with this cause; of those that are not named the last one holds.
    """

    id: str
    queue: QueueId
    number: str
    talk_s: float
    wrap_up_s: float | None = None
    disposition: str = ""
    priority: int = 0
    not_before: float | None = None
    attempts: tuple[float | str | None, ...] = (0.0,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Stop:
    """One queue on a caller's way. ``patience_s`` counts from joining it; who has lost it hangs up, or presses ``key`` and goes on.

    ``wrap_up_s`` None: until the queue's own timer. ``by``: the exit of the stop before that leads here; '' leads from nowhere.
    """

    ask: EnterQueue
    talk_s: float
    patience_s: float = inf
    key: str = ""
    wrap_up_s: float | None = None
    disposition: str = ""
    back: Back | None = None  # they ask to be called back when they leave by one of these exits,
    back_by: tuple[str, ...] = ()
    back_offered: str | None = None  # or are offered it meanwhile by this flow of a recipe; '': by any
    by: str = ""
    after_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Caller(Stop):
    """Somebody at their first stop, with the others that may follow."""

    id: CallId
    at: float
    number: str = ""
    redials: tuple[float, ...] = ()  # who leaves unserved calls again after so many seconds, and again
    then: tuple[Stop, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class OwnCall:
    """A call that an agent makes from the phone: not to be rung meanwhile."""

    agent: AgentId
    at: float
    lasts_s: float


class _Way:
    """Where a caller is."""

    def __init__(self, caller: Caller) -> None:
        self.caller, self.left = caller, list(caller.then)
        self.stop: Stop = caller
        self.talk: Stop = caller  # whose talk runs, or ran last
        self.waits = True
        self.served = False
        self.asked_back = False

    def leads(self, by: str) -> bool:
        """Whether the next stop is reached so; then they are on the way to it."""
        if not self.left or self.left[0].by != by:
            return False
        self.stop, self.waits = self.left.pop(0), True
        return True


class People:
    """Lives in a world: every ring, talk and wrap-up there is somebody's here."""

    def __init__(
        self, world: World, flows: Straight, manners: Manners | None = None, seed: object = 0, *, phones: Phones | None = None
    ) -> None:
        self._world, self._flows = world, flows
        self._picking_up = PickingUp(world, phones or Drawn(manners or Manners(), seed))
        Ears(world, self._picking_up.told_s)
        self.here: dict[CallId, _Way] = {}
        self.backs: dict[str, Back] = {}
        self._writes: dict[AgentId, tuple[float | None, str]] = {}
        self._dispositions: dict[AgentId, str] = {}
        flows.onward, flows.offered = self._goes_on, self._is_offered
        world.hands.append(self._called_back)
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
        """They are on the line, now."""
        world, leg = self._world, leg_id(NODE, caller.id)
        way = self.here[caller.id] = _Way(caller)
        self._flows.asks[caller.id] = _asked(way.stop)
        world.switch.call(world.at, leg, caller.ask.queue, caller.number)
        self._grows_impatient(caller.id, leg, way)
        world.said()

    def _grows_impatient(self, id: CallId, leg: LegId, way: _Way) -> None:
        if way.stop.patience_s < inf:
            self._world.when(self._world.at + way.stop.patience_s, partial(self._loses_patience, id, leg, way.stop))

    def _loses_patience(self, id: CallId, leg: LegId, stop: Stop) -> None:
        way = self.here.get(id)
        if way is None or way.stop is not stop or not way.waits:
            return
        if stop.key:
            self._world.switch.press(self._world.at, leg, stop.key)
            self._world.said()
        else:
            self._hangs_up(leg)

    def _hangs_up(self, leg: LegId) -> None:
        self._world.switch.end(self._world.at, leg, by_far_end=True)
        self._world.said()

    def _goes_on(self, at: float, call: Call, exit: str) -> Onward:
        """Out of a queue."""
        way = self.here.get(call.id)
        if way is None:
            return HOME
        left = way.stop
        wishes = self._wishes(at, call, way) if exit in left.back_by else ()
        way.served = way.served or exit == "served"
        if not way.leads(exit):
            return Onward(wishes=wishes)
        after_s = way.stop.after_s
        self._world.when(at + after_s, partial(self._grows_impatient, call.id, call.leg, way))
        return Onward(ask=_asked(way.stop), after_s=after_s, wishes=wishes)

    def _is_offered(self, at: float, call: Call, flow: FlowId) -> tuple[CallbackWish, ...]:
        """By a recipe, while they wait."""
        way = self.here.get(call.id)
        return self._wishes(at, call, way) if way is not None and way.stop.back_offered in ("", flow) else ()

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
        if entry.kind is EntryKind.CALLBACK:
            return self._back_entry(entry)
        way = self.here.get(entry.call)
        if way is None:
            return
        if entry.state is EntryState.CONNECTED and way.waits:
            way.waits, way.served, way.talk = False, True, way.stop
            self._world.when(self._world.at + way.stop.talk_s, partial(self._has_talked, entry, way))
        elif entry.outcome is EntryOutcome.ANSWERED and entry.agent is not None:
            self._writes[entry.agent] = (way.talk.wrap_up_s, way.talk.disposition)

    def _has_talked(self, entry: Entry, way: _Way) -> None:
        """Sent on to where they were sent on, where that can be; else home."""
        world = self._world
        now = world.state.entries.get(entry.id)
        if now is None or now.state is not EntryState.CONNECTED or now.agent is None:
            return
        if way.left and way.left[0].by == BY_TRANSFER:
            left = way.stop
            way.leads(BY_TRANSFER)
            ask = way.stop.ask
            target = f"agent:{ask.agent}" if ask.agent else f"queue:{ask.queue}"
            world.feed(ev.TalkAsked(at=world.at, agent=now.agent, what=TalkWish.TRANSFER, target=target))
            if entry.id not in world.state.entries:
                self._grows_impatient(entry.call, entry.leg, way)
                return
            way.stop, way.waits = left, False
        self._hangs_up(entry.leg)

    def _gone(self, call: Call) -> None:
        way = self.here.pop(call.id, None)
        if way is not None and not (way.served or way.asked_back) and way.caller.redials:
            self._redials(way.caller)

    def _redials(self, caller: Caller) -> None:
        after_s, *rest = caller.redials
        again = replace(caller, id=CallId(f"{caller.id}+"), at=self._world.at + after_s, redials=tuple(rest))
        self._world.when(again.at, partial(self.calls, again))

    # -- who is called back --------------------------------------------------------------------------------------------

    def _wishes(self, at: float, call: Call, way: _Way) -> tuple[CallbackWish, ...]:
        back = way.stop.back
        if back is None or way.asked_back:
            return ()
        self.backs[back.id], way.asked_back = back, True
        since, queue = at if call.waiting_since is None else call.waiting_since, back.queue
        wish = CallbackWish(id=back.id, queue=queue, number=back.number, asked_at=at, since=since, priority=back.priority)
        return (replace(wish, at=back.not_before),)

    def wishes(self, back: Back) -> None:
        """Somebody of the house, or a caller who never stood in line, asks for it."""
        self.backs[back.id] = back
        world, when = self._world, back.not_before
        when = None if when is None or when <= world.at else when  # its time has come
        world.feed(
            ev.CallbackWished(at=world.at, callback=back.id, queue=back.queue, number=back.number, priority=back.priority, when=when)
        )

    def _called_back(self, command: cm.Command) -> None:
        if not isinstance(command, cm.CallOut):
            return
        back, world = self.backs.get(command.marks.get("call", "")), self._world
        if back is None:
            return
        nth = len(world.state.callbacks[back.id].attempts) - 1
        after_s = back.attempts[min(nth, len(back.attempts) - 1)] if back.attempts else None
        world.switch.rings(world.at, command.leg)
        if isinstance(after_s, str):
            world.when(world.at, partial(self._does_not_answer, command.leg, after_s))
        elif after_s is None or after_s >= command.timeout_s:
            world.when(world.at + command.timeout_s, partial(self._does_not_answer, command.leg))
        else:
            world.when(world.at + after_s, partial(self._picking_up.picks_up, command.leg, 0.0))

    def _does_not_answer(self, leg: LegId, cause: str = "NO_ANSWER") -> None:
        self._world.switch.end(self._world.at, leg, cause)
        self._world.said()

    def _back_entry(self, entry: Entry) -> None:
        back = self.backs.get(entry.call)
        if back is None:
            return
        if entry.state is EntryState.CONNECTED:
            self._world.when(self._world.at + back.talk_s, partial(self._hangs_up, entry.leg))
        elif entry.outcome is EntryOutcome.ANSWERED and entry.agent is not None:
            self._writes[entry.agent] = (back.wrap_up_s, back.disposition)

    # -- agents --------------------------------------------------------------------------------------------------------

    def asks(self, agent: AgentId, wish: Wish, reason: str = "", *, forced: bool = False) -> None:
        self._world.feed(ev.AgentAsked(at=self._world.at, agent=agent, wish=wish, reason=reason, forced=forced))

    def asked(self, agent: AgentId, wish: Wish, reason: str) -> None:
        """As it was asked on a day that was: a reason that these rules do not have is none."""
        allowed = self._world.state.policy.reasons
        forced = wish in (Wish.NOT_READY, Wish.LOG_OUT) and reason in SYSTEM_REASONS
        known = reason not in SYSTEM_REASONS and (not allowed or reason in allowed)
        self.asks(agent, wish, reason if wish is Wish.NOT_READY and known else "", forced=forced)

    def dials(self, own: OwnCall) -> None:
        """A call of their own, unless a caller has them."""
        world = self._world
        state, phone = world.state.agent(own.agent), self._phone_of(own.agent)
        if phone is None or state.state in (AgentState.TALKING, AgentState.LOGGED_OUT) or state.own_leg is not None:
            return
        leg = leg_id(NODE, f"{own.agent}-{own.at}")
        world.switch.call(world.at, leg, OWN, phone=phone)
        world.said()
        world.when(world.at + own.lasts_s, partial(self._hangs_up, leg))

    def happens(self, event: ev.Event) -> None:
        """Something of the house itself: a phone that comes or goes, a calendar that is forced."""
        self._world.feed(event)

    def _phone_of(self, agent: AgentId) -> PhoneId | None:
        known = self._world.state.policy.agents.get(agent)
        return next(iter(known.devices), None) if known else None

    def _agent(self, agent: Agent) -> None:
        if agent.since != self._world.at:
            return
        if agent.state is AgentState.WRAP_UP:
            wrap_up_s, disposition = self._writes.pop(agent.id, (None, ""))
            self._dispositions[agent.id] = disposition
            if wrap_up_s is not None:
                self._world.when(self._world.at + wrap_up_s, partial(self._has_written, agent))
        elif agent.state is AgentState.NOT_READY and (after_s := self._picking_up.back(agent)) is not None:
            self._world.when(self._world.at + after_s, partial(self._is_back, agent))

    def _is_back(self, then: Agent) -> None:
        now = self._world.state.agent(then.id)
        if now.state is AgentState.NOT_READY and now.reason == then.reason:
            self.asks(then.id, Wish.READY)

    def _has_written(self, then: Agent) -> None:
        state = self._world.state
        now = state.agent(then.id)
        if now.state is not AgentState.WRAP_UP or now.since != then.since:
            return
        wrap_up = state.wrap_ups.get(now.offer) if now.offer else None
        said = self._dispositions.get(then.id, "")
        named = state.queue(wrap_up.queue).dispositions if wrap_up is not None else {}
        if wrap_up is not None and named and (said in named or wrap_up.is_owed):
            self.asks(then.id, Wish.DISPOSE, said if said in named else next(iter(named)))
        elif now.pending is not None:  # the break or the end of the shift has come meanwhile
            self.asks(then.id, now.pending, now.pending_reason)
        else:
            self.asks(then.id, Wish.READY)


def _asked(stop: Stop) -> EnterQueue:
    """What brings them into the queue, their way out among it."""
    ask = stop.ask
    if stop.key and stop.key not in ask.exit_keys:
        ask = replace(ask, exit_keys=ask.exit_keys + stop.key)
    if ask.agent is None and (agent := agent_of(ask.queue)) is not None:
        ask = replace(ask, agent=agent)
    return ask

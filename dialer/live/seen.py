"""Decisions of the contact centre as events of the dialer: its calls, the agents of its queues, who waits there. Changes nothing."""

from collections.abc import Iterator, Sequence
from functools import lru_cache

from acd.core.call import Call
from acd.core.decision import Decision, Record
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import DialledCall
from acd.core.outside.numbers import one_form
from acd.core.outside.outgoing import Outgoing
from acd.core.policy import Policy
from acd.core.staff.agent import Agent
from acd.core.staff.wrap_up import WrapUp
from acd.core.state import State
from acd.words import AgentId, EntryKind, EntryState, QueueId
from dialer.core.events import AgentSeen, CallerDisposed, CallerSeen, CallerServed, CallersSeen, CallSeen, Event, OfferSeen, TrunksSeen


def related(policy: Policy, queues: frozenset[QueueId]) -> frozenset[QueueId]:
    """These, and every queue that one of their agents serves besides: whoever waits there will have that agent."""
    theirs = (each for agent in policy.agents.values() if not queues.isdisjoint(agent.queues) for each in agent.queues)
    return frozenset((*queues, *theirs))


def events_of(decisions: Sequence[Decision], state: State, queues: frozenset[QueueId], at: float) -> Iterator[Event]:
    """``queues``: those that campaigns call for or that share agents with them. Calls as they changed; agents, lines as they are."""
    agents: set[AgentId] = set()
    touched: set[QueueId] = set()
    if any(isinstance(change, Outgoing) for decision in decisions for change in decision.changes):
        yield trunks(state, at)
    for decision in decisions:
        for change in decision.changes:
            match change:
                case Agent():
                    agents.add(change.id)
                case Entry() if change.queue in queues:
                    touched.add(change.queue)
            yield from _people(state, change, at)
    for id in sorted(agents):
        yield from one_agent(state, queues, id, at)
    for queue in sorted(touched):
        yield callers(state, queue, at)


def _people(state: State, change: Record, at: float) -> Iterator[Event]:
    """Who was dialled, and who came by themselves."""
    match change:
        case DialledCall() if change.campaign:
            yield CallSeen(at=at, call=change)
        case Offer():
            yield from _offers(state, change, at)
        case Call():
            yield from _callers(state, change, at)
        case Entry():
            yield from _served(change, at)
        case WrapUp() if change.disposition and not change.attempt:
            yield CallerDisposed(at=at, call=change.call, disposition=change.disposition, by=change.agent)


def _served(entry: Entry, at: float) -> Iterator[Event]:
    if entry.state is EntryState.CONNECTED and entry.kind is not EntryKind.CONSULT:
        yield CallerServed(at=at, call=entry.call, queue=entry.queue)


def _callers(state: State, call: Call, at: float) -> Iterator[Event]:
    """Who came by themselves, and whom the house calls back: somebody whom a campaign dialled is an attempt of it."""
    if call.caller_number and not call.attempt and call.phone is None:
        number = _one_form(call.caller_number, state.policy.outbound.region)
        yield CallerSeen(at=at, call=call.id, number=number, is_over=not call.is_live or not call.is_here)


_one_form = lru_cache(maxsize=4096)(one_form)


def _offers(state: State, offer: Offer, at: float) -> Iterator[Event]:
    """To whom somebody is offered whom a campaign has dialled; and what is said of a caller in the talk."""
    call = state.calls.get(offer.call)
    if offer.disposition and call is not None and not call.attempt:
        yield CallerDisposed(at=at, call=call.id, disposition=offer.disposition, by=offer.agent)
    dialled = state.dialled.get(call.attempt) if call is not None else None
    if dialled is not None and dialled.campaign:
        yield OfferSeen(at=at, offer=offer, call=dialled)


def everybody(state: State, queues: frozenset[QueueId], at: float) -> Iterator[Event]:
    """As they are now; for a start, and for another configuration."""
    for call in state.calls.values():
        yield from _callers(state, call, at)
    for entry in state.entries.values():
        yield from _served(entry, at)
    yield trunks(state, at)
    for queue in sorted(queues):
        yield callers(state, queue, at)
    for id in sorted({id for queue in queues for id in state.roster.members(queue)}):
        yield from one_agent(state, queues, id, at)


def one_agent(state: State, queues: frozenset[QueueId], id: AgentId, at: float) -> Iterator[AgentSeen]:
    """As they are now, in all of these queues that they serve."""
    agent, serves = state.agent(id), tuple(queue for queue in state.roster.queues_of(id) if queue in queues)
    if serves:
        yield AgentSeen(
            at=at,
            queues=serves,
            agent=id,
            doing=agent.state,
            is_free=agent.is_free,
            stays=agent.is_able,
            reserved_for=agent.reserved_for,
        )


def trunks(state: State, at: float) -> TrunksSeen:
    """Told before the calls themselves: better one counted twice for a moment than not at all."""
    ways = state.policy.outbound.ways
    room = {way.trunk: None if way.at_once is None else max(0, way.at_once - state.out_at_once(way.trunk)) for way in ways}
    return TrunksSeen(at=at, room=room)


def callers(state: State, queue: QueueId, at: float) -> CallersSeen:
    """Those who called us, and for whom no agent is rung yet; who was dialled is counted by its line."""
    waiting = [entry for entry in state.unserved(queue).values() if entry.state is EntryState.WAITING]
    return CallersSeen(at=at, queue=queue, callers=sum(entry.kind is not EntryKind.DIALLED for entry in waiting))

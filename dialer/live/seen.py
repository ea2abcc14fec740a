"""Decisions of the contact centre as events of the dialer: its calls, the agents of its queues, who waits there. Changes nothing."""

from collections.abc import Iterable, Iterator

from acd.core.decision import Decision
from acd.core.lines.entry import Entry
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import DialledCall
from acd.core.staff.agent import Agent
from acd.core.state import State
from acd.words import AgentId, EntryKind, QueueId
from dialer.core.events import AgentSeen, CallersSeen, CallSeen, Event, OfferSeen


def events_of(decisions: Iterable[Decision], state: State, queues: frozenset[QueueId], at: float) -> Iterator[Event]:
    """``queues``: those that a campaign calls for. Calls as they changed, then agents and lines as they are now."""
    agents: set[AgentId] = set()
    touched: set[QueueId] = set()
    for decision in decisions:
        for change in decision.changes:
            match change:
                case DialledCall() if change.campaign:
                    yield CallSeen(at=at, call=change)
                case Offer():
                    yield from _offers(state, change, at)
                case Agent():
                    agents.add(change.id)
                case Entry() if change.queue in queues:
                    touched.add(change.queue)
    for queue in sorted(queues):
        for id in sorted(agents.intersection(state.roster.members(queue))):
            yield agent_in(queue, state.agent(id), at)
    for queue in sorted(touched):
        yield callers(state, queue, at)


def _offers(state: State, offer: Offer, at: float) -> Iterator[Event]:
    """Of somebody whom a campaign has dialled."""
    call = state.calls.get(offer.call)
    dialled = state.dialled.get(call.attempt) if call is not None else None
    if dialled is not None and dialled.campaign:
        yield OfferSeen(at=at, offer=offer, call=dialled)


def everybody(state: State, queues: frozenset[QueueId], at: float) -> Iterator[Event]:
    """As they are now; for a start, and for another configuration."""
    for queue in sorted(queues):
        for id in state.roster.members(queue):
            yield agent_in(queue, state.agent(id), at)
        yield callers(state, queue, at)


def agent_in(queue: QueueId, agent: Agent, at: float) -> AgentSeen:
    return AgentSeen(
        at=at,
        queue=queue,
        agent=agent.id,
        doing=agent.state,
        is_free=agent.is_free,
        stays=agent.is_able,
        reserved_for=agent.reserved_for,
    )


def one_agent(state: State, queues: frozenset[QueueId], id: AgentId, at: float) -> Iterator[Event]:
    """In each of these queues, as they are now."""
    for queue in sorted(queues.intersection(state.roster.queues_of(id))):
        yield agent_in(queue, state.agent(id), at)


def callers(state: State, queue: QueueId, at: float) -> CallersSeen:
    """Those who called us; who was dialled is counted by its line."""
    waiting = state.unserved(queue).values()
    return CallersSeen(at=at, queue=queue, callers=sum(entry.kind is not EntryKind.DIALLED for entry in waiting))

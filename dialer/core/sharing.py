"""Agents whom several queues share: what lines, leads and callers of one queue mean for a campaign of another (ACD.md 37).

Of what another queue has, as much counts here as its agents at work are ours: all where they are the same people, half where every
second one is, to the nearest whole. The other's forecast is not known here: a line there is a line for which an agent may be needed.
"""

from collections.abc import Iterator, Mapping
from math import ceil
from math import floor as whole

from acd.words import AgentId, QueueId
from dialer.core.state import Dialler


def beside(state: Dialler, queue: QueueId) -> tuple[tuple[QueueId, float], ...]:
    """Other queues, and the share of their agents at work that serves this one too. Summed up anew when somebody comes or goes."""
    ours, comings = state.floor(queue).present, sum(floor.comings for floor in state.floors.values())
    known = state.beside.get(queue)
    if known is None or known[0] != comings:
        known = state.beside[queue] = comings, tuple(_shares(state, queue, ours))
    return known[1]


def _shares(state: Dialler, queue: QueueId, ours: set[AgentId]) -> Iterator[tuple[QueueId, float]]:
    for other, floor in state.floors.items():
        if other != queue and not ours.isdisjoint(floor.present):
            yield other, len(ours & floor.present) / len(floor.present)


def taken(state: Dialler, queue: QueueId) -> int:
    """Agents of this queue whom lines of other ones may need."""
    return _nearest(sum(state.floors[other].lines * share for other, share in beside(state, queue)))


def asked_for(state: Dialler, queue: QueueId | None) -> int:
    """Leads on their way whose lines may need its agents."""
    if queue is None:
        return 0
    of: dict[QueueId, int] = {}
    for each in state.campaigns.values():
        if each.claiming and each.rules.queue is not None:
            of[each.rules.queue] = of.get(each.rules.queue, 0) + each.claiming
    if not of:
        return 0
    return of.pop(queue, 0) + (_nearest(sum(of.get(other, 0) * share for other, share in beside(state, queue))) if of else 0)


def callers(state: Dialler, queue: QueueId) -> dict[QueueId, int]:
    """How many wait in each queue that its agents serve; those in which nobody does are not in it."""
    queues = (queue, *(other for other, _ in beside(state, queue)))
    return {each: n for each in queues if (n := state.floor(each).callers)}


def needed(state: Dialler, queue: QueueId) -> int:
    """Agents whom those callers will have before any campaign does."""
    others = sum(state.floors[other].callers * share for other, share in beside(state, queue))
    return state.floor(queue).callers + ceil(others - 1e-9)


def spare(state: Dialler, queue: QueueId, waiting: Mapping[QueueId, int]) -> int:
    """Agents who are free, serve no queue in which somebody waits, and are counted on for no line yet."""
    floor = state.floor(queue)
    theirs = {agent for each in waiting for agent in state.floor(each).present}
    free = sum(agent not in theirs for agent in floor.free_agents)
    return max(0, free - floor.lines - taken(state, queue))


def _nearest(found: float) -> int:
    return whole(found + 0.5)

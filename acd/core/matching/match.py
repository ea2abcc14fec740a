"""Which caller beside which agent, and why. Looks only at heads of groups and at free agents; nothing here knows about voice.

The caller with the best place among all queues goes first, and takes the agent who comes first by the strategy of their queue. An
agent who prefers another of their queues, in which somebody waits whom they could take, goes there instead. Callers for
whom nobody rings yet go before further phones for one caller. A caller of the same need behind another one is not looked at: what
nobody can do for the first, nobody can do for them.
"""

from collections.abc import Generator
from heapq import heappop, heappush

from acd.core.lines.entry import Entry, Place
from acd.core.matching.touched import Group
from acd.core.state import State
from acd.words import AgentId

Match = tuple[Entry, AgentId]


class Heads:
    """The groups to look at, by rank and the place of their first."""

    def __init__(self, state: State, at: float) -> None:
        self._state, self._at = state, at
        self._heap: list[tuple[int, Place, Group]] = []
        self._known: set[Group] = set()

    def push(self, group: Group) -> None:
        if group in self._known:
            return
        first = self._state.lines.first(group, self._at)
        if first is not None:
            self._known.add(group)
            heappush(self._heap, (group.rank, first.place, group))

    def pop(self) -> tuple[Group, Entry] | None:
        """The best of them as it stands now."""
        while self._heap:
            rank, place, group = heappop(self._heap)
            self._known.discard(group)
            first = self._state.lines.first(group, self._at)
            if first is not None and first.place == place:
                return group, first
            self.push(group)
        return None

    def rest(self) -> set[Group]:
        return self._known


def matches(state: State, at: float) -> Generator[Match]:
    """One match after the other. Each must be in the state before the next is asked for; whatever else changes meanwhile counts."""
    heads = Heads(state, at)
    try:
        while True:
            for group in _touched(state):
                heads.push(group)
            best = heads.pop()
            if best is None:
                return
            group, entry = best
            chosen = _agent_for(state, group, entry)
            if chosen is None:
                continue
            heads.push(group)  # before it is taken: another of its callers may be next
            yield (None if group.need.reserved else _preferred(state, chosen, group, at)) or (entry, chosen)
    finally:  # a fault has ended it: what was not looked at comes next time
        state.touched.groups |= heads.rest()


def _touched(state: State) -> list[Group]:
    """The groups in which a match may have become possible."""
    touched = state.touched
    if not touched:
        return []
    found = {group: None for group in touched.groups}
    for queue in touched.queues:
        found.update(dict.fromkeys(state.lines.of(queue).groups))
    for queue, profile in touched.freed:
        pool = state.roster.pool(queue)
        for group in state.lines.of(queue).groups:
            if profile in pool.open_to(group.need):
                found[group] = None
    for agent in touched.agents:
        for queue in state.roster.queues_of(agent):
            found.update((group, None) for group in state.lines.of(queue).groups if group.need.held_for == agent)
    touched.clear()
    return list(found)


def _agent_for(state: State, group: Group, entry: Entry) -> AgentId | None:
    return next(state.roster.free_for(group.queue, group.need, state.agents, entry.next_offer), None)


def _preferred(state: State, agent: AgentId, instead_of: Group, at: float) -> Match | None:
    """Whom this agent takes rather: the first in a queue that the agent prefers to this one."""
    orders = state.roster.orders(agent)
    if not orders:
        return None
    best: tuple[tuple[int, int, Place], Entry] | None = None
    for queue, order in orders.items():
        if order >= orders[instead_of.queue]:
            continue
        for group in state.lines.of(queue).groups:
            if group.rank > instead_of.rank or not state.roster.may_take(state.agent(agent), queue, group.need):
                continue
            first = state.lines.first(group, at)
            if first is not None and (best is None or (group.rank, order, first.place) < best[0]):
                best = (group.rank, order, first.place), first
    return (best[1], agent) if best else None

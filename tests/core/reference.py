"""The match as somebody would write it who has all the time in the world: no index, no memory, all of it anew from the records.

What ``acd.core.matching.match`` decides must be this.
"""

from hashlib import blake2b

from acd.core.lines.entry import Entry
from acd.core.lines.personal import agent_of
from acd.core.matching.routing_policy import Membership
from acd.core.matching.strategies import ORDERS
from acd.core.matching.strategies.seen import Seen
from acd.core.policy import QueuePolicy
from acd.core.staff.agent import Agent
from acd.core.state import State
from acd.words import AgentId, AgentState, EntryKind, EntryState, NodeId, QueueId, Strategy, Wish


def needs(rules: QueuePolicy, entry: Entry) -> dict[str, int]:
    now = {**rules.requires, **entry.requires}
    for step in rules.relax:
        if step.after_s <= entry.aged_s:
            now = {s: min(n, step.requires.get(s, n)) for s, n in now.items() if s not in step.drop}
    return {s: n for s, n in now.items() if n > 0}


def membership(state: State, agent: AgentId, queue: QueueId) -> Membership | None:
    policy = state.policy.agents.get(agent)
    if policy is None:
        return None
    if agent_of(queue) == agent:
        return policy.personal
    return policy.membership(queue) if queue in policy.queues else None


def skilled(state: State, agent: AgentId, entry: Entry) -> bool:
    skills = state.policy.agents[agent].skills
    return all(skills.get(s, 0) >= n for s, n in needs(state.queue(entry.queue), entry).items())


def at_work(agent: Agent) -> bool:
    busy = agent.state in (AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP)
    return busy and agent.pending not in (Wish.NOT_READY, Wish.LOG_OUT)


def fits(state: State, agent: AgentId, entry: Entry) -> bool:
    member = membership(state, agent, entry.queue)
    return member is not None and member.delay_s <= entry.aged_s and (agent_of(entry.queue) == agent or skilled(state, agent, entry))


def held_for(state: State, entry: Entry) -> AgentId | None:
    who = entry.prefer if entry.prefer_until is not None else None
    if who is None or membership(state, who, entry.queue) is None:
        return None
    return who if at_work(state.agent(who)) and skilled(state, who, entry) else None


def may(state: State, agent: AgentId, entry: Entry) -> bool:
    """Whether this agent, were they free, may be asked for this caller."""
    if entry.reserved:
        return False
    held = held_for(state, entry)
    if held is not None:
        return held == agent
    if agent in dict(entry.excluded) or not fits(state, agent, entry):
        return False
    tier = membership(state, agent, entry.queue).tier  # type: ignore[union-attr]
    if state.queue(entry.queue).tiers.get(tier, 0.0) <= entry.aged_s:
        return True
    before = [
        each
        for each in state.policy.agents
        if fits(state, each, entry) and membership(state, each, entry.queue).tier < tier and at_work(state.agent(each))  # type: ignore[union-attr]
    ]
    return not before


def is_theirs(state: State, entry: Entry) -> bool:
    """Whether the agent who is reserved for this person, and for nobody else, can talk to them."""
    if not entry.reserved or entry.prefer is None or membership(state, entry.prefer, entry.queue) is None:
        return False
    agent = state.agent(entry.prefer)
    return (agent.state, agent.resting, agent.own_leg, agent.reserved_for) == (AgentState.READY, False, None, entry.reserved)


def order(state: State, agent: AgentId, entry: Entry) -> tuple:  # type: ignore[type-arg]
    member = membership(state, agent, entry.queue)
    assert member is not None
    asked = entry.asked.index(agent) + 1 if agent in entry.asked else 0
    key = ORDERS[state.queue(entry.queue).strategy].key(Seen(state.agent(agent), member, state.policy.fair_window_s))
    return (asked, member.tier, *key) if not asked else (asked,)


def drawn(state: State, entry: Entry, agents: list[AgentId]) -> list[AgentId]:
    """By lot, within the best tier: those alike stand together, as in ``acd.core.matching.strategies.random``."""
    asked = [each for each in agents if each in entry.asked]
    tiers: dict[int, list[AgentId]] = {}
    for each in sorted(agents, key=lambda each: (profile(state, each, entry), each)):
        tiers.setdefault(profile(state, each, entry)[0], []).append(each)
    order = [each for tier in sorted(tiers) for each in _turned(tiers[tier], entry.next_offer)]
    return [each for each in order if each not in asked] + sorted(asked, key=entry.asked.index)


def profile(state: State, agent: AgentId, entry: Entry) -> tuple:  # type: ignore[type-arg]
    member, skills = membership(state, agent, entry.queue), state.policy.agents[agent].skills
    assert member is not None
    return member.tier, member.delay_s, tuple(sorted((s, n) for s, n in skills.items() if n > 0))


def _turned(agents: list[AgentId], offer: str) -> list[AgentId]:
    start = int.from_bytes(blake2b(offer.encode(), digest_size=8).digest(), "big") % len(agents)
    return agents[start:] + agents[:start]


def wants(state: State, entry: Entry) -> int | None:
    """0: nobody is rung; 1: some are, and more may be; None: nothing more. A callback has one agent at a time."""
    if not state.reachable(NodeId(entry.leg.partition("/")[0])):
        return None
    rules = state.queue(entry.queue)
    if entry.state is EntryState.WAITING:
        return 0
    more = rules.strategy is Strategy.RING_ALL or (rules.strategy is Strategy.RING_PROGRESSIVELY and entry.more_at is None)
    more = more and entry.kind is not EntryKind.CALLBACK
    return 1 if entry.state is EntryState.OFFERED and more and len(entry.rung) < rules.ring_at_most else None


def own_order(state: State, agent: AgentId, entry: Entry) -> int:
    member = membership(state, agent, entry.queue)
    assert member is not None
    return member.order


def place(entry: Entry) -> tuple[float, float, int, str]:
    """A point of priority is so much waiting. Whom a campaign dialled has nearly a point more: all but the time they may wait."""
    worth = entry.priority * entry.ageing_s
    if entry.kind is EntryKind.DIALLED and entry.leave_at is not None:
        worth += max(0.0, entry.ageing_s - (entry.leave_at - entry.since))
    return (entry.since - worth, entry.since, -entry.weight, entry.id)


def next_match(state: State, at: float) -> tuple[Entry, AgentId] | None:
    free = [agent.id for agent in state.agents.values() if agent.is_free]
    waiting = [(wants(state, entry), entry) for entry in state.entries.values()]
    ranked = [(rank, e) for rank, e in waiting if rank is not None and (rank or e.leave_at is None or e.leave_at > at)]
    pairs = [(rank, entry, agent) for rank, entry in ranked for agent in free if may(state, agent, entry)]
    pairs += [(rank, entry, entry.prefer) for rank, entry in ranked if entry.prefer is not None and is_theirs(state, entry)]
    if not pairs:
        return None
    rank, first, agent = min(pairs, key=lambda pair: (pair[0], place(pair[1]), order(state, pair[2], pair[1])))
    if state.queue(first.queue).strategy is Strategy.RANDOM:
        agent = drawn(state, first, [who for r, e, who in pairs if e is first])[0]
    if first.reserved:
        return first, agent
    mine = own_order(state, agent, first)
    rather = [(r, own_order(state, agent, e), place(e), e) for r, e, who in pairs if who == agent and r <= rank]
    better = [each for each in rather if each[1] < mine]
    return (min(better, key=lambda each: each[:3])[3], agent) if better else (first, agent)

"""Who could take a call from which queue: indexes over agents, kept as their versions come, so that nobody is scanned for."""

from collections import Counter
from collections.abc import Iterator, Mapping

from acd.core.lines.personal import personal_queue, rules
from acd.core.matching.need import Need
from acd.core.matching.pool import FREE, LOGGED_OUT, Pool
from acd.core.matching.skills import levels
from acd.core.matching.touched import Touched
from acd.core.policy import Policy, QueuePolicy
from acd.core.staff.agent import AT_WORK, Agent
from acd.words import AgentId, QueueId

RESERVED = "reserved"


def rule_against(agent: Agent) -> tuple[str, str]:
    """The rule that passes this agent over, and its value; ``free`` when there is none."""
    if agent.is_free:
        return FREE, ""
    if agent.own_leg is not None:
        return "own_call", ""
    if agent.resting:
        return "resting", ""
    if agent.reserved_for:
        return RESERVED, agent.reserved_for
    return agent.state.value, agent.reason


class Roster:
    """A pool of agents for each queue, the agents' own lines included."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._pools: dict[QueueId, Pool] = {}
        self._queues: dict[AgentId, tuple[QueueId, ...]] = {}
        self._orders: dict[AgentId, dict[QueueId, int]] = {}
        self._able: set[AgentId] = set()
        self._online: Counter[QueueId] = Counter()
        self._staffed: Counter[QueueId] = Counter()
        self._at_work: Counter[QueueId] = Counter()
        for agent in policy.agents.values():
            own = personal_queue(agent.id)
            self._queues[agent.id] = (*agent.queues, own)
            has = levels(agent.skills)
            for queue in agent.queues:
                self.pool(queue).add(agent.id, agent.membership(queue), has)
            self.pool(own).add(agent.id, agent.personal, ())
            orders = {queue: agent.membership(queue).order for queue in agent.queues} | {own: agent.personal.order}
            if len(set(orders.values())) > 1:
                self._orders[agent.id] = orders

    def pool(self, queue: QueueId) -> Pool:
        found = self._pools.get(queue)
        if found is None:
            known = self._policy.queues.get(queue) or rules(self._policy, queue) or QueuePolicy(id=queue)
            found = self._pools[queue] = Pool(known, self._policy.fair_window_s)
        return found

    def queues_of(self, agent: AgentId) -> tuple[QueueId, ...]:
        """The queues that this agent serves, their own line included."""
        return self._queues.get(agent, ())

    def orders(self, agent: AgentId) -> Mapping[QueueId, int]:
        """The agent's own order of queues; empty where they are all alike."""
        return self._orders.get(agent, {})

    def change(self, old: Agent | None, new: Agent, touched: Touched) -> None:
        """Take an agent's next version, and note where that makes a match possible."""
        self._count(old, -1)
        self._count(new, 1)
        was, now = rule_against(old)[0] if old else LOGGED_OUT, rule_against(new)[0]
        queues = self.queues_of(new.id)
        for queue in queues if was != now or now == FREE else ():
            pool = self._pools[queue]
            if was != now:
                pool.stands(new.id, was, now)
            if old and was == FREE:
                pool.leaves(old)
            if now == FREE:
                touched.freed.add((queue, pool.joins(new)))
        if now == FREE or (now == RESERVED and was != RESERVED):
            touched.agents.add(new.id)
        self._change_able(new, queues, touched)

    def _count(self, agent: Agent | None, n: int) -> None:
        if agent is None or not agent.is_online:
            return
        self._online.update(dict.fromkeys(self.queues_of(agent.id), n))
        if agent.state in AT_WORK:
            self._at_work.update(dict.fromkeys(self.queues_of(agent.id), n))
        if agent.is_staffed(self._policy.returning):
            self._staffed.update(dict.fromkeys(self.queues_of(agent.id), n))

    def presence(self, agent: Agent | None) -> tuple[bool, bool]:
        """Online, staffed."""
        return (agent is not None and agent.is_online, agent is not None and agent.is_staffed(self._policy.returning))

    def _change_able(self, agent: Agent, queues: tuple[QueueId, ...], touched: Touched) -> None:
        if agent.is_able == (agent.id in self._able):
            return
        (self._able.add if agent.is_able else self._able.discard)(agent.id)
        touched.agents.add(agent.id)
        touched.queues.update(queue for queue in queues if self._pools[queue].becomes_able(agent.id, agent.is_able))

    # -- who may take whom -----------------------------------------------------------------------------------------

    def holds(self, queue: QueueId, need: Need) -> AgentId | None:
        """The one for whom a caller is held now: at work, and could take the call; or who was reserved for them, whatever they do."""
        agent = need.held_for
        if need.reserved:
            return agent
        if agent is None or agent not in self._able:
            return None
        return agent if self.pool(queue).could_take(agent, need) else None

    def may_take(self, agent: Agent, queue: QueueId, need: Need) -> bool:
        """Whether this agent, who is free, may take a caller with this need."""
        held = self.holds(queue, need)
        if held is not None:
            return held == agent.id and not need.reserved
        return agent.id not in need.excluded and self.pool(queue).is_open(agent.id, need)

    def free_for(self, queue: QueueId, need: Need, agent_of: Mapping[AgentId, Agent], offer: str) -> Iterator[AgentId]:
        """Free agents who may take a caller with this need, best first; who was asked before comes last (ACD.md 35).

        ``offer`` names the offer that is to be made, for a strategy that draws lots.
        """
        held = self.holds(queue, need)
        if held is not None:
            agent = agent_of[held]
            if agent.is_idle and agent.reserved_for == need.reserved and self.pool(queue).has(held):
                yield held
            return
        again = []
        for each in self.pool(queue).free_for(need, offer):
            if each in need.asked:
                again.append(each)
            elif each not in need.excluded:
                yield each
        yield from sorted((each for each in again if each not in need.excluded), key=need.asked.index)

    # -- how many --------------------------------------------------------------------------------------------------

    def members(self, queue: QueueId) -> list[AgentId]:
        return self.pool(queue).members

    def online(self, queue: QueueId) -> int:
        """How many of the queue's agents are logged in, whatever they do now."""
        return self._online[queue]

    def staffed(self, queue: QueueId) -> int:
        """How many are online and not away: no reason but a short break keeps them (ACD.md 46)."""
        return self._staffed[queue]

    def at_work(self, queue: QueueId) -> int:
        """How many take calls, one after the other: busy or free, on no break."""
        return self._at_work[queue]

    def available(self, queue: QueueId) -> int:
        """How many could take a call this moment."""
        return self.pool(queue).census[FREE]

    def census(self, queue: QueueId) -> dict[str, int]:
        return {rule: n for rule, n in sorted(self.pool(queue).census.items()) if n}

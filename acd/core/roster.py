"""Who could take a call from which queue: indexes over agents, kept as their versions come, so that nobody is scanned for."""

from collections import Counter
from collections.abc import Iterator, Mapping

from sortedcontainers import SortedList

from acd.core.agent import Agent
from acd.core.personal import personal_queue
from acd.core.policy import AgentPolicy
from acd.core.strategies import longest_idle
from acd.words import AgentId, AgentState, QueueId

FREE = "free"
AT_WORK = frozenset({AgentState.READY, AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP})


def rule_against(agent: Agent) -> tuple[str, str]:
    """The rule that passes this agent over, and its value; ``free`` when there is none."""
    if agent.is_free:
        return FREE, ""
    if agent.own_leg is not None:
        return "own_call", ""
    if agent.resting:
        return "resting", ""
    return agent.state.value, agent.reason


class Roster:
    """``free`` agents of each queue in the order of the strategy, and a census of all the others by rule."""

    def __init__(self, agents: Mapping[AgentId, AgentPolicy], returning: frozenset[str] = frozenset()) -> None:
        self._policies, self._returning = agents, returning
        self._online: Counter[QueueId] = Counter()
        self._staffed: Counter[QueueId] = Counter()
        self._at_work: Counter[QueueId] = Counter()
        self._free: dict[QueueId, SortedList] = {}
        self._census: dict[QueueId, Counter[str]] = {}
        self._members: dict[QueueId, list[AgentId]] = {}
        for policy in agents.values():
            for queue in self.queues_of(policy.id):
                self._members.setdefault(queue, []).append(policy.id)
                self._census.setdefault(queue, Counter())["logged_out"] += 1

    def queues_of(self, agent: AgentId) -> tuple[QueueId, ...]:
        """The queues that this agent serves, their own line included."""
        policy = self._policies.get(agent)
        return (*policy.queues, personal_queue(agent)) if policy else ()

    def change(self, old: Agent | None, new: Agent) -> tuple[QueueId, ...]:
        """Take an agent's next version; returns the queues in which the agent has become free."""
        was = rule_against(old) if old else ("logged_out", "")
        now = rule_against(new)
        self._count(old, -1)
        self._count(new, 1)
        for queue in self.queues_of(new.id):
            census = self._census[queue]
            census[was[0]] -= 1
            census[now[0]] += 1
            line = self._free.setdefault(queue, SortedList())
            if old and was[0] == FREE:
                line.remove(longest_idle(old))
            if now[0] == FREE:
                line.add(longest_idle(new))
        return self.queues_of(new.id) if now[0] == FREE else ()

    def _count(self, agent: Agent | None, n: int) -> None:
        if agent is None or not agent.is_online:
            return
        self._online.update(dict.fromkeys(self.queues_of(agent.id), n))
        if agent.state in AT_WORK:
            self._at_work.update(dict.fromkeys(self.queues_of(agent.id), n))
        if agent.is_staffed(self._returning):
            self._staffed.update(dict.fromkeys(self.queues_of(agent.id), n))

    def presence(self, agent: Agent | None) -> tuple[bool, bool]:
        """Online, staffed."""
        return (agent is not None and agent.is_online, agent is not None and agent.is_staffed(self._returning))

    def free(self, queue: QueueId) -> Iterator[AgentId]:
        return (agent for _, agent in self._free.get(queue, ()))

    def anyone_free(self, queue: QueueId) -> bool:
        return bool(self._free.get(queue))

    def members(self, queue: QueueId) -> list[AgentId]:
        return self._members.get(queue, [])

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
        return len(self._free.get(queue, ()))

    def census(self, queue: QueueId) -> dict[str, int]:
        return {rule: n for rule, n in sorted(self._census.get(queue, {}).items()) if n}

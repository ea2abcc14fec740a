"""What agents did with their time: seconds by interval, state and reason, and those of each agent. PURE."""

from collections import defaultdict
from collections.abc import Mapping
from math import inf

from acd.core.staff.agent import Agent
from acd.measures.times import Times
from acd.words import AgentId

Key = tuple[str, str]
"""(state, reason)"""


class Spent:
    """Between ``start`` and ``end``; an interval is named by its number from ``start``."""

    def __init__(self, start: float, end: float, interval_s: float = inf) -> None:
        self.start, self.end, self.interval_s = start, end, interval_s
        self.by: defaultdict[tuple[int, str, str], float] = defaultdict(float)
        self._of: defaultdict[AgentId, defaultdict[Key, float]] = defaultdict(lambda: defaultdict(float))
        self._now: dict[AgentId, tuple[Key, float]] = {}

    def saw(self, agent: Agent, at: float) -> None:
        key = (agent.doing, agent.reason)
        before = self._now.get(agent.id)
        if before is not None and before[0] == key:
            return
        if before is not None:
            self._add(agent.id, before[0], before[1], at)
        self._now[agent.id] = (key, at)

    def close(self, at: float) -> None:
        """The time is over: what the agents do now has lasted until now."""
        for id, (key, since) in self._now.items():
            self._add(id, key, since, at)
            self._now[id] = (key, at)

    def times_of(self) -> Mapping[AgentId, Times]:
        return {id: Times(by=dict(by)) for id, by in self._of.items()}

    def _add(self, id: AgentId, key: Key, since: float, until: float) -> None:
        since, until = max(since, self.start), min(until, self.end)
        while since < until:
            n = int((since - self.start) // self.interval_s) if self.interval_s < inf else 0
            stop = min(until, self.start + (n + 1) * self.interval_s)
            self.by[n, *key] += stop - since
            self._of[id][key] += stop - since
            since = stop

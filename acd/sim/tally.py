"""What came of a simulated stretch of time: the same rows as the records keep, and what the agents did with their time."""

from collections import defaultdict
from math import inf

from acd.core.decision import Decision
from acd.core.lines.entry import Entry
from acd.core.staff.agent import Agent
from acd.records.rows import Row, visit_row
from acd.sim.world import World
from acd.words import AgentId


class Tally:
    """``visits`` are rows of ``queue_visits`` of those who joined from ``start`` to ``end``; ``times`` are seconds of the agents
    between the two, by (interval, state, reason), an interval named by its number from ``start``.
    """

    def __init__(self, world: World, start: float = 0.0, end: float = inf, interval_s: float = inf) -> None:
        self.start, self.end, self.interval_s = start, end, interval_s
        self.visits: list[Row] = []
        self.times: defaultdict[tuple[int, str, str], float] = defaultdict(float)
        self._world = world
        self._agents: dict[AgentId, Agent] = {}
        self._since: dict[AgentId, float] = {}
        world.watchers.append(self._saw)

    def _saw(self, decision: Decision) -> None:
        for record in decision.changes:
            kind = type(record)
            if kind is Entry and not record.is_live:  # type: ignore[union-attr]
                self._left(record)  # type: ignore[arg-type]
            elif kind is Agent:
                self._changed(record)  # type: ignore[arg-type]

    def _left(self, entry: Entry) -> None:
        if self.start <= entry.joined_at < self.end:
            self.visits.append(visit_row(entry, self._world.state.queue(entry.queue).service_level_s))

    def _changed(self, agent: Agent) -> None:
        old = self._agents.get(agent.id)
        if old is not None and old.state is agent.state and old.reason == agent.reason:
            return
        at = self._world.at
        if old is not None:
            self._spent(old, self._since[agent.id], at)
        self._agents[agent.id], self._since[agent.id] = agent, at

    def close(self) -> None:
        """The time is over: what the agents do now has lasted until now."""
        for id, agent in self._agents.items():
            self._spent(agent, self._since[id], self._world.at)
            self._since[id] = self._world.at

    def _spent(self, agent: Agent, since: float, until: float) -> None:
        since, until = max(since, self.start), min(until, self.end)
        while since < until:
            n = int((since - self.start) // self.interval_s) if self.interval_s < inf else 0
            stop = min(until, self.start + (n + 1) * self.interval_s)
            self.times[n, agent.state, agent.reason] += stop - since
            since = stop

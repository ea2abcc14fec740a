"""What came of a simulated stretch of time: the same rows as the records keep, and what the agents did with their time."""

from collections.abc import Container, Mapping
from math import inf

from acd.core.decision import Decision
from acd.core.lines.entry import Entry
from acd.core.outside.callback import Callback
from acd.core.staff.agent import Agent
from acd.records.rows import Row, visit_row
from acd.sim.spent import Spent
from acd.sim.world import World
from acd.words import CallId, EntryKind


class Tally:
    """``visits`` are rows of ``queue_visits`` of those who joined from ``start`` to ``end``; ``spent`` is the agents' time then.
    ``callbacks``: those that were asked for then, by id, as they stand; ``reached``: when an agent talked to their customer at last.
    ``uncounted`` are no customers.
    """

    def __init__(
        self,
        world: World,
        start: float = 0.0,
        end: float = inf,
        interval_s: float = inf,
        *,
        uncounted: Container[CallId] = (),
    ) -> None:
        self.start, self.end, self.interval_s = start, end, interval_s
        self.visits: list[Row] = []
        self.callbacks: dict[str, Callback] = {}
        self.reached: dict[str, float] = {}
        self.spent = Spent(start, end, interval_s)
        self.call_back = [str(id) for id, queue in world.state.policy.queues.items() if queue.callback is not None]
        self._world, self._uncounted = world, uncounted
        for agent in world.state.agents.values():
            self.spent.saw(agent, world.at)
        world.watchers.append(self._saw)

    @property
    def times(self) -> Mapping[tuple[int, str, str], float]:
        """Seconds of the agents by (interval, state, reason)."""
        return self.spent.by

    def _saw(self, decision: Decision) -> None:
        for record in decision.changes:
            kind = type(record)
            if kind is Entry:
                self._entry(record)  # type: ignore[arg-type]
            elif kind is Agent:
                self.spent.saw(record, self._world.at)  # type: ignore[arg-type]
            elif kind is Callback and self.start <= record.asked_at < self.end:  # type: ignore[union-attr]
                self.callbacks[str(record.id)] = record  # type: ignore[assignment]

    def _entry(self, entry: Entry) -> None:
        if entry.kind is EntryKind.CALLBACK and entry.connected_at is not None:
            self.reached[str(entry.call)] = entry.connected_at
        elif not entry.is_live:
            self._left(entry)

    def _left(self, entry: Entry) -> None:
        counts = entry.kind is EntryKind.CALL and entry.call not in self._uncounted
        if counts and self.start <= entry.joined_at < self.end:
            self.visits.append(visit_row(entry, self._world.state.queue(entry.queue).service_level_s))

    def close(self) -> None:
        """The time is over: what the agents do now has lasted until now."""
        self.spent.close(self._world.at)

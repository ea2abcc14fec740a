"""Where a match may have become possible since the last settle: nothing else is looked at."""

from dataclasses import dataclass, field
from typing import NamedTuple

from acd.core.matching.need import Need
from acd.core.matching.pool import Profile
from acd.words import AgentId, QueueId

WAITS, RINGS = 0, 1
"""Nobody is rung for the caller; some are, and more may be."""


class Group(NamedTuple):
    """Callers of one queue who are alike to every agent."""

    queue: QueueId
    rank: int
    need: Need


@dataclass(slots=True)
class Touched:
    groups: set[Group] = field(default_factory=set)  # somebody new stands first
    freed: set[tuple[QueueId, Profile]] = field(default_factory=set)  # an agent like this became free
    queues: set[QueueId] = field(default_factory=set)  # what agents may take has changed
    agents: set[AgentId] = field(default_factory=set)  # became free, came to work or went: callers may be held for them

    def clear(self) -> None:
        for each in (self.groups, self.freed, self.queues, self.agents):
            each.clear()

    def __bool__(self) -> bool:
        return bool(self.groups or self.freed or self.queues or self.agents)

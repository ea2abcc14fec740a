"""Who may listen in on whom, and how far they may go, as plain frozen data."""

from dataclasses import dataclass
from enum import StrEnum

from acd.words import AgentId, Follows, PhoneId, QueueId, Supervise, SupervisorId


class AgentDrops(StrEnum):
    """What becomes of a talk that a supervisor has joined when its agent leaves (ACD.md 61)."""

    TAKE_OVER = "take_over"
    GIVE_BACK = "give_back"  # to its flow, as if the supervisor were not there


@dataclass(frozen=True, slots=True, kw_only=True)
class SupervisorPolicy:
    id: SupervisorId
    name: str
    phone: PhoneId
    queues: frozenset[QueueId] = frozenset()  # whose talks
    agents: frozenset[AgentId] = frozenset()
    rights: frozenset[Supervise] = frozenset({Supervise.LISTEN})
    follows: Follows = Follows.CONTACT
    agent_drops: AgentDrops = AgentDrops.TAKE_OVER
    tell_agent: bool = False  # by a tone
    ring_s: float = 20.0

    def may_see(self, agent: AgentId, queue: QueueId) -> bool:
        return agent in self.agents or queue in self.queues

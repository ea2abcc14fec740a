"""What ``supervisors`` of ``acd.yaml`` may say: who may listen in on whom, and how far they may go."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal

from acd.config.document import Document, Problem
from acd.config.kinds import Name, Prose, Truth, duration
from acd.config.sentences import perhaps
from acd.config.shape import Shape
from acd.core.talking.supervisor_policy import AgentDrops, SupervisorPolicy
from acd.words import AgentId, Follows, PhoneId, QueueId, Supervise, SupervisorId


class SupervisorShape(Shape):
    name: Prose
    phone: Name
    queues: list[Name] = []
    agents: list[Name] = []
    rights: list[Literal["listen", "whisper", "barge", "take_over"]] = ["listen"]
    follow: Literal["contact", "agent"] = "contact"
    agent_drops: Literal["take_over", "give_back"] = "take_over"
    tell_agent: Truth = False
    ring: Annotated[float, duration(3, 120)] = 20.0

    def policy(self, id: str) -> SupervisorPolicy:
        return SupervisorPolicy(
            id=SupervisorId(id),
            name=self.name,
            phone=PhoneId(self.phone),
            queues=frozenset(map(QueueId, self.queues)),
            agents=frozenset(map(AgentId, self.agents)),
            rights=frozenset(Supervise(right) for right in self.rights),
            follows=Follows(self.follow),
            agent_drops=AgentDrops(self.agent_drops),
            tell_agent=self.tell_agent,
            ring_s=self.ring,
        )


def problems_of(
    supervisors: Mapping[str, SupervisorShape], queues: Mapping[str, object], agents: Mapping[str, object], document: Document
) -> Iterator[Problem]:
    phones: dict[str, str] = {}
    for id, one in supervisors.items():
        at = ("supervisors", id)
        for n, queue in enumerate(one.queues):
            if queue not in queues:
                yield document.problem((*at, "queues", n), f"there is no queue {queue!r}{perhaps(queue, list(queues))}")
        for n, agent in enumerate(one.agents):
            if agent not in agents:
                yield document.problem((*at, "agents", n), f"there is no agent {agent!r}{perhaps(agent, list(agents))}")
        if not one.queues and not one.agents:
            yield document.problem(at, "'queues' or 'agents' is needed: whose talks they may be at")
        if one.phone in phones:
            yield document.problem((*at, "phone"), f"phone {one.phone!r} belongs to supervisor {phones[one.phone]!r} already")
        phones[one.phone] = id

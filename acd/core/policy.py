"""How the house wants things done: queues, agents, numbers and limits, as plain frozen data.

Made from the configuration files by ``acd.config``; swapped whole, never edited. Durations are seconds.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Protocol

from acd.core.outbound_policy import OutboundPolicy
from acd.words import AgentId, FlowId, PhoneId, QueueId

ALWAYS, ONLINE, STAFFED, AVAILABLE = "always", "online", "staffed", "available"
"""What must be there for a caller to join: nothing; somebody logged in; somebody not away; somebody who could take one now."""
SERVE, LEAVE = "serve", "leave"
OPEN, CLOSED = "open", "closed"


class Hours(Protocol):
    """Opening hours, of which the core knows only this. Whole minutes."""

    def state(self, at: float) -> str:
        """``open``, or why not."""
        ...


@dataclass(frozen=True, slots=True, kw_only=True)
class QueuePolicy:
    id: QueueId
    ring_s: float = 15.0  # how long an agent's phone rings
    wrap_up_s: float = 10.0
    wrap_up_min_talk_s: float = 0.0  # a shorter talk earns no wrap-up (ACD.md 41)
    max_wait_s: float | None = None
    max_waiting: int | None = None
    priority: int = 0  # higher is served first
    music: str = "default"
    short_abandon_s: float = 5.0
    service_level_s: float = 20.0  # T of the service level
    hours: str = ""  # the calendar by which it is open; '' is always
    at_close: str = SERVE  # those in line at closing time: SERVE them, or they LEAVE by ``closed``
    join_when: str = STAFFED  # ALWAYS, ONLINE, STAFFED or AVAILABLE: else out by ``no_agents`` (ACD.md 46)
    grace_s: float = 10.0  # all have gone: so long those in line wait for somebody to come back (ACD.md 47)
    is_draining: bool = False  # out of the configuration, with callers in it: they are served, nobody joins
    retry_s: float = 30.0  # an agent who declined is not offered the same entry again within this, unless nobody else is staffed


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentPolicy:
    id: AgentId
    name: str
    phone: PhoneId
    queues: tuple[QueueId, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Policy:
    version: str = ""
    queues: Mapping[QueueId, QueuePolicy] = field(default_factory=dict)
    agents: Mapping[AgentId, AgentPolicy] = field(default_factory=dict)
    numbers: Mapping[str, FlowId] = field(default_factory=dict)  # dialled from outside -> flow; "*" is any other number
    phone_numbers: Mapping[str, FlowId] = field(default_factory=dict)  # dialled from an agent's phone (feature codes)
    reasons: frozenset[str] = frozenset()  # not-ready reasons an agent may give
    returning: frozenset[str] = frozenset()  # of those, a short break: who gives one still counts as staffed
    calendars: Mapping[str, Hours] = field(default_factory=dict)
    max_missed: int = 1  # so many unanswered offers in a row make an agent not ready
    busy_rest_s: float = 10.0  # after busy or a network error the agent is left in peace
    failsafe_s: float = 600.0  # a caller whom nobody renews for this long is taken to the fail-safe
    answer_grace_s: float = 5.0  # picked up, but not bridged within this: the bridge has failed
    agent_of_phone: Mapping[PhoneId, AgentId] = field(default_factory=dict)
    outbound: OutboundPolicy = field(default_factory=OutboundPolicy)


def draining(old: Policy, new: Policy, held: Iterable[QueueId]) -> Policy:
    """``new``, in which the queues that callers stand in (``held``) but that it does not know are served to their end (F36).

    By whom they were served before and is still there; a queue of which nobody is left is not in the answer.
    """
    gone = {queue: old.queues[queue] for queue in held if queue in old.queues and queue not in new.queues}
    agents = {id: replace(agent, queues=agent.queues + _of(old, id, gone)) for id, agent in new.agents.items()}
    served = {queue for agent in agents.values() for queue in agent.queues}
    queues = {queue: replace(rules, is_draining=True) for queue, rules in gone.items() if queue in served}
    return replace(new, queues={**new.queues, **queues}, agents=agents) if queues else new


def _of(old: Policy, agent: AgentId, gone: Mapping[QueueId, QueuePolicy]) -> tuple[QueueId, ...]:
    known = old.agents.get(agent)
    return tuple(queue for queue in known.queues if queue in gone) if known else ()


def ways_out(queue: QueuePolicy) -> frozenset[str]:
    """The exits by which a queue's own rules may send callers away, beside those that every queue has."""
    return frozenset({"closed"} if queue.hours else ())

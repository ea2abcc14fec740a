"""Houses that differ in who serves what, and callers who ask for something."""

from dataclasses import replace
from typing import Any

from acd.core.interpreter import EnterQueue
from acd.core.matching.routing_policy import Sticky
from acd.core.policy import FAILURE_RULES, FailureRule, Policy
from acd.words import AgentId, AgentState, EntryState, OfferOutcome, QueueId
from tests.core.world import Flows, World, policy

A, E = AgentState, EntryState
SALES, SUPPORT = QueueId("sales"), QueueId("support")
PATIENT = {**FAILURE_RULES, OfferOutcome.NO_ANSWER: FailureRule(not_ready_after=9)}
ENGLISH = {"a0": {"skills": {"english": 3}}, "a1": {"skills": {"english": 8}}, "a2": {"skills": {"german": 9}}}
STICKY = Sticky(for_s=3600.0, wait_s=20.0)
People = dict[str, dict[str, Any]]


def house(agents: int = 3, queues: tuple[str, ...] = ("sales",), people: People | None = None, **rules: Any) -> Policy:
    """``people``: what differs from the plain agent, by id; ``member`` is the membership of every queue."""
    base = policy(agents=agents, queues=queues, **{f"queue_{name}": value for name, value in rules.items()})
    who = dict(base.agents)
    for id, change in (people or {}).items():
        change = dict(change)
        member = change.pop("member", None)
        memberships = {queue: member for queue in who[AgentId(id)].queues} if member else {}
        who[AgentId(id)] = replace(who[AgentId(id)], **{"memberships": memberships, **change})
    return replace(base, agents=who, on_failed_offer=PATIENT)


def asking(world_policy: Policy, **asks: EnterQueue) -> World:
    """Numbers ask.NAME."""
    numbers = {**world_policy.numbers, **{name: f"ask.{name}" for name in asks}}
    return World(replace(world_policy, numbers=numbers), Flows(asks=dict(asks)))

"""Who serves which queue in ``acd.yaml``: what is wrong with it, and what the core makes of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from acd.config.document import Document, Problem
from acd.config.routing_shapes import MembershipShape
from acd.config.sentences import unknown
from acd.config.shapes import AcdShape, AgentShape, QueueShape
from acd.core.matching.routing_policy import Membership
from acd.core.matching.skills import unmet
from acd.core.policy import Policy
from acd.words import QueueId, Strategy

ONLY_FOR = {"ring_more": (Strategy.RING_PROGRESSIVELY,), "ring_at_most": (Strategy.RING_ALL, Strategy.RING_PROGRESSIVELY)}
"""Keys that mean something to these strategies alone."""


def membership_problems(id: str, agent: AgentShape, shape: AcdShape, document: Document) -> Iterator[Problem]:
    written = document.at(("agents", id, "queues"))
    listed = written if isinstance(written, list) else None
    for n, queue in enumerate(listed if listed is not None else agent.queues):
        path = ("agents", id, "queues", n if listed is not None else queue)
        if queue not in shape.queues:
            yield document.problem(path, unknown("queue", queue, sorted(shape.queues)))
        elif listed is not None and queue in listed[:n]:
            yield document.problem(path, f"the queue {queue!r} is here twice")


def routing_problems(shape: AcdShape, document: Document) -> Iterator[Problem]:
    for id, queue in shape.queues.items():
        if queue is None:
            continue
        for key, strategies in ONLY_FOR.items():
            if key in queue.model_fields_set and queue.strategy not in strategies:
                allowed = " or ".join(each.value for each in strategies)
                yield document.problem(("queues", id, key), f"it belongs to the strategy {allowed}, and this is {queue.strategy.value}")
        yield from _tiers(id, queue, shape, document)
        yield from _relax(id, queue, document)


def _tiers(id: str, queue: QueueShape, shape: AcdShape, document: Document) -> Iterator[Problem]:
    there = {(member or MembershipShape()).tier for agent in shape.agents.values() for q, member in agent.queues.items() if q == id}
    for tier in queue.tiers:
        if int(tier) == 1:
            yield document.problem(("queues", id, "tiers", tier), "tier 1 is open at once; a wait is for the tiers after it")
        elif there and int(tier) not in there:
            known = ", ".join(map(str, sorted(there)))
            yield document.problem(("queues", id, "tiers", tier), f"no agent of the queue is in tier {tier}; there is: {known}")


def _relax(id: str, queue: QueueShape, document: Document) -> Iterator[Problem]:
    before = 0.0
    for n, step in enumerate(queue.relax):
        path = ("queues", id, "relax", n)
        if step.after <= before:
            yield document.problem((*path, "after"), "each step comes after the one before it; put them in the order of time")
        if not step.requires and not step.drop:
            yield document.problem(path, "it relaxes nothing; give 'requires' (lower levels) or 'drop' (skills)")
        before = step.after


def met_problems(policy: Policy, document: Document) -> Iterator[Problem]:
    """What a queue asks for and none of its agents will ever have."""
    for id, queue in policy.queues.items():
        if queue.requires and (what := unmet(policy, queue, {})):
            yield document.problem(("queues", id, "requires"), what)


def memberships(agent: AgentShape, position: int) -> dict[QueueId, Membership]:
    """``position``: where the agent stands in the file."""
    return {QueueId(queue): (one or MembershipShape()).membership(position) for queue, one in agent.queues.items()}


def routing_of(queue: QueueShape) -> Mapping[str, Any]:
    """The fields of a QueuePolicy that say who takes whom."""
    return {
        "strategy": queue.strategy,
        "ring_more_s": queue.ring_more,
        "ring_at_most": queue.ring_at_most,
        "tiers": {int(tier): wait for tier, wait in queue.tiers.items()},
        "requires": dict(queue.requires),
        "relax": tuple(step.relax() for step in queue.relax),
        "ageing_s": queue.ageing,
        "weight": queue.weight,
        "sticky": queue.sticky.sticky() if queue.sticky else None,
    }

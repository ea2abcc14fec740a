"""The queue that a campaign brings with it: where it asks for skills, and names no queue, it has one of its own name.

Everybody in the house who has the skills serves it, so that the one match gives them who answers, and records, metrics and
``acd why`` have a queue to name. What else a queue may say, the ones in ``queues`` say.
"""

from collections.abc import Iterator, Mapping
from dataclasses import replace

from acd.config.agent_shapes import by_digits
from acd.config.campaign_shapes import CampaignShape
from acd.config.document import Document, Problem
from acd.config.shapes import AcdShape
from acd.core.matching.skills import lacking, levels, unmet
from acd.core.policy import AgentPolicy, Policy, QueuePolicy
from acd.words import AgentId, QueueId


def queue_of(id: str, campaign: CampaignShape) -> QueueId | None:
    """Whose agents talk to those who answer; None: nobody's."""
    if campaign.requires:
        return QueueId(id)
    return QueueId(campaign.queue) if campaign.queue else None


def brought(shape: AcdShape) -> dict[QueueId, QueuePolicy]:
    """An agent may say of a talk what the campaign knows what to make of."""
    return {
        QueueId(id): QueuePolicy(
            id=QueueId(id),
            requires=dict(campaign.requires),
            dispositions=by_digits(list(campaign.dispositions)),
            replaces=tuple(_moved(campaign, shape)),
        )
        for id, campaign in shape.campaigns.items()
        if campaign.requires
    }


def brought_moved(shape: AcdShape) -> dict[QueueId, QueueId]:
    """What a campaign goes on in the place of may have brought a queue, too."""
    return {old: QueueId(id) for id, one in shape.campaigns.items() if one.requires for old in _moved(one, shape)}


def _moved(campaign: CampaignShape, shape: AcdShape) -> Iterator[QueueId]:
    known = {*shape.queues, *(old for queue in shape.queues.values() if queue is not None for old in queue.replaces)}
    return (QueueId(old) for old in campaign.replaces if old not in known)


def serving(agents: Mapping[AgentId, AgentPolicy], queues: Mapping[QueueId, QueuePolicy]) -> dict[AgentId, AgentPolicy]:
    """Whoever has the skills that one of ``queues`` asks for serves it."""
    return {id: _serving(agent, queues) for id, agent in agents.items()}


def _serving(agent: AgentPolicy, queues: Mapping[QueueId, QueuePolicy]) -> AgentPolicy:
    has = levels(agent.skills)
    more = tuple(id for id, rules in queues.items() if lacking(has, levels(rules.requires)) is None)
    return replace(agent, queues=(*agent.queues, *more)) if more else agent


def brought_problems(shape: AcdShape, document: Document) -> Iterator[Problem]:
    for id, campaign in shape.campaigns.items():
        if campaign.requires and campaign.queue:
            what = "the agents are given twice; leave 'queue' out, or 'requires'"
            yield document.problem(("campaigns", id, "requires"), what)
        elif campaign.requires and id in shape.queues:
            what = f"with 'requires' a campaign brings a queue of its own name, and there is a queue {id!r} already; rename one"
            yield document.problem(("campaigns", id, "requires"), what)


def unmet_problems(policy: Policy, document: Document, shape: AcdShape) -> Iterator[Problem]:
    """Skills that nobody in the house will ever have."""
    for id, rules in brought(shape).items():
        all_of_them = {each: replace(agent, queues=(id,)) for each, agent in policy.agents.items()}
        if what := unmet(replace(policy, agents=all_of_them), rules, {}):
            yield document.problem(("campaigns", id, "requires"), what.replace(f"agent of the queue {id!r}", "agent"))

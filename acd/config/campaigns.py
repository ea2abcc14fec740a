"""``campaigns`` of ``acd.yaml``: what is wrong with them beside the rest of the house, and what the dialer makes of them."""

from collections.abc import Iterator, Mapping, Set

from acd.campaign import AGENTLESS, RETRIES, AbandonStart, Blend, Campaign, Caps, Mode, Retry
from acd.config.campaign_law import law_problems, share
from acd.config.campaign_modes import mode_problems
from acd.config.campaign_queues import brought_problems, queue_of
from acd.config.campaign_shapes import CampaignShape, RetriesShape, RetryShape
from acd.config.configuration import Configuration
from acd.config.document import Document, Problem
from acd.config.kinds import spoken
from acd.config.outbound import caller_id_problem, showable
from acd.config.replaced import replaced_problems
from acd.config.sentences import unknown
from acd.config.shapes import AcdShape, QueueShape
from acd.law.profile import LawProfile, Ranges
from acd.law.profiles import PROFILES
from acd.words import FlowId

LINES = 10
"""At once, where a campaign without agents says nothing: nobody else is there to bound it."""


def campaigns_of(shapes: Mapping[str, CampaignShape]) -> dict[str, Campaign]:
    return {id: _campaign(id, shape) for id, shape in shapes.items()}


def _campaign(id: str, shape: CampaignShape) -> Campaign:
    law, abandon = PROFILES[shape.law], shape.abandon
    return Campaign(
        id=id,
        mode=shape.mode,
        queue=queue_of(id, shape),
        requires=dict(shape.requires),
        law=shape.law,
        lists=tuple(shape.lists) or ((id,) if shape.mode is Mode.MANUAL else ()),
        abandon_limit=law.abandon_limit if abandon.limit is None else share(abandon.limit),
        abandon_start=AbandonStart(abandon.start),
        answer_s=law.answer_s if abandon.answer is None else abandon.answer,
        message=_flow(abandon.message),
        redial_lock_s=law.redial_lock_s if abandon.lock is None else abandon.lock,
        caller_id=shape.caller_id or "",
        trunks=tuple(shape.trunks),
        lines=LINES if shape.lines is None and shape.mode in AGENTLESS else shape.lines,
        per_second=shape.per_second,
        ring_s=shape.ring,
        ring_least_s=law.ring_least_s if shape.ring_least is None else shape.ring_least,
        hours=shape.hours or "",
        local_hours=_week(shape),
        retries=_retries(shape.retries),
        caps=_caps(shape, law),
        priority=shape.priority,
        weight=shape.weight,
        order=shape.order,
        chance=shape.chance,
        ratio=shape.ratio,
        preview_s=shape.preview,
        may_skip=shape.may_skip,
        blend=Blend(waiting_over=shape.blend.waiting_over, available_under=shape.blend.available_under),
        dispositions=dict(shape.dispositions),
        opt_out_key=shape.opt_out or "",
        script=_flow(shape.script),
        guide=shape.guide,
        amd=shape.amd,
        voicemail=_flow(shape.voicemail),
        replaces=tuple(shape.replaces),
    )


def _flow(name: str | None) -> FlowId | None:
    return None if name is None else FlowId(name)


def _week(shape: CampaignShape) -> tuple[Ranges, ...] | None:
    if shape.local_hours is None:
        return None
    times = {day: ranges for line, ranges in shape.local_hours.items() for day in line}
    return tuple(times.get(day, ()) for day in range(7))


def _retries(shape: RetriesShape) -> dict[str, Retry]:
    own = {outcome: retry for outcome in shape.model_fields_set if (retry := getattr(shape, outcome)) is not None}
    return {**RETRIES, **{outcome: _retry(retry) for outcome, retry in own.items()}}


def _retry(shape: RetryShape) -> Retry:
    return Retry(
        after_s=tuple(shape.after),
        at_most=len(shape.after) if shape.at_most is None else shape.at_most,
        other_number=shape.other_number,
        between=shape.between,
    )


def _caps(shape: CampaignShape, law: LawProfile) -> Caps:
    caps = shape.caps
    return Caps(
        lead_per_day=caps.lead_per_day,
        lead_total=caps.lead_total,
        number_per_day=law.per_day if caps.number_per_day is None else caps.number_per_day,
        number_total=caps.number_total,
    )


def campaign_problems(shape: AcdShape, document: Document) -> Iterator[Problem]:
    may = showable(shape.outbound, shape.trunks)
    for id, campaign in shape.campaigns.items():
        yield from _names(id, campaign, shape, document)
        yield from caller_id_problem(("campaigns", id, "caller_id"), campaign.caller_id, may, document)
        yield from mode_problems(id, campaign, document)
        yield from law_problems(id, campaign, calendars=shape.calendars, trunks=shape.trunks, document=document)
    yield from brought_problems(shape, document)
    yield from replaced_problems("campaigns", "campaign", {id: one.replaces for id, one in shape.campaigns.items()}, document)


def _names(id: str, campaign: CampaignShape, shape: AcdShape, document: Document) -> Iterator[Problem]:
    """Names that lead nowhere; a house that can call nobody."""
    at = ("campaigns", id)
    if not shape.trunks:
        yield document.problem(at, "there is no trunk through which anybody could be called; give 'trunks'")
    for n, trunk in enumerate(campaign.trunks):
        if shape.trunks and trunk not in shape.trunks:
            yield document.problem((*at, "trunks", n), unknown("trunk", trunk, sorted(shape.trunks)), value=True)
    if campaign.hours is not None and campaign.hours not in shape.calendars:
        yield document.problem((*at, "hours"), unknown("calendar", campaign.hours, sorted(shape.calendars)))
    if campaign.queue is not None and campaign.queue not in shape.queues:
        yield document.problem((*at, "queue"), unknown("queue", campaign.queue, sorted(shape.queues)))
    elif campaign.queue is not None:
        yield from _dispositions(id, campaign, shape.queues[campaign.queue], document)


def _dispositions(id: str, campaign: CampaignShape, queue: QueueShape | None, document: Document) -> Iterator[Problem]:
    """What an agent of the queue can say came of a talk."""
    known = sorted(queue.dispositions) if queue is not None else []
    for name in campaign.dispositions:
        if name not in known:
            what = f"the queue {campaign.queue} has no disposition {name!r}; it has: {', '.join(known) or 'none'}"
            yield document.problem(("campaigns", id, "dispositions", name), what)


def unserved(configuration: Configuration) -> Iterator[Problem]:
    """Campaigns that may run, and have nobody to talk to those who answer. No reason to refuse them: the agents may be hired later."""
    served = {queue for agent in configuration.policy.agents.values() for queue in agent.queues}
    for id, campaign in configuration.campaigns.items():
        if campaign.queue is not None and campaign.queue not in served:
            key, who = ("requires", "has those skills") if campaign.requires else ("queue", f"serves the queue {campaign.queue}")
            what = f"no agent {who}: nobody would talk to those who answer"
            yield configuration.document.problem(("campaigns", id, key), what, value=True)


def before_callers(configuration: Configuration) -> Iterator[Problem]:
    """Campaigns whose people go before callers who have waited long, for priorities are one scale. It may be meant."""
    policy = configuration.policy
    for id, campaign in configuration.campaigns.items():
        serve = [agent for agent in policy.agents.values() if campaign.queue in agent.queues]
        theirs = {queue for agent in serve for queue in agent.queues}
        for queue in sorted(theirs - {campaign.queue if campaign.requires else None}):
            above = campaign.priority - policy.queues[queue].priority
            if above > 0:
                after = spoken((above + 1) * policy.queues[queue].ageing_s - campaign.answer_s)
                what = (
                    f"who answers goes before callers of {queue} who have waited for less than {after}, "
                    f"because the priority of that queue is {policy.queues[queue].priority}"
                )
                yield configuration.document.problem(("campaigns", id, "priority"), what, value=True)


def campaign_flow_problems(configuration: Configuration, flows: set[str]) -> Iterator[Problem]:
    """Campaigns that name a flow that is not there."""
    for id, campaign in configuration.campaigns.items():
        named = ((("abandon", "message"), campaign.message), (("script",), campaign.script), (("voicemail",), campaign.voicemail))
        for path, flow in named:
            if flow is not None and flow not in flows:
                yield configuration.document.problem(("campaigns", id, *path), unknown("flow", flow, sorted(flows)))


def opt_out_problems(configuration: Configuration, flows: Set[str], opting_out: Set[str]) -> Iterator[Problem]:
    """A key by which nobody is called again, and a flow in which it would do nothing. ``opting_out``: those of ``flows`` that can."""
    for id, campaign in configuration.campaigns.items():
        for path, flow in ((("abandon", "message"), campaign.message), (("script",), campaign.script)):
            if campaign.opt_out_key and flow is not None and flow in flows and flow not in opting_out:
                what = f"who presses {campaign.opt_out_key} in the flow {flow} would be called again: it has no step opt_out"
                yield configuration.document.problem(("campaigns", id, *path), what, value=True)

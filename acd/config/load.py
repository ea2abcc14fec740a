"""``acd.yaml`` (or the files that it was split into) -> Configuration, or every problem with its place. Decides nothing."""

from collections.abc import Iterator
from pathlib import Path
from zlib import crc32

from acd.config.agent_shapes import desk, failure_rules, media, nailed, reason_rules
from acd.config.agents import agent_of, agent_of_phone, agent_problems
from acd.config.callbacks import callback_of, callback_problems, notified
from acd.config.campaign_queues import brought, brought_moved, serving, unmet_problems
from acd.config.campaigns import campaign_problems, campaigns_of
from acd.config.configuration import Configuration, NodePlace, SpeechChoice, Trunk
from acd.config.document import Document, Problem, Refused, validate
from acd.config.folder import read_folder
from acd.config.outbound import TrunkShape, caller_id_problem, outbound_of, outbound_problems, showable
from acd.config.outside import outside_of, outside_problems
from acd.config.queues import moved, queue_problems, recipes_of
from acd.config.routing import met_problems, routing_of, routing_problems
from acd.config.sentences import unknown
from acd.config.shapes import AcdShape, QueueShape
from acd.config.supervisor_shapes import problems_of as supervisor_problems
from acd.config.talks import talk_problems, target_of
from acd.core.policy import Policy, QueuePolicy
from acd.core.talking.hold_policy import HoldPolicy
from acd.core.talking.transfer import TargetKind
from acd.words import SYSTEM_REASONS, AgentId, FlowId, NodeId, QueueId, SupervisorId

KEYS = tuple(AcdShape.model_fields)


def load(directory: Path, *, kept: Path | None = None) -> Configuration:
    """The configuration in ``directory``, or a copy of it that stands elsewhere. Raises Refused with all that is wrong."""
    document = read_folder(kept or directory, KEYS)
    shape = validate(AcdShape, document)
    problems = [*_references(shape, document), *outside_problems(shape, document)]
    if problems:
        raise Refused(problems)
    policy = _policy(shape, document)
    if problems := [*met_problems(policy, document), *unmet_problems(policy, document, shape)]:
        raise Refused(problems)
    return Configuration(
        policy=policy,
        nodes={NodeId(id): _node(id, shape, directory) for id in shape.nodes},
        trunks={id: _trunk(id, trunk) for id, trunk in shape.trunks.items()},
        speech=_speech(shape, directory),
        calendars={id: calendar.calendar() for id, calendar in shape.calendars.items()},
        flows=(directory / shape.paths.flows).resolve(),
        sounds=(directory / shape.paths.sounds).resolve(),
        music=(directory / shape.paths.music).resolve(),
        directory=(directory / shape.paths.directory).resolve() if shape.paths.directory else None,
        http_port=shape.http.port,
        database=shape.database.url,
        database_env=shape.database.url_env,
        document=document,
        zone=shape.zone,
        journal_keep_s=shape.journal.keep,
        journal_most_bytes=shape.journal.limit_mb * 1024 * 1024,
        watch=shape.apply.watch,
        lease_s=shape.lease,
        outside=outside_of(shape, directory, callbacks=notified(shape.queues)),
        campaigns=campaigns_of(shape.campaigns),
    )


def _speech(shape: AcdShape, directory: Path) -> SpeechChoice:
    """A voice that is a file (piper's) is named from the configuration's folder."""
    speech = shape.speech
    voices = {language: _voice(voice, directory) for language, voice in speech.voices.items()}
    return SpeechChoice(engine=speech.engine, voice=_voice(speech.voice, directory), language=speech.language, voices=voices)


def _voice(voice: str, directory: Path) -> str:
    return str((directory / voice).resolve()) if voice.endswith(".onnx") else voice


def flow_problems(configuration: Configuration, flows: set[str]) -> Iterator[Problem]:
    """Numbers that lead to no flow."""
    policy, document = configuration.policy, configuration.document
    for key, numbers in (("numbers", policy.numbers), ("phone_numbers", policy.phone_numbers)):
        for number, flow in numbers.items():
            if flow not in flows:
                yield document.problem((key, number), unknown("flow", flow, sorted(flows)))
    for short, target in policy.talk_targets.items():
        if target.kind is TargetKind.FLOW and target.id not in flows:
            yield document.problem(("talk", "targets", short), unknown("flow", target.id, sorted(flows)))


def music_problems(configuration: Configuration, music: frozenset[str]) -> Iterator[Problem]:
    """Queues with music that is not there."""
    for id, queue in configuration.policy.queues.items():
        if queue.music not in music:
            yield configuration.document.problem(("queues", id, "music"), unknown("music", queue.music, sorted(music)))


def _references(shape: AcdShape, document: Document) -> Iterator[Problem]:
    yield from agent_problems(shape, document)
    yield from queue_problems(shape, document)
    yield from talk_problems(shape.talk, shape.agents, shape.queues, document)
    yield from routing_problems(shape, document)
    yield from supervisor_problems(shape.supervisors, shape.queues, shape.agents, document)
    yield from outbound_problems(shape.outbound, shape.trunks, sorted(shape.calendars), document)
    yield from campaign_problems(shape, document)
    may = showable(shape.outbound, shape.trunks)
    for id, queue in shape.queues.items():
        if queue is not None and queue.callback is not None:
            there = {"calendars": sorted(shape.calendars), "trunks": sorted(shape.trunks), "may_show": may}
            told = {mailbox: one is not None and one.notify is not None for mailbox, one in shape.mailboxes.items()}
            yield from callback_problems(id, queue.callback, document=document, told=told, **there)
    for id, agent in shape.agents.items():
        yield from caller_id_problem(("agents", id, "caller_id"), agent.caller_id, may, document)
    for i, reason in enumerate(shape.reasons):
        if reason in SYSTEM_REASONS:
            place = i if isinstance(document.at(("reasons",)), list) else reason
            yield document.problem(("reasons", place), f"the reason {reason!r} is set by the house; choose another word")
    for id, node in shape.nodes.items():
        if node.password_env and node.password_file:
            yield document.problem(("nodes", id, "password_file"), "the password is given twice; leave one of them out")
    if shape.database.url and shape.database.url_env:
        yield document.problem(("database", "url_env"), "the database is given twice; leave one of them out")
    domains = {node.domain for node in shape.nodes.values()}
    if len(domains) > 1:
        yield document.problem(("nodes",), f"all nodes share one domain; found {', '.join(sorted(domains))}")


def _policy(shape: AcdShape, document: Document) -> Policy:
    language, own = shape.speech.language, brought(shape)
    agents = {AgentId(id): agent_of(id, agent, language, n) for n, (id, agent) in enumerate(shape.agents.items(), start=1)}
    return Policy(
        version=version_of(repr(document.data)),
        queues={QueueId(id): _queue(id, queue or QueueShape(), shape) for id, queue in shape.queues.items()} | own,
        agents=serving(agents, own),
        moved=moved(shape) | brought_moved(shape),
        numbers={number: FlowId(flow) for number, flow in shape.numbers.items()},
        phone_numbers={number: FlowId(flow) for number, flow in shape.phone_numbers.items()},
        reasons=frozenset(shape.reasons),
        returning=frozenset(name for name, one in shape.reasons.items() if one is not None and one.returning),
        calendars={id: calendar.calendar() for id, calendar in shape.calendars.items()},
        reason_rules=reason_rules(shape.reasons),
        on_failed_offer=failure_rules(shape.on_failed_offer, max_missed=shape.limits.max_missed, busy_rest_s=shape.limits.busy_rest),
        leaving_while_rung=shape.leaving_while_rung,
        nailed=nailed(shape.nailed_up, language),
        desk=desk(shape.desk),
        failsafe_s=shape.limits.failsafe,
        max_hops=shape.limits.max_hops,
        answer_grace_s=shape.limits.answer_grace,
        fair_window_s=shape.routing.fair_window,
        breaks_reset_idle=shape.routing.breaks_reset_idle,
        agent_of_phone=agent_of_phone(shape),
        supervisors={SupervisorId(id): one.policy(id) for id, one in shape.supervisors.items()},
        outbound=outbound_of(shape.outbound, shape.trunks),
        talk_keys=shape.talk.keys.codes,
        talk_targets={short: target_of(whom) for short, whom in shape.talk.targets.items()},
        hold=HoldPolicy(remind_s=shape.talk.hold.remind, limit_s=shape.talk.hold.limit),
        consult_continues=shape.talk.consult_continues,
    )


def version_of(text: str) -> str:
    """A short name for what a configuration says; the same text has the same name."""
    return f"{crc32(text.encode()):08x}"


def _queue(id: str, queue: QueueShape, shape: AcdShape) -> QueuePolicy:
    return QueuePolicy(
        id=QueueId(id),
        ring_s=queue.ring,
        wrap_up_s=queue.wrap_up,
        wrap_up_mode=queue.wrap_up_mode,
        wrap_up_min_talk_s=queue.wrap_up_min_talk,
        wrap_up_limit_s=queue.wrap_up_limit,
        wrap_up_more_s=queue.wrap_up_more.by if queue.wrap_up_more else 0.0,
        wrap_up_more_times=queue.wrap_up_more.times if queue.wrap_up_more else 1,
        dispositions=queue.dispositions,
        whisper=media(queue.whisper, shape.speech.language),
        max_wait_s=queue.max_wait,
        max_waiting=queue.max_waiting,
        priority=queue.priority,
        music=queue.music,
        short_abandon_s=queue.short_abandon,
        service_level_s=queue.service_level,
        retry_s=queue.retry,
        hours=queue.hours or "",
        at_close=queue.at_close,
        join_when=queue.join_when,
        grace_s=queue.grace,
        overflow={exit: QueueId(to) for exit, to in queue.overflow.ways.items()},
        carry_age=queue.carry_age,
        replaces=tuple(QueueId(old) for old in queue.replaces),
        keep_place_s=queue.keep_place,
        recipes=recipes_of(queue, shape),
        record=queue.record.policy(shape.speech.language),
        callback=callback_of(queue.callback),
        **routing_of(queue),
    )


def _trunk(id: str, trunk: TrunkShape) -> Trunk:
    return Trunk(id=id, address=trunk.address, prefixes=tuple(trunk.prefixes), caller_id=trunk.caller_id or "")


def _node(id: str, shape: AcdShape, directory: Path) -> NodePlace:
    node = shape.nodes[id]
    return NodePlace(
        id=NodeId(id),
        event_socket=node.event_socket,
        phones=node.phones,
        callers=node.callers,
        callers_from=tuple(node.callers_from),
        domain=node.domain,
        profile=node.profile,
        password_env=node.password_env,
        password_file=directory / node.password_file if node.password_file else None,
    )

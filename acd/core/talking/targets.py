"""Whom an agent names: an agent (id or extension), a queue, a flow, or a number outside. A sentence when it cannot be.

A bare word is looked for in that order; ``agent:``, ``queue:``, ``flow:`` and ``number:`` in front of it say what it is.
"""

import re

from acd.core.draft import Draft
from acd.core.lines import personal
from acd.core.talking.transfer import Target, TargetKind
from acd.words import AgentId, AgentState, FlowId, PhoneId, QueueId

K = TargetKind
NUMBER = re.compile(r"\+?[0-9]{3,20}", re.ASCII)


class Unknown(Exception):
    """Nobody, or nothing, is called so; or an agent may not go there."""


def find(draft: Draft, asks: AgentId, named: str) -> Target:
    """Raises Unknown with a sentence for whoever asked."""
    kind, colon, rest = named.strip().partition(":")
    wanted = K(kind) if colon and kind in set(K) else None
    name = rest if wanted else named.strip()
    for target in _called(draft, name):
        if wanted is None or target.kind is wanted:
            return _allowed(draft, asks, target)
    raise Unknown(f"there is no {wanted or 'agent, queue, flow or number'} {name[:80]!r}")


def _called(draft: Draft, name: str) -> list[Target]:
    policy = draft.state.policy
    found = []
    extension = policy.agent_of_phone.get(PhoneId(name))
    if AgentId(name) in policy.agents:
        found.append(Target(kind=K.AGENT, id=name))
    elif extension is not None:
        found.append(Target(kind=K.AGENT, id=extension))
    if name in policy.talk_targets:
        found.append(policy.talk_targets[name])
    if QueueId(name) in policy.queues:
        found.append(Target(kind=K.QUEUE, id=name))
    if draft.state.flows.knows(FlowId(name)):
        found.append(Target(kind=K.FLOW, id=name))
    if NUMBER.fullmatch(name):
        found.append(Target(kind=K.NUMBER, id=name))
    return found


def _allowed(draft: Draft, asks: AgentId, target: Target) -> Target:
    if target.kind is K.NUMBER:
        agent = draft.state.policy.agents.get(asks)
        if agent is None or not agent.may_transfer_outside:
            raise Unknown(f"{asks} may not transfer to numbers outside")
    return target


def refusal(draft: Draft, asks: AgentId, target: Target) -> str:
    """Why nobody can be reached there now; '' when it is worth a try."""
    match target.kind:
        case K.AGENT:
            return _agent_refused(draft, asks, AgentId(target.id))
        case K.QUEUE:
            return _queue_refused(draft, QueueId(target.id))
    return ""


def _agent_refused(draft: Draft, asks: AgentId, id: AgentId) -> str:
    if id == asks:
        return "that is you"
    agent = draft.agent(id)
    if not agent.is_online:
        return f"{id} is not logged in"
    if draft.is_unreachable(id):
        return f"the phone of {id} is not registered"
    if not agent.is_free:
        return f"{id} is {_doing(agent.state, agent.reason)}"
    return ""


def _doing(state: AgentState, reason: str) -> str:
    return state.value.replace("_", " ") + (f" ({reason})" if reason else "")


def _queue_refused(draft: Draft, id: QueueId) -> str:
    rules = draft.state.rules(id)
    if rules is None or rules.is_draining:
        return f"queue {id} takes nobody any more"
    if rules.max_waiting is not None and len(draft.state.line(id)) >= rules.max_waiting:
        return f"queue {id} is full"
    return "" if draft.state.roster.online(id) else f"nobody is logged in for queue {id}"


def queue_of(target: Target) -> QueueId:
    """The line in which one stands for it."""
    return personal.personal_queue(AgentId(target.id)) if target.kind is K.AGENT else QueueId(target.id)


def asked_in(queue: QueueId) -> Target:
    """For whom one stands in this line."""
    id = personal.agent_of(queue)
    return Target(kind=K.AGENT, id=id) if id else Target(kind=K.QUEUE, id=queue)

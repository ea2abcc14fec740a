"""Blind transfer: the agent's talk ends, the customer goes on to an agent, a queue, a flow or a number (ACD.md 56, 57).

The customer's leg is set free first, and goes on when it is reported parked. When an agent does not take them, they go back
to who transferred, if that one is free, and else to the line from which they had come, with their age.
"""

from dataclasses import replace

from acd.core import calls
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.events import LOST, PlayEnded
from acd.core.interpreter import EnterQueue, QueueExit
from acd.core.lines import line
from acd.core.lines.entry import Entry
from acd.core.offers import offering, reaching
from acd.core.offers.offer import Offer
from acd.core.outside import dialled, outbound
from acd.core.outside.gate import Refused, Wanted
from acd.core.talking import hearing, targets
from acd.core.talking.transfer import Target, TargetKind, Transfer
from acd.words import AgentId, EndedBy, FlowId, Owner, PlayId, QueueId, TalkState

FREE_S = 1.0
"""A leg that was set free is reported parked within this; if not, the customer goes on all the same."""
RING_S = 30
"""So long a number outside rings."""
BLIND = frozenset({TalkState.TALKING, TalkState.HELD})


def blind(draft: Draft, call: Call, agent: AgentId, named: str) -> str:
    if call.talk.state not in BLIND:
        return "a colleague is being consulted: complete or cancel that first"
    try:
        target = targets.find(draft, agent, named)
    except targets.Unknown as unknown:
        return str(unknown)
    if why := targets.refusal(draft, agent, target):
        return why
    own, stood_apart = hearing.own_offer(draft, call), call.talk.state is TalkState.HELD
    transfer = replace(remembered(draft, own, target), onward_at=draft.at + FREE_S)
    offering.talk_ended(draft, own, EndedBy.TRANSFER, "")
    reaching.let_go(draft, own)
    call = hearing.ended(draft, call, Owner.FLOW, entry=None, transfer=transfer)
    call = calls.arm(draft, call)
    if stood_apart:
        onward(draft, call)
    return ""


def remembered(draft: Draft, own: Offer, target: Target) -> Transfer:
    entry = draft.entry(own.entry)
    return Transfer(
        by=own.agent,
        to=target,
        came_from=replace(line.asked(entry), agent=None, is_back=True),
        since=entry.since,
    )


def onward(draft: Draft, call: Call) -> None:
    """The customer's leg is free."""
    transfer = call.transfer
    assert transfer is not None
    call = draft.put(replace(call, transfer=replace(transfer, onward_at=None)))
    match transfer.to.kind:
        case TargetKind.AGENT:
            _enter(draft, call, _for_agent(transfer, AgentId(transfer.to.id)))
        case TargetKind.QUEUE:
            came_from = transfer.came_from
            ask = EnterQueue(queue=QueueId(transfer.to.id), exit_keys=came_from.exit_keys, exits=came_from.exits)
            if exit := calls.enter(draft, call, ask):
                came_back(draft, draft.call(call.id), exit)
            elif call.frame is not None:  # once in line the flow sees to them
                draft.put(replace(draft.call(call.id), transfer=None))
        case TargetKind.FLOW:
            calls.begin(draft, draft.put(replace(call, transfer=None)), FlowId(transfer.to.id))
        case TargetKind.NUMBER:
            _dial(draft, call, "failed")


def _dial(draft: Draft, call: Call, otherwise: str) -> None:
    """Through the first trunk that allows the number and has not failed; when there is none left the customer comes back."""
    transfer = call.transfer
    assert transfer is not None
    play = PlayId(f"{call.id}.x{call.consults + 1}")
    wanted = Wanted(
        id=play,
        number=transfer.to.id,
        reason="transfer",
        skip=transfer.tried,
        call=call.id,
        agent=transfer.by,
        queue=transfer.came_from.queue,
        caller=call.caller_number,
        caller_name=call.caller_name,
        from_phone=True,
    )
    call = draft.put(replace(call, consults=call.consults + 1, transfer=replace(transfer, play=play, dialled_at=draft.at)))
    if isinstance(outbound.connect(draft, wanted, call.leg, play, ring_s=RING_S), Refused):
        came_back(draft, call, otherwise)


def play_ended(draft: Draft, call: Call, event: PlayEnded) -> None:
    """The dial is over: they have talked, and the flow goes on; or nobody there took it."""
    transfer = call.transfer
    assert transfer is not None
    if event.play != transfer.play:
        return draft.late()
    exit = dialled.exit_of(event.cause, lost=event.result == LOST)
    if exit == "done":
        call = draft.put(replace(call, transfer=None))
        calls.resume(draft, call, QueueExit(at=draft.at, exit="served"))
    elif event.cause in dialled.TRUNK_FAILED:
        _dial(draft, draft.put(replace(call, transfer=replace(transfer, tried=transfer.tried + 1))), exit)
    else:
        came_back(draft, call, exit)


def freed(draft: Draft, call: Call) -> None:
    """The customer's leg stands parked."""
    if call.transfer is None or call.transfer.onward_at is None or call.ending:
        return draft.late()
    onward(draft, call)


def woken(draft: Draft, call: Call) -> None:
    """Nobody said that it is free: it goes on all the same."""
    if call.transfer is not None and call.transfer.onward_at is not None and call.transfer.onward_at <= draft.at:
        onward(draft, call)


def _for_agent(transfer: Transfer, agent: AgentId) -> EnterQueue:
    return EnterQueue(queue=QueueId(""), agent=agent, exit_keys=transfer.came_from.exit_keys, exits=transfer.came_from.exits)


def _enter(draft: Draft, call: Call, ask: EnterQueue) -> None:
    if exit := calls.enter(draft, call, ask):
        came_back(draft, draft.call(call.id), exit)


def came_back(draft: Draft, call: Call, exit: str) -> None:
    """Nobody there took the customer (ACD.md 57)."""
    transfer = call.transfer
    assert transfer is not None
    transfer = replace(transfer, play=None)
    if not transfer.back and _may_ring(draft, transfer.by):
        call = draft.put(replace(call, transfer=replace(transfer, back=exit, onward_at=None), waiting_since=transfer.since))
        return _enter(draft, call, _for_agent(transfer, transfer.by))
    call = draft.put(replace(call, transfer=None, waiting_since=transfer.since))
    refused = calls.enter(draft, call, transfer.came_from)
    if refused is not None:
        calls.resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=refused))


def _may_ring(draft: Draft, id: AgentId) -> bool:
    return id in draft.state.policy.agents and draft.agent(id).is_free and not draft.is_unreachable(id)


def left_line(call: Call, entry: Entry, exit: str) -> bool:
    """Whether a customer who leaves this line is one whom a transfer brings back."""
    return call.transfer is not None and exit not in entry.exit_keys

"""Calls that a campaign asks for: dialled, and given to an agent once a person answers, or to its message, or where it has no agents
to its flow (ACD.md 37, 86-90).

The campaign decides whom to dial and when; here is only the one arbiter of agents. A person who has answered stands in the line like
everybody else, at equal priority before those who called us (``Entry.place``), and an agent is never taken away from anybody: an
offer that is made stands. Their wait ends when an agent has picked up, or at the deadline, which counts from the answer: the agent's
phone that still rings then stops, nobody is blamed for one, the campaign's message is heard, and the call ends as ``dialer_abandon``.

What a campaign expects to need blocks nobody; what it may count on it reads in ``seats``.
"""

import re
from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core import calls
from acd.core.call import Call
from acd.core.commands import Arm, HangUp, Mark, StopPlay
from acd.core.draft import Draft
from acd.core.events import BridgeFailed, DialAsked, DialDropAsked, Event, LegAnswered, LegEnded, LegParked, LegRinging, LegsBridged
from acd.core.gone import LOST_CAUSES
from acd.core.lines import line, waiting
from acd.core.lines.entry import Entry
from acd.core.offers import offering
from acd.core.outside import disposing, machines, outbound, reserving
from acd.core.outside.dialled_call import KEPT_S, RINGS, DialledCall, DialledState, DialOutcome, unanswered
from acd.core.outside.gate import CAMPAIGN, Refused, Wanted
from acd.words import (
    CallId,
    EndedBy,
    EntryKind,
    EntryOutcome,
    EntryState,
    LegId,
    MachineTone,
    NodeId,
    Owner,
    leg_id,
    node_of,
    uuid_of,
)

S, O = DialledState, DialOutcome

ID = re.compile(r"[A-Za-z0-9._-]{1,64}", re.ASCII)
SETUP_S = 10.0
"""A phone may begin to ring so long after it was dialled, and still ring for as long as it should; the switch ends it then."""
AGAIN_S = 5.0
"""What the switch has not confirmed is asked for again, and what it should have ended is ended by us."""


# -- asked for ---------------------------------------------------------------------------------------------------------


def ask(draft: Draft, event: DialAsked | DialDropAsked) -> str:
    """What a campaign asks for; why not, or ''."""
    return _drop(draft, event) if isinstance(event, DialDropAsked) else _dial(draft, event)


def _dial(draft: Draft, event: DialAsked) -> str:
    if why := _not_asked_well(draft, event):
        return why
    node = _node(draft, event.node)
    if node is None:
        return "no switch is reachable" if event.node is None else f"the switch {event.node} is not reachable"
    dialled = DialledCall(
        id=event.attempt,
        queue=event.queue,
        flow=event.flow,
        prefer=event.prefer,
        reserved=event.reserved,
        number=event.number[:40],
        at=draft.at,
        campaign=event.campaign,
        priority=event.priority,
        ring_s=max(event.ring_s, event.ring_least_s),
        ring_least_s=event.ring_least_s,
        answer_s=event.answer_s,
        message=event.message,
        detect=event.detect,
        voicemail=event.voicemail,
        tags=event.tags,
        callbacks=event.callbacks,
        no_more=event.no_more,
    )
    wanted = Wanted(
        id=dialled.id, number=event.number, reason=CAMPAIGN, trunks=event.trunks, queue=event.queue, shown=event.caller_id
    )  # fmt: skip
    leg = leg_id(node, str(uuid5(NAMESPACE_OID, f"dialled {dialled.id}")))
    rings_s = dialled.ring_s + SETUP_S
    out = outbound.call(draft, wanted, leg, ring_s=round(rings_s), detect_s=machines.detect_s(dialled))
    if isinstance(out, Refused):
        _over(draft, dialled, O.REFUSED, refused=out.rule.value)
        return f"{out.rule.value}: {out.why}"
    draft.put(replace(dialled, leg=leg, wake_at=draft.at + rings_s + AGAIN_S))
    if event.reserved is not None:
        reserving.until_over(draft, event.reserved, dialled.id)
    return ""


def _not_asked_well(draft: Draft, event: DialAsked) -> str:
    if not ID.fullmatch(event.attempt):
        return "an attempt's id is 1 to 64 letters, digits, '.', '_' or '-'"
    if event.attempt in draft.state.dialled:
        return f"attempt {event.attempt} has been dialled already, and nobody is dialled twice for it"
    if why := _no_way_on(draft, event):
        return why
    if why := reserving.not_for(draft, event):
        return why
    if event.message is not None and not draft.state.flows.knows(event.message):
        return f"no flow {event.message} that could be heard when no agent is there in time"
    if event.voicemail is not None and not draft.state.flows.knows(event.voicemail):
        return f"no flow {event.voicemail} that a machine could be told"
    if not (0 < event.answer_s <= 60 and 0 < event.ring_s <= 300 and 0 <= event.ring_least_s <= 300):
        return "allowed are: answer_s up to 60, ring_s and ring_least_s up to 300"
    return ""


def _no_way_on(draft: Draft, event: DialAsked) -> str:
    """Where whoever answers is to go."""
    if (event.queue is None) is (event.flow is None):
        return "who answers is for a queue or for a flow; give one of them"
    if event.flow is not None:
        return "" if draft.state.flows.knows(event.flow) else f"no flow {event.flow} that whoever answers could hear"
    rules = draft.state.policy.queues.get(event.queue) if event.queue is not None else None
    return f"no queue {event.queue} that takes anybody" if rules is None or rules.is_draining else ""


def _node(draft: Draft, wished: NodeId | None) -> NodeId | None:
    known = sorted(each.id for each in draft.state.nodes.values() if each.reachable)
    return next((each for each in known if wished in (None, each)), None)


def _drop(draft: Draft, event: DialDropAsked) -> str:
    """A phone that rings is let ring its least; one that was answered is not dropped any more."""
    dialled = draft.state.dialled.get(event.attempt)
    if dialled is None or dialled.is_over:
        return f"no attempt {event.attempt} is under way"
    if dialled.state not in RINGS:
        return f"attempt {event.attempt} is answered"
    dialled = draft.put(replace(dialled, dropped=True, wake_at=max(draft.at, dialled.least_until)))
    if dialled.least_until <= draft.at:
        _give_up(draft, dialled)
    return ""


# -- its leg, until a person stands on it ------------------------------------------------------------------------------


def heard(draft: Draft, event: Event) -> bool:
    """Whether it happened to a leg that a campaign had dialled, and that is nobody's call yet."""
    leg = getattr(event, "leg", LegId(""))
    id = draft.state.dialled_of_leg.get(leg)
    if id is None or leg in draft.state.call_of_leg or isinstance(event, LegsBridged | BridgeFailed):
        return False
    _heard(draft, draft.dialled(id), event)
    return True


def _heard(draft: Draft, dialled: DialledCall, event: Event) -> None:
    match event:
        case LegRinging() if dialled.state is S.DIALLING:
            _rings(draft, dialled)
        case LegAnswered() if dialled.state in RINGS:
            _answered(draft, dialled)
        case LegParked():
            _parked(draft, dialled)
        case LegEnded():
            _leg_ended(draft, dialled, event)
        case _:
            draft.late()


def _rings(draft: Draft, dialled: DialledCall) -> None:
    """From now on its ringing is counted, so that however slowly it was set up it rings for as long as it should."""
    dialled = dialled.move(S.RINGING, ringing_at=draft.at)
    if not dialled.given_up:
        dialled = replace(dialled, wake_at=dialled.least_until if dialled.dropped else draft.at + dialled.ring_s)
    draft.put(dialled)


def _answered(draft: Draft, dialled: DialledCall) -> DialledCall:
    """The clock runs. A leg that never comes to stand parked is given up at its end."""
    wake_at = dialled.wake_at if dialled.given_up else draft.at + dialled.answer_s
    return draft.put(dialled.move(S.ANSWERED, answered_at=draft.at, wake_at=wake_at))


def _parked(draft: Draft, dialled: DialledCall) -> None:
    if dialled.state in RINGS:
        dialled = _answered(draft, dialled)
    if dialled.given_up:
        return _give_up(draft, dialled)  # picked up at the very moment: the switch ends it, and it counts as abandoned
    assert dialled.leg is not None and dialled.answered_at is not None
    failsafe_s = draft.state.policy.failsafe_s
    call = Call(
        id=CallId(uuid_of(dialled.leg)),
        leg=dialled.leg,
        owner=Owner.FLOW,
        arrived_at=dialled.at,
        dialled=dialled.number,
        caller_number=dialled.number,
        answered_at=dialled.answered_at,
        tags=dialled.tags,
        arm_at=draft.at + failsafe_s / 2,
        leg_at=dialled.at,
        attempt=dialled.id,
    )
    told = dialled.flow is not None
    entry = None if told else line.stand_answered(draft, call, dialled)
    draft.do(Mark(leg=call.leg, values={"call": call.id}), Arm(leg=call.leg, after_s=failsafe_s))
    draft.put(machines.listened_to(draft, dialled.move(S.TOLD if told else S.ANSWERED, call=call.id, wake_at=None)))
    if entry is not None:
        waiting.begin(draft, entry)
    elif dialled.flow is not None:
        calls.begin(draft, draft.put(call), dialled.flow)


def _leg_ended(draft: Draft, dialled: DialledCall, event: LegEnded) -> None:
    lost = event.cause in LOST_CAUSES
    if dialled.state in RINGS:
        outcome = unanswered(dialled, event.cause)
    elif dialled.given_up:
        outcome = O.DIALER_ABANDON
    else:
        outcome = O.LOST if lost else O.HUNG_UP
    _over(draft, dialled, outcome, cause=event.cause, sip_status=event.sip_status)


def _give_up(draft: Draft, dialled: DialledCall) -> None:
    assert dialled.leg is not None
    draft.do(HangUp(leg=dialled.leg, cause="NORMAL_CLEARING" if dialled.answered_at is not None else "ORIGINATOR_CANCEL"))
    draft.put(replace(dialled, given_up=True, wake_at=draft.at + AGAIN_S))


def woken(draft: Draft, dialled: DialledCall) -> None:
    if dialled.state is S.ENDED and disposing.is_awaited(draft, dialled.id):
        draft.put(replace(dialled, is_told_after=True, wake_at=draft.at + KEPT_S))
    elif dialled.state is S.ENDED:
        draft.put(dialled.move(S.FORGOTTEN, wake_at=None))
    elif dialled.leg is None or not draft.state.reachable(node_of(dialled.leg)):
        draft.put(replace(dialled, wake_at=draft.at + AGAIN_S))  # nobody can say; the snapshot will
    elif dialled.call is not None:
        machines.woken(draft, dialled)
    else:
        _give_up(draft, dialled)


# -- once a person is there --------------------------------------------------------------------------------------------


def nobody_came(draft: Draft, call: Call, entry: Entry) -> None:
    """The time is over: the message is heard, and then it ends (ACD.md 86)."""
    offering.too_late(draft, entry)
    line.leave(draft, draft.entry(entry.id), EntryOutcome.DIALER_ABANDON, EntryOutcome.DIALER_ABANDON.value)
    draft.do(StopPlay(leg=call.leg))
    call = draft.put(draft.call(call.id).move(Owner.FLOW, entry=None, waiting_since=None))
    dialled = draft.dialled(call.attempt)
    draft.put(dialled.move(S.ABANDONED, abandoned_at=draft.at))
    if dialled.message is not None and draft.state.flows.knows(dialled.message):
        calls.begin(draft, call, dialled.message)
    else:
        calls.end(draft, call, "NORMAL_CLEARING")


def follow(draft: Draft) -> None:
    """What a decision means for those who were dialled: an agent talks to one, or the call is over."""
    for record in list(draft.changes.values()):
        match record:
            case Entry(state=EntryState.CONNECTED, kind=EntryKind.DIALLED | EntryKind.CALL) if draft.call(record.call).attempt:
                _talks(draft, record)
            case Call(owner=Owner.NOBODY) if record.attempt:
                _call_over(draft, record)


def _talks(draft: Draft, entry: Entry) -> None:
    dialled = draft.dialled(draft.call(entry.call).attempt)
    if dialled.state in (S.ANSWERED, S.TOLD):
        draft.put(dialled.move(S.TALKING, bridged_at=entry.connected_at, agent=entry.agent))


def _call_over(draft: Draft, call: Call) -> None:
    dialled = draft.dialled(call.attempt)
    if dialled.is_over:
        return
    _over(draft, dialled, _outcome(dialled, call), cause=call.cause)


def _outcome(dialled: DialledCall, call: Call) -> DialOutcome:
    """Of one that was answered. Whoever ended up in the switch's own announcement was not told what they were called for."""
    if dialled.state is S.MACHINE:
        return O.FAX if dialled.tone is MachineTone.FAX else O.MACHINE
    if dialled.state not in (S.ANSWERED, S.TOLD):
        return O.TALKED if dialled.state is S.TALKING else O.DIALER_ABANDON
    if call.cause in LOST_CAUSES:
        return O.LOST
    if call.ended_by is EndedBy.CUSTOMER:
        return O.HUNG_UP
    return O.DONE if dialled.state is S.TOLD and call.ending != "FAILSAFE" else O.FAILED


def _over(draft: Draft, dialled: DialledCall, outcome: DialOutcome, **more: object) -> None:
    draft.put(dialled.move(S.ENDED, outcome=outcome, ended_at=draft.at, wake_at=draft.at + KEPT_S, **more))

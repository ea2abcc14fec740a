"""Machines told from people: beside the bridge and never before it (ACD.md 89).

Whoever answers is a person until a tone says otherwise: an agent is offered, rung and joined as ever, and nobody waits for a
verdict. A machine is then taken back: its agent is free at once, owes nothing and has no wrap-up; where the campaign says so it is
told a flow after its beep. What somebody has done with the call meanwhile (held it, asked a colleague, said what came of it) says
more than a tone: then it is a person. And who was abandoned stays abandoned: no tone takes back what the law counts.
"""

from dataclasses import replace

from acd.core import calls
from acd.core.call import Call
from acd.core.commands import DetectNoMore, StopPlay
from acd.core.draft import Draft
from acd.core.lines import line
from acd.core.matching import fairness
from acd.core.offers import offering, reaching
from acd.core.outside.dialled_call import DialledCall, DialledState
from acd.core.staff import agents
from acd.core.talking.talk import Talk
from acd.words import EndedBy, EntryOutcome, EntryState, MachineTone, OfferOutcome, Owner, TalkState

S, O = DialledState, OfferOutcome

LISTENS_S = 60.0
"""So long after the answer a greeting may last; a tone that comes later is none of a machine's."""
BEFORE_MESSAGE_S = 1.0
"""The beep may be told when it has only begun; and the leg must be parted from its agent's."""
AGAIN_S = 0.25
"""While somebody is being joined to it, nobody is taken back."""
MACHINE = "machine"


def detect_s(dialled: DialledCall) -> int | None:
    return round(LISTENS_S) if dialled.detect else None


def listened_to(draft: Draft, dialled: DialledCall) -> DialledCall:
    """It is answered, and so it is listened to; for how long is decided here."""
    return replace(dialled, wake_at=draft.at + LISTENS_S) if dialled.detect else dialled


def heard(draft: Draft, call: Call, tone: MachineTone) -> None:
    if not call.attempt or not _is_news(draft, call, draft.dialled(call.attempt), tone):
        return draft.late()
    dialled = draft.put(replace(draft.dialled(call.attempt), tone=tone, machine_at=draft.at))
    if tone is MachineTone.FAX:
        draft.do(DetectNoMore(leg=call.leg))
    _act(draft, dialled)


def _is_news(draft: Draft, call: Call, dialled: DialledCall, tone: MachineTone) -> bool:
    """Whether it says something that is not known, and of whoever may be a machine."""
    if not dialled.detect or dialled.is_over or call.ending or tone is dialled.tone or dialled.tone is MachineTone.FAX:
        return False
    if draft.at - (dialled.answered_at or draft.at) > LISTENS_S or dialled.disposition:
        return False
    if dialled.state is S.TALKING:
        return call.owner is Owner.AGENT and call.talk.state is TalkState.TALKING and call.outsider is None
    return (call.owner is Owner.FLOW and not call.is_onward) if dialled.state is S.TOLD else True


def woken(draft: Draft, dialled: DialledCall) -> None:
    """The greeting would be over by now; or it is time for what waited."""
    assert dialled.call is not None
    call = draft.call(dialled.call)
    waits = is_before_message(draft, call)
    dialled = draft.put(replace(dialled, wake_at=None))
    if dialled.tone is None:
        draft.do(DetectNoMore(leg=call.leg))
    elif dialled.state is not S.MACHINE:
        _act(draft, dialled)
    elif waits and dialled.voicemail is not None:
        calls.begin(draft, call, dialled.voicemail)


def is_before_message(draft: Draft, call: Call) -> bool:
    """A machine that is told nothing yet."""
    dialled = draft.dialled(call.attempt) if call.attempt else None
    return dialled is not None and dialled.state is S.MACHINE and dialled.wake_at is not None and not call.ending


def _act(draft: Draft, dialled: DialledCall) -> None:
    assert dialled.call is not None
    call = draft.call(dialled.call)
    entry = draft.entry(call.entry) if call.entry else None
    match dialled.state:
        case S.ANSWERED if entry is not None and entry.state is EntryState.CONNECTING:
            draft.put(replace(dialled, wake_at=draft.at + AGAIN_S))
        case S.ANSWERED:
            _out_of_line(draft, call)
            _is_machine(draft, dialled)
        case S.TALKING if call.owner is Owner.AGENT:
            _from_agent(draft, call)
            _is_machine(draft, dialled)
        case S.TOLD | S.MACHINE:
            draft.do(StopPlay(leg=call.leg))
            draft.put(replace(call, frame=replace(call.frame, play=None, deadline=None) if call.frame else None))
            _is_machine(draft, dialled)


def _is_machine(draft: Draft, dialled: DialledCall) -> None:
    dialled = draft.put(dialled.move(S.MACHINE))
    assert dialled.call is not None
    call = draft.call(dialled.call)
    if dialled.tone is MachineTone.BEEP and dialled.voicemail is not None and draft.state.flows.knows(dialled.voicemail):
        draft.put(replace(dialled, wake_at=draft.at + BEFORE_MESSAGE_S))
    else:
        calls.end(draft, call, "NORMAL_CLEARING")


def _out_of_line(draft: Draft, call: Call) -> None:
    """Nobody was joined to it: the phones that ring stop."""
    if call.entry is None:
        return
    offering.caller_gone(draft, draft.entry(call.entry), O.NOT_REACHED)
    line.leave(draft, draft.entry(call.entry), EntryOutcome.WITHDRAWN, MACHINE)
    draft.do(StopPlay(leg=call.leg))
    draft.put(draft.call(call.id).move(Owner.FLOW, entry=None, waiting_since=None))


def _from_agent(draft: Draft, call: Call) -> None:
    """The agent's part is over as if nothing had been: no wrap-up, no disposition that would be owed."""
    assert call.entry is not None
    entry = draft.entry(call.entry)
    assert entry.offer is not None
    offer = draft.offer(entry.offer)
    offering.end(draft, offer, O.ANSWERED, ended_by=EndedBy.SYSTEM, cause=MACHINE)
    line.leave(draft, entry, EntryOutcome.ANSWERED, MACHINE)
    fairness.asked(draft, offer, O.ANSWERED)
    fairness.talked(draft, offer, draft.at - (offer.bridged_at or draft.at))
    reaching.let_go(draft, offer)
    agents.after_work(draft, draft.agent(offer.agent))
    calls.arm(draft, draft.put(call.move(Owner.FLOW, entry=None, talk=Talk())))

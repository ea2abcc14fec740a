"""The caller's leg is gone: whoever owned the call lets go, once, and what is left behind is kept."""

from dataclasses import replace

from acd.core import agents, line, offering, reaching, waiting
from acd.core.call import TRAIL_MAX, Call
from acd.core.draft import Draft
from acd.core.entry import Entry
from acd.core.events import LegEnded
from acd.core.frame import Message, Passed
from acd.words import EndedBy, EntryOutcome, EntryState, LegId, OfferOutcome, Owner


def leg_ended(draft: Draft, call: Call, event: LegEnded) -> None:
    """The caller's leg is gone: whoever owned the call lets go, once."""
    call = waiting.cut(draft, call)
    lost = event.cause in offering.LOST_CAUSES
    entry = draft.state.entries.get(call.entry) if call.entry else None
    if entry is not None:
        _entry_ended(draft, entry, event.cause, lost)
    if call.agent is not None and draft.agent(call.agent).own_leg == call.leg:
        agents.own_call(draft, call.agent, {"own_leg": _another_of(draft, call)})
    call = draft.call(call.id)
    by = EndedBy.SYSTEM if lost else call.ended_by or EndedBy.SYSTEM if call.ending else EndedBy.CUSTOMER
    trail, messages = _whole_trail(call, draft.at), call.messages + _left_behind(draft, call)
    call = call.move(Owner.NOBODY, entry=None, arm_at=None, trail=trail, messages=messages)
    draft.put(replace(call, ended_at=draft.at, ended_by=by, cause=event.cause))


def _another_of(draft: Draft, call: Call) -> LegId | None:
    """A call of the same agent's own that still runs: on the phone's other line, or on another phone."""
    return next((each.leg for each in draft.state.calls.values() if each.agent == call.agent and each.id != call.id), None)


def _left_behind(draft: Draft, call: Call) -> tuple[Message, ...]:
    if call.owner is not Owner.FLOW or call.frame is None or call.ending:
        return ()
    return draft.state.flows.left_behind(draft.at, call.frame, draft.at - call.frame.since)


def _whole_trail(call: Call, at: float) -> tuple[Passed, ...]:
    """With the step in which the call ended, which was left by no exit."""
    frame, trail = call.frame, call.trail
    if frame is None or (trail and (trail[-1].step, trail[-1].entered_at) == (frame.step, frame.since)):
        return trail
    last = Passed(flow=frame.flow, step=frame.step, exit="", entered_at=frame.since, left_at=at)
    return (*trail, last)[:TRAIL_MAX]


def _entry_ended(draft: Draft, entry: Entry, cause: str, lost: bool) -> None:
    if entry.state is EntryState.CONNECTED and entry.offer is not None:
        offer = draft.offer(entry.offer)
        offering.talk_ended(draft, offer, EndedBy.SYSTEM if lost else EndedBy.CUSTOMER, cause)
        reaching.let_go(draft, offer)
        return
    outcome = EntryOutcome.SYSTEM_ERROR if lost else line.abandoned(draft, entry)
    offering.caller_gone(draft, entry, OfferOutcome.CANCELLED_BY_SYSTEM if lost else OfferOutcome.CALLER_GONE)
    line.leave(draft, entry, outcome, "")

"""The caller's leg is gone: whoever owned the call lets go, once, and what is left behind is kept."""

from acd.core import closing
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.events import LegEnded
from acd.core.gone import LOST_CAUSES
from acd.core.lines import keeping, line, waiting
from acd.core.lines.entry import Entry
from acd.core.offers import offering, reaching
from acd.core.outside import callback_wishes, callbacks, calling_back
from acd.core.staff import agents
from acd.core.talking import consulting
from acd.words import EndedBy, EntryOutcome, EntryState, OfferOutcome


def leg_ended(draft: Draft, call: Call, event: LegEnded) -> None:
    """The caller's leg is gone: whoever owned the call lets go, once. Two agents of whom one had asked the other may go on."""
    if call.talk.left_at is not None:
        return draft.late()
    if call.is_callback and not calling_back.talked(draft.callback(call.id)):
        return calling_back.leg_ended(draft, call, event)
    call = waiting.cut(draft, call)
    lost = event.cause in LOST_CAUSES
    if call.agent is not None and draft.agent(call.agent).own_leg == call.leg:
        agents.own_call(draft, call.agent, {"own_leg": closing.another_of(draft, call)})
    if consulting.customer_gone(draft, call, lost=lost, cause=event.cause):
        return
    call = draft.call(call.id)
    entry = draft.entry(call.entry) if call.entry else None
    if entry is not None:
        _entry_ended(draft, call, entry, event.cause, lost)
    call = draft.call(call.id)
    if call.is_callback:
        return calling_back.talk_over(draft, call, event.cause)
    callback_wishes.first_is_over(draft, call)
    by = EndedBy.SYSTEM if lost else call.ended_by or EndedBy.SYSTEM if call.ending else EndedBy.CUSTOMER
    closing.close(draft, call, at=draft.at, cause=event.cause, by=by)


def _entry_ended(draft: Draft, call: Call, entry: Entry, cause: str, lost: bool) -> None:
    if entry.state is EntryState.CONNECTED and entry.offer is not None:
        offer = draft.offer(entry.offer)
        offering.talk_ended(draft, offer, EndedBy.SYSTEM if lost else EndedBy.CUSTOMER, cause)
        reaching.let_go(draft, offer)
        return
    outcome = callbacks.stay_outcome(call, entry, EntryOutcome.SYSTEM_ERROR if lost else line.abandoned(draft, entry))
    offering.caller_gone(draft, entry, OfferOutcome.CANCELLED_BY_SYSTEM if lost else OfferOutcome.CALLER_GONE)
    line.leave(draft, entry, outcome, "")
    if not call.attempt:
        keeping.gave_up(draft, call, entry, outcome)

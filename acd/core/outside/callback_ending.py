"""The end of a callback: once, and its contact and its stay in the queue end with it."""

from dataclasses import replace

from acd.core.commands import HangUp
from acd.core.draft import Draft
from acd.core.lines import line
from acd.core.offers import offering
from acd.core.outside import callbacks
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.words import EndedBy, EntryOutcome, LegId, OfferOutcome, Owner

S, O = CallbackState, CallbackOutcome

STAY_OUTCOME = {
    O.SERVED: EntryOutcome.ANSWERED,
    O.EXPIRED: EntryOutcome.TIMED_OUT,
    O.CANCELLED: EntryOutcome.WITHDRAWN,
    O.MERGED: EntryOutcome.WITHDRAWN,
    O.NOT_REACHED: EntryOutcome.WITHDRAWN,
    O.REFUSED: EntryOutcome.SYSTEM_ERROR,
    O.FAILED: EntryOutcome.SYSTEM_ERROR,
}


def end(draft: Draft, callback: Callback, outcome: CallbackOutcome, *, by: str = "", into: str = "", why: str = "") -> None:
    """Once; its contact and its stay end with it. A phone that rings for it, ours or theirs, stops."""
    call, entry = draft.call(callback.call), callbacks.stay(draft, callback)
    if entry is not None and entry.is_live:
        offering.caller_gone(draft, entry, OfferOutcome.NOT_REACHED)
        line.leave(draft, draft.entry(entry.id), STAY_OUTCOME[outcome], outcome.value)
    if callback.state is S.DIALLING and callback.leg is not None:
        draft.do(HangUp(leg=callback.leg, cause="ORIGINATOR_CANCEL"))
    ended_by = call.ended_by or EndedBy.SYSTEM
    call = call.move(Owner.NOBODY, entry=None, arm_at=None, leg=LegId(""), is_here=False, ended_by=ended_by)
    draft.put(replace(call, ended_at=draft.at, cause=call.cause or outcome.value.upper()))
    fresh = draft.callback(callback.id)
    attempts = tuple(
        replace(each, ended_at=draft.at, outcome=each.outcome or outcome.value) if each.ended_at is None else each
        for each in fresh.attempts
    )
    ended = fresh.move(
        S.ENDED, outcome=outcome, ended_at=draft.at, wake_at=None, leg=None, by=by, into=into, why=why, attempts=attempts
    )
    draft.put(ended)


def cancel(draft: Draft, id: str, by: str) -> str:
    """What somebody of the house, or the customer, asks for; why not, or ''."""
    callback = draft.state.callbacks.get(id)
    if callback is None:
        return f"no callback {id} is pending"
    if callback.state in (S.HERE, S.AFTER):
        return f"callback {id} is being served"
    end(draft, callback, O.CANCELLED, by=by)
    return ""

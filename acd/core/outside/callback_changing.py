"""A callback is changed by its customer: another number, another time (ACD.md 68, 74).

Another number keeps the place. One for a certain time has no place before that: then it stands as if the customer had called in at that
moment. Who asks again with no time wants it as soon as it is their turn, with the place of that wish.
"""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.lines.entry import Entry
from acd.core.offers import offering
from acd.core.outside import callbacks
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.core.outside.callback_ending import end
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.callback_turns import LATER
from acd.words import EntryState, OfferOutcome

S = CallbackState
IDLE = frozenset({S.HELD, S.WAITING})
JUST_ASKED_S = 60.0
"""Who asks for one sooner is still on the line; they are not called before that."""
JUST_ASKED = "asked for again just now"


def change(draft: Draft, callback: Callback, *, number: str = "", at: float | None = None) -> str:
    """Why not, or ''."""
    if callback.state not in IDLE:
        return f"callback {callback.id} is being called"
    if number and number != callback.number:
        twin = callbacks.live_for(draft, callback.queue, number)
        if twin is not None and twin.id != callback.id:
            return _one_of_two(draft, callback, twin, at)
        callback = draft.put(replace(callback, number=number))
        draft.put(replace(draft.call(callback.call), dialled=number, caller_number=number))
    if at is not None:
        put_off(draft, callback, at)
    return ""


def _one_of_two(draft: Draft, callback: Callback, twin: Callback, at: float | None) -> str:
    """That number has one already: it has the better place of the two, and a time is for it (ACD.md 74)."""
    callbacks.better(draft, twin, callback.since, callback.priority)
    end(draft, callback, CallbackOutcome.MERGED, into=twin.id)
    if at is not None and twin.state in IDLE:
        put_off(draft, draft.callback(twin.id), at)
    return ""


def asked_again(draft: Draft, twin: Callback, since: float, priority: int, at: float | None) -> None:
    """One for each number and queue. The last word on the time holds; else the better place of the two."""
    is_later = twin.not_before is not None and twin.not_before > draft.at
    if twin.state not in IDLE or (at is None and not is_later):
        return callbacks.better(draft, twin, since, priority)
    twin = draft.put(replace(twin, priority=max(twin.priority, priority)))
    if at is not None:
        return put_off(draft, twin, at)
    until = draft.at + JUST_ASKED_S
    _stands(draft, twin, since=since, not_before=draft.at, expires_from=draft.at, wake_at=until, why=JUST_ASKED)


def put_off(draft: Draft, callback: Callback, at: float) -> None:
    """Held until then."""
    at = max(at, draft.at)
    _stands(draft, callback, since=at, not_before=at, expires_from=at, wake_at=at, why=LATER if at > draft.at else "")


def _stands(
    draft: Draft, callback: Callback, *, since: float, not_before: float | None, expires_from: float, wake_at: float, why: str
) -> None:
    rules = callbacks.rules_of(draft, callback.queue) or CallbackPolicy()
    entry = _nobody_is_asked(draft, callback)
    draft.put(replace(entry, held=True, since=min(since, draft.at), priority=callback.priority))
    expires_at = expires_from + rules.expires_s
    is_first_call = callback.state is S.HELD and callback.wake_at is None  # looked at when that is over
    draft.put(
        callback.move(
            S.HELD,
            since=since,
            not_before=not_before,
            expires_at=expires_at,
            wake_at=None if is_first_call else min(wake_at, expires_at),
            why=callback.why if is_first_call else why,
        )
    )


def _nobody_is_asked(draft: Draft, callback: Callback) -> Entry:
    """Agents whose phones ring for it are wanted no more."""
    entry = callbacks.stay(draft, callback)
    assert entry is not None
    if entry.state is EntryState.WAITING:
        return entry
    offering.caller_gone(draft, entry, OfferOutcome.NOT_REACHED)
    return draft.entry(entry.id).move(EntryState.WAITING, rung=(), offer=None, music_at=None, music_on=False)

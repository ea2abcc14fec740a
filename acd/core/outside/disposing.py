"""What an agent says came of a talk with somebody whom a campaign had dialled: kept with the dialled call, also after its end.

The campaign hears it there, and may have missed it: so the call is not forgotten while somebody may still say it, nor soon after.
"""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.outside.dialled_call import KEPT_S, DialledCall, DialledState
from acd.core.staff.word import Word
from acd.words import AgentId, CallId


def attempt_of(draft: Draft, call: CallId) -> str:
    """'' of a call that no campaign has dialled."""
    found = draft.changes.get(("Call", call)) or draft.state.calls.get(call)
    return str(getattr(found, "attempt", ""))


def why_not(draft: Draft, attempt: str, word: Word) -> str:
    """'' or why it cannot be said so: a callback without a time that anybody could know, or a time that means nothing."""
    found, name = _of(draft, attempt), word.disposition
    after_s = found.callbacks.get(name) if found is not None else None
    if after_s is None:
        return f"{name} takes no time" if word.has_time else ""
    if word.call_at is not None and word.call_at < draft.at:
        return "that time is over"
    if not word.has_time and not after_s:
        return f"{name} needs a time: by phone its code, * and in how many hours, or by command --at"
    return ""


def said(draft: Draft, attempt: str, word: Word, by: AgentId) -> None:
    """Said again, the last word counts."""
    found = _of(draft, attempt)
    if found is None:
        return
    call_at = word.due(draft.at, found.callbacks.get(word.disposition))
    found = replace(found, disposition=word.disposition, disposed_by=by, disposed_at=draft.at, call_at=call_at)
    if found.state is DialledState.ENDED:
        found = replace(found, is_told_after=True, wake_at=draft.at + KEPT_S)
    draft.put(found)


def _of(draft: Draft, attempt: str) -> DialledCall | None:
    found = draft.changes.get(("DialledCall", attempt)) or draft.state.dialled.get(attempt)
    return found if isinstance(found, DialledCall) and found.is_live else None


def is_awaited(draft: Draft, attempt: str) -> bool:
    return any(each.attempt == attempt for each in draft.state.wrap_ups.values())

"""What an agent says came of a talk with somebody whom a campaign had dialled: kept with the dialled call, also after its end.

The campaign hears it there, and may have missed it: so the call is not forgotten while somebody may still say it, nor soon after.
"""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.outside.dialled_call import KEPT_S, DialledCall, DialledState
from acd.words import AgentId, CallId


def attempt_of(draft: Draft, call: CallId) -> str:
    """'' of a call that no campaign has dialled."""
    found = draft.changes.get(("Call", call)) or draft.state.calls.get(call)
    return str(getattr(found, "attempt", ""))


def said(draft: Draft, attempt: str, disposition: str, by: AgentId) -> None:
    """Said again, the last word counts."""
    found = draft.changes.get(("DialledCall", attempt)) or draft.state.dialled.get(attempt)
    if not isinstance(found, DialledCall) or not found.is_live:
        return
    found = replace(found, disposition=disposition, disposed_by=by, disposed_at=draft.at)
    if found.state is DialledState.ENDED:
        found = replace(found, is_told_after=True, wake_at=draft.at + KEPT_S)
    draft.put(found)


def is_awaited(draft: Draft, attempt: str) -> bool:
    return any(each.attempt == attempt for each in draft.state.wrap_ups.values())

"""Callbacks wait their turn: held while it is not their time, in line when it is (ACD.md 68, 69).

Hours, limits and the reach of its switch are looked at again every minute.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core.draft import Draft
from acd.core.lines.entry import Entry
from acd.core.matching import ageing
from acd.core.outside import callbacks
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.core.outside.callback_ending import end
from acd.core.outside.callback_hours import calendar_of
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.gate import FOR_GOOD, NotOut, Refused, Wanted, judge
from acd.core.outside.outbound import Counted
from acd.core.policy import QueuePolicy
from acd.words import EntryState, leg_id, node_of

S, O = CallbackState, CallbackOutcome

LOOK_S = 60.0
"""So often a callback that stands in line, or that is held and nobody can say until when, is looked at."""
LATER = "wished for a later time"
NEXT_ATTEMPT = "until the next attempt"
NOBODY_THERE, TOO_MANY = "no agent of the queue was there", "its turn did not come: others were before it, or no agent took it"


def review(draft: Draft, callback: Callback) -> None:
    """Is it its time? In line when it is, held when it is not; over when that can never be, or when it has taken too long."""
    entry, rules = callbacks.stay(draft, callback), draft.state.rules(callback.queue)
    assert entry is not None
    if entry.state is not EntryState.WAITING:
        draft.put(callback.move(callback.state, wake_at=draft.at + LOOK_S))  # an agent is being asked: that comes first
    elif rules is None or rules.callback is None:
        end(draft, callback, O.FAILED)
    elif callback.expires_at <= draft.at:
        end(draft, callback, O.EXPIRED, why=_why_too_late(draft, callback))
    elif (no := _not_now(draft, callback, rules, rules.callback)) is None:
        _turn(draft, callback, entry)
    elif no.rule in FOR_GOOD:
        end(draft, callback, O.REFUSED, why=no.why)
    else:
        hold(draft, callback, entry, no.until, no.why)


def _why_too_late(draft: Draft, callback: Callback) -> str:
    """Held until the end, it says what held it; in line, what was missing there (ACD.md 69)."""
    if callback.state is S.HELD:
        return callback.why
    return TOO_MANY if draft.state.roster.staffed(callback.queue) else NOBODY_THERE


def _not_now(draft: Draft, callback: Callback, rules: QueuePolicy, how: CallbackPolicy) -> Refused | None:
    calendar = calendar_of(rules)
    if calendar and not Counted(draft).is_open(calendar, draft.at):
        return Refused(rule=NotOut.CLOSED, why=f"outside the hours of {calendar}", until=draft.state.opens_at(calendar, draft.at))
    found = judge(draft.state.policy.outbound, Counted(draft), wanted(callback, how, "dry"), draft.at)
    return found if isinstance(found, Refused) else None


def wanted(callback: Callback, how: CallbackPolicy, id: str) -> Wanted:
    """Nobody's account but the number's and the house's: an agent does not choose whom the queue calls back."""
    return Wanted(id=id, number=callback.number, reason="callback", trunks=how.trunks, queue=callback.queue, shown=how.caller_id)


def _turn(draft: Draft, callback: Callback, entry: Entry) -> None:
    node = node_of(entry.leg)
    if not draft.state.reachable(node):
        others = sorted(each.id for each in draft.state.nodes.values() if each.reachable)
        node = others[0] if others else node
    leg = entry.leg if node == node_of(entry.leg) else leg_id(node, str(uuid5(NAMESPACE_OID, callback.id)))
    if entry.held or leg != entry.leg:
        _in_line(draft, callback, replace(entry, held=False, leg=leg))
    draft.put(callback.move(S.WAITING, wake_at=min(draft.at + LOOK_S, callback.expires_at), why=""))


def _in_line(draft: Draft, callback: Callback, entry: Entry) -> None:
    """One for a certain time is as old as somebody who calls in at that moment."""
    if callback.not_before is not None:
        since = min(callback.since, draft.at)
        entry = ageing.aged(replace(entry, since=since), draft.state.roster.pool(entry.queue).openings, draft.at)
        draft.put(replace(draft.call(callback.call), waiting_since=since))
    draft.put(entry)


def hold(draft: Draft, callback: Callback, entry: Entry, until: float | None, why: str) -> None:
    """Out of the line, the place kept."""
    until = draft.at + LOOK_S if until is None else max(until, draft.at)
    draft.put(replace(entry, held=True))
    draft.put(callback.move(S.HELD, wake_at=min(until, callback.expires_at), leg=None, why=why))


def now(draft: Draft, id: str) -> str:
    """Its next attempt is due at once; hours and limits hold all the same."""
    callback = draft.state.callbacks.get(id)
    if callback is None:
        return f"no callback {id} is pending"
    if callback.state is not S.HELD or callback.wake_at is None:
        return f"callback {id} is {callback.state.value}, there is nothing to wait for"
    review(draft, callback)
    return ""

"""Callbacks as they come, wait their turn and end (ACD.md 68-74). Whom it dials and how it goes is ``calling_back``.

One for each number and queue. It is held while it is not its time, and stands in line when it is; hours, limits and the reach of
its switch are looked at again every minute. It ends once, and its contact and its stay in the queue end with it.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core.call import Call
from acd.core.commands import HangUp
from acd.core.draft import Draft
from acd.core.events import CallbackAsked, CallbackWished
from acd.core.frame import CallbackWish
from acd.core.interpreter import EnterQueue
from acd.core.lines import line
from acd.core.lines.entry import Entry
from acd.core.offers import offering
from acd.core.outside import numbers
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.gate import FOR_GOOD, NotOut, Refused, Wanted, callable_form, judge
from acd.core.outside.outbound import Counted
from acd.core.policy import QueuePolicy
from acd.words import (
    CallId,
    EndedBy,
    EntryOutcome,
    EntryState,
    LegId,
    NodeId,
    OfferOutcome,
    Owner,
    QueueId,
    leg_id,
    node_of,
)

S, O = CallbackState, CallbackOutcome

LOOK_S = 60.0
"""So often a callback that stands in line, or that is held and nobody can say until when, is looked at."""
FIRST_CALL, LATER, NEXT_ATTEMPT = "the call in which it was asked for is not over", "wished for a later time", "until the next attempt"
NOBODY_THERE, TOO_MANY = "no agent of the queue was there", "its turn did not come: others were before it, or no agent took it"
STAY_OUTCOME = {
    O.SERVED: EntryOutcome.ANSWERED,
    O.EXPIRED: EntryOutcome.TIMED_OUT,
    O.CANCELLED: EntryOutcome.WITHDRAWN,
    O.MERGED: EntryOutcome.WITHDRAWN,
    O.NOT_REACHED: EntryOutcome.WITHDRAWN,
    O.REFUSED: EntryOutcome.SYSTEM_ERROR,
    O.FAILED: EntryOutcome.SYSTEM_ERROR,
}


def rules_of(draft: Draft, queue: QueueId) -> CallbackPolicy | None:
    """None where people of the house call back by hand."""
    rules = draft.state.rules(queue)
    return rules.callback if rules else None


# -- as they come ------------------------------------------------------------------------------------------------------


def taken(draft: Draft, call: Call, wish: CallbackWish) -> CallbackWish:
    """A caller's wish, as the call remembers it; where the queue calls back by itself it becomes a contact of its own."""
    wish = replace(wish, queue=draft.state.policy.now_called(wish.queue))
    if rules_of(draft, wish.queue) is None:
        return wish
    wish = replace(wish, is_automatic=True)
    begin(draft, wish, first=call, node=node_of(call.leg))
    return wish


def begin(draft: Draft, wish: CallbackWish, *, first: Call | None, node: NodeId) -> None:
    rules = rules_of(draft, wish.queue) or CallbackPolicy()
    since = wish.since if wish.at is None else max(wish.at, wish.asked_at)
    callback = Callback(
        id=wish.id,
        call=CallId(wish.id),
        queue=wish.queue,
        number=wish.number,
        asked_at=draft.at,
        since=since,
        expires_at=max(since, draft.at) + rules.expires_s,
        priority=wish.priority,
        first=first.id if first else None,
        wake_at=None if first else max(draft.at, wish.at or draft.at),
        not_before=wish.at,
        why=FIRST_CALL if first else LATER if wish.at is not None and wish.at > draft.at else "",
    )
    twin = live_for(draft, wish.queue, wish.number)
    if twin is not None:  # ACD.md 74: the better place of the two
        draft.put(callback.move(S.ENDED, outcome=O.DUPLICATE, ended_at=draft.at, into=twin.id, wake_at=None))
        better(draft, twin, since, wish.priority)
        return
    draft.put(callback)
    origin = (first.origin or first.id) if first else None
    stand(draft, callback, _contact(draft, callback, origin), node)


def _contact(draft: Draft, callback: Callback, origin: CallId | None) -> Call:
    """Nobody is on its line; what happens to a leg cannot happen to it."""
    return Call(
        id=callback.call,
        leg=LegId(""),
        owner=Owner.FLOW,
        arrived_at=draft.at,
        dialled=callback.number,
        caller_number=callback.number,
        is_callback=True,
        is_here=False,
        origin=origin,
    )


def stand_again(draft: Draft, callback: Callback) -> Entry:
    """Another stay in the queue after a talk that was none, in the place from before it."""
    known = sorted(each.id for each in draft.state.nodes.values() if each.reachable) or sorted(draft.state.nodes)
    return stand(draft, callback, draft.call(callback.call), known[0])


def stand(draft: Draft, callback: Callback, call: Call, node: NodeId) -> Entry:
    """A stay in the queue, held until it is time."""
    return line.stand_to_be_called(draft, callback, call, leg_id(node, str(uuid5(NAMESPACE_OID, callback.id))))


def live_for(draft: Draft, queue: QueueId, number: str) -> Callback | None:
    one = numbers.one_form(number, draft.state.policy.outbound.region)
    for each in draft.changes.values():
        if isinstance(each, Callback) and each.queue == queue and each.is_live and each.number == number:
            return each
    id = draft.state.callback_of.get((queue, one))
    found = draft.callback(id) if id else None
    return found if found is not None and found.is_live else None


def better(draft: Draft, callback: Callback, since: float, priority: int) -> None:
    callback = draft.put(replace(callback, since=min(callback.since, since), priority=max(callback.priority, priority)))
    entry = stay(draft, callback)
    if entry is not None and entry.is_live and entry.state is not EntryState.CONNECTED:
        draft.put(replace(entry, since=min(entry.since, callback.since), priority=callback.priority))


def stay(draft: Draft, callback: Callback) -> Entry | None:
    call = draft.call(callback.call)
    return draft.entry(call.entry) if call.entry else None


def first_is_over(draft: Draft, call: Call) -> None:
    """Nobody is called back while they are still on the line."""
    for wish in call.callbacks:
        callback = draft.state.callbacks.get(wish.id)
        if callback is not None and callback.state is S.HELD and callback.wake_at is None:
            at = max(draft.at, callback.not_before or draft.at)
            draft.put(callback.move(S.HELD, wake_at=at, why=LATER if at > draft.at else ""))


def was_served(draft: Draft, call: Call, queue: QueueId) -> None:
    """They stayed in the line after all, and an agent has them."""
    for wish in call.callbacks:
        callback = draft.state.callbacks.get(wish.id)
        if callback is not None and callback.queue == queue and callback.state in (S.HELD, S.WAITING):
            end(draft, callback, O.MERGED, into=call.id)


def merged(draft: Draft, call: Call, ask: EnterQueue) -> tuple[Call, EnterQueue]:
    """A customer who calls in while a callback of theirs is pending has the better place of the two, and is not called (ACD.md 72)."""
    rules = rules_of(draft, ask.queue)
    if rules is None or not rules.merges or not call.caller_number or ask.agent is not None or call.is_callback:
        return call, ask
    callback = live_for(draft, ask.queue, call.caller_number)
    if callback is None or callback.state not in (S.HELD, S.WAITING):
        return call, ask
    end(draft, callback, O.MERGED, into=call.id)
    since = min(callback.since, call.waiting_since if call.waiting_since is not None else draft.at)
    own = draft.state.queue(ask.queue).priority if ask.priority is None else ask.priority
    call = draft.put(replace(call, waiting_since=since, origin=call.origin or callback.first))
    return call, replace(ask, priority=max(own, callback.priority))


def already_here(draft: Draft, callback: Callback) -> bool:
    """They were called in vain because they stand in this very line: that call takes the place (ACD.md 72)."""
    rules = rules_of(draft, callback.queue)
    if rules is None or not rules.merges:
        return False
    for entry in draft.state.unserved(callback.queue).values():
        call = draft.call(entry.call)
        if not call.is_callback and _same(draft, call.caller_number, callback.number):
            now = draft.entry(entry.id)
            place = {"since": min(now.since, callback.since), "priority": max(now.priority, callback.priority)}
            draft.put(replace(now, **place))  # type: ignore[arg-type]
            draft.put(replace(call, origin=call.origin or callback.first))
            end(draft, callback, O.MERGED, into=call.id)
            return True
    return False


def _same(draft: Draft, one: str, other: str) -> bool:
    region = draft.state.policy.outbound.region
    return one[-6:] == other[-6:] and numbers.one_form(one, region) == numbers.one_form(other, region)


# -- waiting their turn ------------------------------------------------------------------------------------------------


def review(draft: Draft, callback: Callback) -> None:
    """Is it its time? In line when it is, held when it is not; over when that can never be, or when it has taken too long."""
    entry, rules = stay(draft, callback), draft.state.rules(callback.queue)
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
    calendar = how.hours or rules.hours
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
        draft.put(replace(entry, held=False, leg=leg))
    draft.put(callback.move(S.WAITING, wake_at=min(draft.at + LOOK_S, callback.expires_at), why=""))


def hold(draft: Draft, callback: Callback, entry: Entry, until: float | None, why: str) -> None:
    """Out of the line, the place kept."""
    until = draft.at + LOOK_S if until is None else max(until, draft.at)
    draft.put(replace(entry, held=True))
    draft.put(callback.move(S.HELD, wake_at=min(until, callback.expires_at), leg=None, why=why))


# -- the end -----------------------------------------------------------------------------------------------------------


def end(draft: Draft, callback: Callback, outcome: CallbackOutcome, *, by: str = "", into: str = "", why: str = "") -> None:
    """Once; its contact and its stay end with it. A phone that rings for it, ours or theirs, stops."""
    call, entry = draft.call(callback.call), stay(draft, callback)
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


def now(draft: Draft, id: str) -> str:
    """Its next attempt is due at once; hours and limits hold all the same."""
    callback = draft.state.callbacks.get(id)
    if callback is None:
        return f"no callback {id} is pending"
    if callback.state is not S.HELD or callback.wake_at is None:
        return f"callback {id} is {callback.state.value}, there is nothing to wait for"
    review(draft, callback)
    return ""


def stay_outcome(call: Call, entry: Entry, outcome: EntryOutcome) -> EntryOutcome:
    """Whoever leaves the line after asking to be called back has not given up: the stay goes on in the callback's own."""
    asked = any(wish.queue == entry.queue and wish.asked_at >= entry.joined_at for wish in call.callbacks)
    return EntryOutcome.CALLBACK_REQUESTED if asked and outcome is not EntryOutcome.SYSTEM_ERROR else outcome


def asked(draft: Draft, event: CallbackAsked | CallbackWished) -> str:
    """What people of the house ask for; why not, or ''."""
    if isinstance(event, CallbackWished):
        return wished(draft, event)
    return cancel(draft, event.callback, event.by) if event.wish == "cancel" else now(draft, event.callback)


def wished(draft: Draft, event: CallbackWished) -> str:
    """Somebody of the house asks for one; why not, or ''."""
    if rules_of(draft, event.queue) is None:
        return f"the queue {event.queue} calls nobody back (queues: {event.queue}: callback)"
    number = callable_form(draft.state.policy.outbound, event.number)
    if not number:
        return f"{event.number[:40]} is no number that this house calls"
    if event.callback in draft.state.callbacks or not draft.state.nodes:
        return "there is such a callback already" if draft.state.nodes else "no switch is known yet"
    wish = CallbackWish(
        id=event.callback,
        queue=event.queue,
        number=number,
        asked_at=draft.at,
        since=draft.at,
        priority=event.priority,
        at=event.when,
        is_automatic=True,
    )
    begin(draft, wish, first=None, node=sorted(draft.state.nodes)[0])
    return ""

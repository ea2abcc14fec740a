"""Callbacks as they come: a caller asks for one, or people of the house do (ACD.md 68, 74)."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.events import CallbackAsked, CallbackWished
from acd.core.frame import CallbackWish
from acd.core.outside import callback_changing, callback_hours, callbacks
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.core.outside.callback_ending import cancel
from acd.core.outside.callback_policy import CallbackPolicy
from acd.core.outside.callback_turns import LATER, now
from acd.core.outside.gate import callable_form
from acd.words import CallId, NodeId, node_of

S, O = CallbackState, CallbackOutcome

FIRST_CALL = "the call in which it was asked for is not over"


def taken(draft: Draft, call: Call, wish: CallbackWish) -> CallbackWish:
    """A caller's wish, as the call remembers it; where the queue calls back by itself it becomes a contact of its own."""
    wish = replace(wish, queue=draft.state.policy.now_called(wish.queue))
    if callbacks.rules_of(draft, wish.queue) is None:
        return wish
    wish = replace(wish, is_automatic=True)
    begin(draft, wish, first=call, node=node_of(call.leg))
    return wish


def begin(draft: Draft, wish: CallbackWish, *, first: Call | None, node: NodeId) -> None:
    rules = callbacks.rules_of(draft, wish.queue) or CallbackPolicy()
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
    twin = callbacks.live_for(draft, wish.queue, wish.number)
    if twin is not None:
        draft.put(callback.move(S.ENDED, outcome=O.DUPLICATE, ended_at=draft.at, into=twin.id, wake_at=None))
        callback_changing.asked_again(draft, twin, since, wish.priority, wish.at)
        return
    draft.put(callback)
    origin = (first.origin or first.id) if first else None
    callbacks.stand(draft, callback, callbacks.contact(draft, callback, origin), node)


def first_is_over(draft: Draft, call: Call) -> None:
    """Nobody is called back while they are still on the line."""
    for wish in call.callbacks:
        callback = draft.state.callbacks.get(wish.id)
        if callback is not None and callback.state is S.HELD and callback.wake_at is None:
            at = max(draft.at, callback.not_before or draft.at)
            draft.put(callback.move(S.HELD, wake_at=at, why=LATER if at > draft.at else ""))


def asked(draft: Draft, event: CallbackAsked | CallbackWished) -> str:
    """What people of the house ask for; why not, or ''."""
    if isinstance(event, CallbackWished):
        return wished(draft, event)
    return cancel(draft, event.callback, event.by) if event.wish == "cancel" else now(draft, event.callback)


def wished(draft: Draft, event: CallbackWished) -> str:
    """Somebody of the house asks for one; why not, or ''."""
    if callbacks.rules_of(draft, event.queue) is None:
        return f"the queue {event.queue} calls nobody back (queues: {event.queue}: callback)"
    number = callable_form(draft.state.policy.outbound, event.number)
    if not number:
        return f"{event.number[:40]} is no number that this house calls"
    if event.callback in draft.state.callbacks or not draft.state.nodes:
        return "there is such a callback already" if draft.state.nodes else "no switch is known yet"
    if no := callback_hours.refusal(draft.state, event.queue, event.when, draft.at):
        return no
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

"""Two of one customer: the callback and the call in which they come by themselves are one, in the better place (ACD.md 72)."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.interpreter import EnterQueue
from acd.core.outside import callbacks, numbers
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.core.outside.callback_ending import end
from acd.words import QueueId

S, O = CallbackState, CallbackOutcome


def was_served(draft: Draft, call: Call, queue: QueueId) -> None:
    """They stayed in the line after all, and an agent has them."""
    for wish in call.callbacks:
        callback = draft.state.callbacks.get(wish.id)
        if callback is not None and callback.queue == queue and callback.state in (S.HELD, S.WAITING):
            end(draft, callback, O.MERGED, into=call.id)


def merged(draft: Draft, call: Call, ask: EnterQueue) -> tuple[Call, EnterQueue]:
    """A customer who calls in while a callback of theirs is pending has the better place of the two, and is not called (ACD.md 72)."""
    rules = callbacks.rules_of(draft, ask.queue)
    if rules is None or not rules.merges or not call.caller_number or ask.agent is not None or call.is_callback:
        return call, ask
    callback = callbacks.live_for(draft, ask.queue, call.caller_number)
    if callback is None or callback.state not in (S.HELD, S.WAITING):
        return call, ask
    end(draft, callback, O.MERGED, into=call.id)
    since = min(callback.since, call.waiting_since if call.waiting_since is not None else draft.at)
    own = draft.state.queue(ask.queue).priority if ask.priority is None else ask.priority
    call = draft.put(replace(call, waiting_since=since, origin=call.origin or callback.first))
    return call, replace(ask, priority=max(own, callback.priority))


def already_here(draft: Draft, callback: Callback) -> bool:
    """They were called in vain because they stand in this very line: that call takes the place (ACD.md 72)."""
    rules = callbacks.rules_of(draft, callback.queue)
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

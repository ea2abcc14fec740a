"""Callbacks as they stand: the rules of their queue, their contact and their stay in it (ACD.md 68-74).

One for each number and queue. How they come is ``callback_wishes``, their turn ``callback_turns``, that of two one is left
``callback_merging``, the end ``callback_ending``; whom they dial and how it goes ``calling_back``.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.lines import line
from acd.core.lines.entry import Entry
from acd.core.outside import numbers
from acd.core.outside.callback import Callback
from acd.core.outside.callback_policy import CallbackPolicy
from acd.words import CallId, EntryOutcome, EntryState, LegId, NodeId, Owner, QueueId, leg_id


def rules_of(draft: Draft, queue: QueueId) -> CallbackPolicy | None:
    """None where people of the house call back by hand."""
    rules = draft.state.rules(queue)
    return rules.callback if rules else None


def live_for(draft: Draft, queue: QueueId, number: str) -> Callback | None:
    one = numbers.one_form(number, draft.state.policy.outbound.region)
    for each in draft.changes.values():
        if isinstance(each, Callback) and each.queue == queue and each.is_live and each.number == number:
            return each
    id = draft.state.callback_of.get((queue, one))
    found = draft.callback(id) if id else None
    return found if found is not None and found.is_live else None


def stay(draft: Draft, callback: Callback) -> Entry | None:
    call = draft.call(callback.call)
    return draft.entry(call.entry) if call.entry else None


def contact(draft: Draft, callback: Callback, origin: CallId | None) -> Call:
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


def stand(draft: Draft, callback: Callback, call: Call, node: NodeId) -> Entry:
    """A stay in the queue, held until it is time."""
    return line.stand_to_be_called(draft, callback, call, leg_id(node, str(uuid5(NAMESPACE_OID, callback.id))))


def stand_again(draft: Draft, callback: Callback) -> Entry:
    """Another stay in the queue after a talk that was none, in the place from before it."""
    known = sorted(each.id for each in draft.state.nodes.values() if each.reachable) or sorted(draft.state.nodes)
    return stand(draft, callback, draft.call(callback.call), known[0])


def better(draft: Draft, callback: Callback, since: float, priority: int) -> None:
    callback = draft.put(replace(callback, since=min(callback.since, since), priority=max(callback.priority, priority)))
    entry = stay(draft, callback)
    if entry is not None and entry.is_live and entry.state is not EntryState.CONNECTED:
        draft.put(replace(entry, since=min(entry.since, callback.since), priority=callback.priority))


def stay_outcome(call: Call, entry: Entry, outcome: EntryOutcome) -> EntryOutcome:
    """Whoever leaves the line after asking to be called back has not given up: the stay goes on in the callback's own."""
    asked = any(wish.queue == entry.queue and wish.asked_at >= entry.joined_at for wish in call.callbacks)
    return EntryOutcome.CALLBACK_REQUESTED if asked and outcome is not EntryOutcome.SYSTEM_ERROR else outcome

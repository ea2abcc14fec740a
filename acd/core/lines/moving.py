"""Out of a queue that is no more, into the one that the house has put in its place (ACD.md 52): each once, with their age.

A caller's stay there ends as overflowed and a new one begins, so that what each queue was offered adds up. Nobody is turned away:
they were taken already. For whom a phone rings it rings on; should it come to nothing, they go over then.
"""

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from acd.core import calls
from acd.core.draft import Draft
from acd.core.interpreter import QueueExit
from acd.core.lines import overflow, promising, recipes
from acd.core.lines.entry import Entry
from acd.core.lines.line_watch import AT_ONCE
from acd.core.matching import ageing
from acd.core.outside import callback_ending, callbacks
from acd.core.outside.callback import Callback, CallbackOutcome, CallbackState
from acd.core.state import State
from acd.words import EntryKind, EntryOutcome, EntryState, QueueId, node_of

REPLACED = "replaced"
"""The exit of their stay."""


def next_ones(state: State, queue: QueueId, at: float, at_most: int = AT_ONCE) -> list[Entry]:
    """Who can go over now, of a queue that was replaced; in the order in which they came."""
    return list(islice(_able(state, queue, at), at_most))


def _able(state: State, queue: QueueId, at: float) -> Iterator[Entry]:
    for entry in state.unserved(queue).values():
        call = state.calls.get(entry.call)
        leaves = entry.leave_at is not None and entry.leave_at <= at
        if call is None or call.ending or leaves or entry.state is not EntryState.WAITING or not state.reachable(node_of(entry.leg)):
            continue
        if entry.kind is EntryKind.CONSULT or call.entry == entry.id:
            yield entry


def go(draft: Draft, entry: Entry) -> None:
    to = draft.state.policy.moved[entry.queue]
    if entry.kind in (EntryKind.CONSULT, EntryKind.DIALLED):
        promising.moved(draft, entry)
        _renamed(draft, entry, to)
        return
    ask = replace(overflow.onward(draft, entry, to), via=entry.via, is_back=True)
    calls.take_out(draft, draft.call(entry.call), entry, EntryOutcome.OVERFLOWED, REPLACED)
    call = draft.put(replace(draft.call(entry.call), waiting_since=entry.since))
    if exit := calls.enter(draft, call, ask):
        calls.resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))
    elif (now := draft.call(call.id).entry) is not None:
        _as_before(draft, entry, draft.entry(now))


def _as_before(draft: Draft, old: Entry, new: Entry) -> None:
    """What was done for them is not done again, and whom they asked in vain is not asked first."""
    carried = replace(
        new, requires=old.requires, recipes=old.recipes, asked=old.asked, prefer=old.prefer, prefer_until=old.prefer_until
    )
    draft.put(replace(carried, recipe_at=recipes.next_at(draft.state.queue(new.queue), carried)))


def _renamed(draft: Draft, entry: Entry, to: QueueId) -> None:
    """The same stay: nobody was offered to a queue who stands in line for a colleague, or is at home; and whoever a
    campaign dialled has the same deadline.
    """
    rules = draft.state.queue(to)
    now = replace(entry, queue=to, ageing_s=rules.ageing_s, weight=rules.weight)
    draft.put(ageing.aged(now, draft.state.roster.pool(to).openings, draft.at))


def callbacks_to_go(state: State) -> list[Callback]:
    """A queue that calls nobody back takes none: they are served where they are, as long as that is there."""
    there = state.policy.queues
    return [each for each in state.callbacks.values() if (to := state.policy.moved.get(each.queue)) and there[to].callback is not None]


def go_back_call(draft: Draft, callback: Callback) -> None:
    """Its place is kept; two for one number and queue become one, in the better place (ACD.md 74)."""
    entry, to = callbacks.stay(draft, callback), draft.state.policy.moved[callback.queue]
    is_idle = callback.state in (CallbackState.HELD, CallbackState.WAITING)
    twin = callbacks.live_for(draft, to, callback.number)
    if entry is None or entry.state is not EntryState.WAITING or (twin is not None and not is_idle):
        return  # an agent is at it
    if twin is not None:
        callbacks.better(draft, twin, callback.since, callback.priority)
        callback_ending.end(draft, callback, CallbackOutcome.MERGED, into=twin.id)
        return
    draft.put(replace(callback, queue=to))
    _renamed(draft, entry, to)

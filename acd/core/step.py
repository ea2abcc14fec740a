"""The only door: an event in, decisions out. The same function runs live, in simulation and in replay.

Every arrival in every state is a move, or *late* (a race we expect: counted and ignored), or a bug (it raises, and the state
is as it was). Each decision is in the state before the next one is thought of, and is yielded by itself, so that what was
decided is never lost because something later raised.
"""

from collections.abc import Iterator
from contextlib import closing

from acd.core import calls, reconcile
from acd.core import events as ev
from acd.core.decision import Decision
from acd.core.dispatch import dispatch
from acd.core.draft import Draft
from acd.core.house import Node
from acd.core.lines import following, leaving, line_watch, moving, recipes, waiting
from acd.core.matching.match import matches
from acd.core.matching.tracing import trace_of
from acd.core.offers import offering
from acd.core.outside import calling_back, dialling, outbound, reserving
from acd.core.state import State
from acd.core.talking import consulting, handed_on, taping
from acd.core.waking import woken
from acd.words import (
    EntryKind,
    EntryOutcome,
    EntryState,
    QueueId,
    node_of,
)


def step(state: State, event: ev.Event) -> Iterator[Decision]:
    """Decide on one event, then match until nothing more can be matched."""
    match event:
        case ev.TimePassed():
            yield from _time_passed(state, event)
        case ev.SnapshotTaken():
            yield from _snapshot(state, event)
        case ev.PlayEnded(result=ev.LOST):
            yield _decide(state, event, healed=True)
        case _:
            decision = _decide(state, event)
            yield decision
            event = decision.event  # without the digit, where that must not be remembered
    if state.policy.moved:
        yield from _move(state, event)
    if isinstance(event, ev.SnapshotTaken | ev.PolicyChanged):
        yield from _leave_what_is_gone(state, event)
        yield from _recipes_anew(state, event)
    yield from _settle(state, event)
    yield from _review(state, event)


def _move(state: State, event: ev.Event) -> Iterator[Decision]:
    """Nobody waits in a queue that another one has replaced: some go over with each event, the others a little later."""
    if isinstance(event, ev.SnapshotTaken | ev.PolicyChanged):
        for callback in moving.callbacks_to_go(state):
            draft = Draft(state, event, event.at)
            moving.go_back_call(draft, callback)
            yield _take(state, draft)
    for queue in state.policy.moved:
        for entry in moving.next_ones(state, queue, event.at):
            draft = Draft(state, event, event.at)
            moving.go(draft, entry)
            yield _take(state, draft)
        if state.unserved(queue):
            state.stirred.add(queue)


def _leave_what_is_gone(state: State, event: ev.Event) -> Iterator[Decision]:
    """Nobody waits in a queue that is in no configuration and that nobody serves (ACD.md 52, FAULTS.md F36)."""
    for entry in [each for each in state.entries.values() if state.rules(each.queue) is None]:
        is_there = entry.state in waiting.WAITS and state.reachable(node_of(entry.leg))
        if is_there and (entry.queue not in state.policy.moved or entry.kind is EntryKind.CALLBACK):
            draft = Draft(state, event, event.at)
            leaving.leave(draft, state.calls[entry.call], entry, EntryOutcome.SYSTEM_ERROR, "failed")
            yield _take(state, draft)


def _recipes_anew(state: State, event: ev.Event) -> Iterator[Decision]:
    """Those in line have the recipes that are in force now, not those with which they joined."""
    changed = [entry for entry in state.entries.values() if entry.state in waiting.WAITS and following.is_other(state, entry)]
    for n, entry in enumerate(changed):
        draft = Draft(state, event, event.at)
        following.anew(draft, entry, later_s=n * following.ONE_BY_ONE_S)
        yield _take(state, draft)


def _settle(state: State, event: ev.Event) -> Iterator[Decision]:
    with closing(matches(state, event.at)) as found:
        for entry, agent in found:
            draft = Draft(state, event, event.at)
            reserve = calling_back.reserves(draft, entry)
            offer = offering.make(draft, entry, agent, trace_of(state, entry, agent, event.at), reserve=reserve)
            if reserve:
                calling_back.reserved(draft, offer)
            yield _take(state, draft)


def _review(state: State, event: ev.Event) -> Iterator[Decision]:
    """What a line as a whole waits for, where that may have changed."""
    while state.stirred:
        queue = min(state.stirred)
        state.stirred.discard(queue)  # first: a fault must not be met again with every event
        draft = Draft(state, event, event.at)
        line_watch.review(draft, queue)
        if draft.changes:
            yield _take(state, draft)


def _look(state: State, event: ev.Event, queue: QueueId) -> Iterator[Decision]:
    """A line's deadline has come: those who are sent away leave, each by a decision of their own."""
    for entry, outcome, exit in line_watch.leaving(state, queue, event.at):
        draft = Draft(state, event, event.at)
        leaving.leave(draft, state.calls[entry.call], entry, outcome, exit)
        yield _take(state, draft)
    rules = state.rules(queue)
    for entry, recipe in recipes.due(state, rules, event.at) if rules else ():
        draft = Draft(state, event, event.at)
        now = state.entries.get(entry.id)  # what was done for somebody may have been to let them go
        if now is not None and now.state is EntryState.WAITING and following.follow(draft, now, recipe):
            yield _take(state, draft)
    if queue in state.watches:
        draft = Draft(state, event, event.at)
        line_watch.look(draft, queue)
        yield _take(state, draft)


def _take(state: State, draft: Draft) -> Decision:
    consulting.follow(draft)
    handed_on.follow(draft)
    taping.follow(draft)
    dialling.follow(draft)
    reserving.follow(draft)
    decision = draft.decision()
    for record in decision.changes:
        state.put(record)
    return decision


def _snapshot(state: State, event: ev.SnapshotTaken) -> Iterator[Decision]:
    draft = Draft(state, event, event.at)
    draft.put(Node(id=event.node, reachable=True, since=event.at))
    if event.restarted:
        _adopt_again(draft, event)
    taping.seen_again(draft, event)
    missed = reconcile.missed(state, event)
    yield _take(state, draft)
    for each in missed:
        yield _decide(state, each, healed=True)


def _adopt_again(draft: Draft, event: ev.SnapshotTaken) -> None:
    """Calls that a switch brought back after it had crashed stand as if they had just come: under its own dead man's switch."""
    for channel in event.channels:
        id = draft.state.call_of_leg.get(channel.leg)
        if id is not None and channel.bridged_to is None and not draft.call(id).ending:
            calls.adopt(draft, draft.call(id))


def _time_passed(state: State, event: ev.TimePassed) -> Iterator[Decision]:
    while state.due and state.due[0][0] <= event.at:
        due = state.due.pop(0)  # whatever becomes of it, it comes only once: a fault must not be met again at once, for ever
        if due[1] == "LineWatch":
            yield from _look(state, event, QueueId(due[2]))
            continue
        draft = Draft(state, event, event.at)
        woken(draft, due)
        calling_back.follow(draft)
        yield _take(state, draft)


def _decide(state: State, event: ev.Event, healed: bool = False) -> Decision:
    draft = Draft(state, event, event.at, healed=healed)
    dispatch(draft, event)
    calling_back.follow(draft)
    outbound.follow(draft, event)
    return _take(state, draft)

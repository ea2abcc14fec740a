"""What happens to a line as a whole: its queue closes, or everybody who could serve it has gone. Callers leave a few at a time.

A line is watched while somebody is in it and there is something to wait for. Its record is the deadline; nothing else is
remembered, so that what is true when it comes is what counts: a break that was cut short, hours that somebody changed by hand.
"""

from collections.abc import Iterator
from itertools import islice

from acd.core.draft import Draft
from acd.core.house import LineWatch
from acd.core.lines import personal, recipes
from acd.core.lines.entry import Entry
from acd.core.policy import ALWAYS, LEAVE, ONLINE, QueuePolicy
from acd.core.state import State
from acd.words import EntryKind, EntryOutcome, EntryState, QueueId, node_of

AT_ONCE = 20
"""So many leave together; the next ones AGAIN_S later: a full line that is sent away must not hold up everybody else's calls."""
AGAIN_S = 0.2
LATER_S = 1.0
"""Callers who should leave and cannot now: a phone rings for them, their switch is away."""
MINUTE_S = 60.0
"""Opening hours change at whole minutes; a line is not held against them more often."""
OTHERWISE = "otherwise"

Leaving = tuple[Entry, EntryOutcome, str]


def review(draft: Draft, queue: QueueId) -> None:
    """Watch a line, or no longer, after something in it or in its staff has changed."""
    state, old = draft.state, draft.state.watches.get(queue)
    if old is not None and old.look_at is not None and old.look_at <= draft.at:
        return  # it is looked at anyway, now
    new = _watch(state, queue, draft.at)
    if new != (old or LineWatch(id=queue)):
        draft.put(new)


def look(draft: Draft, queue: QueueId) -> None:
    """A line's deadline has come and those who leave have left: when to look again."""
    rules, old = draft.state.rules(queue), draft.state.watches[queue]
    new = _watch(draft.state, queue, draft.at)
    if rules is not None and new.look_at is not None and new.look_at <= draft.at:
        more = next(leaving(draft.state, queue, draft.at), None) is not None
        new = LineWatch(id=queue, vacant_since=new.vacant_since, look_at=draft.at + (AGAIN_S if more else LATER_S))
    if new != old:
        draft.put(new)


def leaving(state: State, queue: QueueId, at: float) -> Iterator[Leaving]:
    """Who is to leave now, in the order of the line, at most AT_ONCE."""
    rules = state.rules(queue)
    if rules is None:
        return
    outcome = _sent_away(state, rules, at)
    if outcome is None:
        return
    exit = {EntryOutcome.CLOSED: "closed", EntryOutcome.NO_STAFF: "no_agents"}[outcome]
    if personal.agent_of(queue):
        exit = personal.NOT_THERE
    theirs = (entry for entry in state.line(queue) if can_leave(state, entry, exit))
    yield from ((entry, outcome, exit) for entry in list(islice(theirs, AT_ONCE)))


def can_leave(state: State, entry: Entry, exit: str) -> bool:
    """By an exit that its flow has; a phone that rings for somebody is waited for (ACD.md 48)."""
    call = state.calls.get(entry.call)
    stands = call is not None and call.entry == entry.id and entry.state is EntryState.WAITING and entry.kind is not EntryKind.CALLBACK
    return stands and _has(entry, exit) and state.reachable(node_of(entry.leg))


def _has(entry: Entry, exit: str) -> bool:
    return exit in entry.exits or OTHERWISE in entry.exits or personal.agent_of(entry.queue) is not None


def _sent_away(state: State, rules: QueuePolicy, at: float) -> EntryOutcome | None:
    if rules.at_close == LEAVE and not state.is_open(rules, at):
        return EntryOutcome.CLOSED
    watch = state.watches.get(rules.id)
    if watch is None or watch.vacant_since is None or is_served(state, rules):
        return None
    return EntryOutcome.NO_STAFF if watch.vacant_since + rules.grace_s <= at else None


def is_served(state: State, rules: QueuePolicy) -> bool:
    """Whether anybody is there for those in line. By the word of ``join_when``; one who is only busy is there."""
    if rules.join_when == ALWAYS and not personal.agent_of(rules.id):
        return True
    roster = state.roster
    return (roster.online if rules.join_when == ONLINE or personal.agent_of(rules.id) else roster.staffed)(rules.id) > 0


def waits_to_go(state: State, queue: QueueId) -> bool:
    """Whether somebody still stands in a queue that was replaced; they go over a few at a time (``moving``)."""
    return any(each.state is EntryState.WAITING and state.reachable(node_of(each.leg)) for each in state.unserved(queue).values())


def _watch(state: State, queue: QueueId, at: float) -> LineWatch:
    rules, old = state.rules(queue), state.watches.get(queue)
    if queue in state.policy.moved:
        return LineWatch(id=queue, look_at=at + AGAIN_S if waits_to_go(state, queue) else None)
    if rules is None or not state.unserved(queue):
        return LineWatch(id=queue)
    since = None
    if not is_served(state, rules) and any(_has(entry, "no_agents") for entry in state.unserved(queue).values()):
        since = old.vacant_since if old and old.vacant_since is not None else at
    times = [since + rules.grace_s] if since is not None else []
    if rules.hours and rules.at_close == LEAVE and any(_has(entry, "closed") for entry in state.unserved(queue).values()):
        times.append((at // MINUTE_S + 1) * MINUTE_S if state.is_open(rules, at) else at)
    if recipes.counted(rules):
        times.append(recipes.next_look(queue, at))
    return LineWatch(id=queue, look_at=min(times, default=None), vacant_since=since)

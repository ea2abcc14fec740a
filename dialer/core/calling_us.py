"""Leads who call us meanwhile (ACD.md 93): nobody is dialled who is on the line with us, and after a talk the campaign's rule decides.

Only a talk with the campaign's own queue is what they would have been called for; of any other it is only known that they were not
to be disturbed in it.
"""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from acd.campaign import After
from dialer.core import ending, running
from dialer.core.attempt import UNANSWERED, AttemptState
from dialer.core.called import Called, Caller
from dialer.core.decisions import Decision, Drop, KeepCalled
from dialer.core.events import CalledStored, CallerDisposed, CallerSeen, CallerServed, OptedOut
from dialer.core.state import Dialler

S = AttemptState
KEPT_S = 3600.0
"""So long after a call something may be said of it."""
WHY = "they are calling us"


def seen(state: Dialler, event: CallerSeen) -> Iterator[Decision]:
    known = state.callers.get(event.call)
    if known is None and not event.is_over:
        state.callers[event.call] = Caller(call=event.call, number=event.number)
        state.on_line[event.number].add(event.call)
        yield from _left_in_peace(state, event.number)
    elif known is not None and event.is_over and known.over_at is None:
        state.callers[event.call] = known = replace(known, over_at=state.at)
        state.on_line[known.number].discard(known.call)
        if not state.on_line[known.number]:
            del state.on_line[known.number]
        yield from _talked(state, known)


def _left_in_peace(state: Dialler, number: str) -> Iterator[Decision]:
    for attempt in [each for each in state.attempts.values() if each.number == number]:
        if attempt.state in UNANSWERED:
            yield Drop(attempt=attempt.id)
        elif attempt.state in (S.CLAIMED, S.SHOWN):
            yield from ending.returned(state, attempt.passed_on(), WHY)


def is_on_line(state: Dialler, number: str) -> bool:
    return number in state.on_line


def served(state: Dialler, event: CallerServed) -> Iterable[Decision]:
    known = state.callers.get(event.call)
    if known is not None and event.queue not in known.queues:
        state.callers[event.call] = replace(known, queues=(*known.queues, event.queue))
    return ()


def disposed(state: Dialler, event: CallerDisposed) -> Iterator[Decision]:
    known = state.callers.get(event.call)
    if known is not None and known.disposition != event.disposition:
        state.callers[event.call] = known = replace(known, disposition=event.disposition, by=event.by)
        if known.over_at is not None:
            yield from _talked(state, known)


def _talked(state: Dialler, caller: Caller) -> Iterator[Decision]:
    """For each campaign whose queue they talked to. Whether they are a lead of it the database knows."""
    for of in [each for each in state.campaigns.values() if each.rules.lists and each.rules.queue in caller.queues]:
        what = Called(
            call=caller.call, campaign=of.id, number=caller.number, at=state.at, disposition=caller.disposition, by=caller.by
        )  # fmt: skip
        key = f"called {caller.call} {of.id}"
        state.called[key], state.told_at[key] = what, state.at
        yield KeepCalled(called=what, rules=of.rules)
        if caller.disposition and of.rules.after(caller.disposition).then is After.DO_NOT_CALL:
            yield from running.opted_out(state, OptedOut(at=state.at, number=caller.number))


def stored(state: Dialler, event: CalledStored) -> Iterable[Decision]:
    key = f"called {event.called.call} {event.called.campaign}"
    if state.called.get(key) == event.called:
        del state.called[key]
        state.told_at.pop(key, None)
    return ()


def again(state: Dialler) -> Iterator[Decision]:
    for key, what in list(state.called.items()):
        if state.at - state.told_at.get(key, -ending.AGAIN_S) >= ending.AGAIN_S:
            state.told_at[key] = state.at
            yield KeepCalled(called=what, rules=state.rules_of(what.campaign))
    for id in [each.call for each in state.callers.values() if each.over_at is not None and state.at - each.over_at > KEPT_S]:
        del state.callers[id]

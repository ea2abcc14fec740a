"""When a callback can be made at the earliest: by the hours in which its queue calls customers (ACD.md 68, 69)."""

from math import inf

from acd.core.lines.hours import OPEN
from acd.core.policy import QueuePolicy
from acd.core.state import State
from acd.words import QueueId

PAST_S = 60.0
"""Who says a time means a minute."""


def calendar_of(rules: QueuePolicy) -> str:
    """The hours of the callbacks, or the queue's own; '' is always."""
    return (rules.callback.hours if rules.callback is not None else "") or rules.hours


def first_in_hours(state: State, queue: QueueId, at: float, now: float) -> float | None:
    """The first moment from ``at`` on that lies in them: ``inf`` if none does for a good year, None if nobody can say.

    What is opened or closed by hand now says nothing of later.
    """
    calendar = calendar_of(state.queue(queue))
    if not calendar:
        return at
    forced = state.forced_state(calendar, now) if at <= now else ""
    if forced == OPEN:
        return at
    if forced:
        by_hand = state.forced[calendar].until
        return None if by_hand is None else _by_hours(state, calendar, by_hand)
    return _by_hours(state, calendar, at)


def _by_hours(state: State, calendar: str, at: float) -> float:
    known = state.policy.calendars.get(calendar)
    if known is None:
        return inf
    if known.state(at) == OPEN:
        return at
    change = known.next_change(at)
    return change[0] if change is not None and change[1] == OPEN else inf


def refusal(state: State, queue: QueueId, when: float | None, now: float) -> str:
    """Why people of the house cannot have one for that time; '' when they can. One that would expire first is a promise to nobody."""
    if when is not None and when <= now - PAST_S:
        return "that time is past"
    rules, at = state.queue(queue), max(now, when or now)
    first = first_in_hours(state, queue, at, now)
    if rules.callback is None or first is None or first < at + rules.callback.expires_s:
        return ""
    calendar = calendar_of(rules)
    expires = "before it opens again the callback would have expired" if first < inf else "and does not open any more"
    then = "then" if when is not None else "now"
    return f"{calendar} is closed {then}, {expires} (queues: {queue}: callback: hours, expires; acd hours {calendar})"

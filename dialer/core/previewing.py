"""Leads that agents see first: dialled when the agent says so or the time is over, passed on, or taken back from who is not free.

While they look at it, and until it is over, they are reserved for it: nobody else gets them, and nobody else gets whoever answers.
"""

from collections.abc import Iterator

from acd.campaign import Mode
from acd.core.illegal import IllegalMove
from acd.law.calling import open_now
from dialer.core import ending, launching, reserving, showing
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Decision
from dialer.core.events import PreviewWished
from dialer.core.state import Dialler, Running

S = AttemptState
WATCHED = frozenset({Mode.PREVIEW, Mode.MANUAL})


def wished(state: Dialler, event: PreviewWished) -> Iterator[Decision]:
    attempt = showing.of_agent(state, event.agent)
    if attempt is None:
        raise IllegalMove(f"no lead is shown to {event.agent}")
    running = state.campaigns[attempt.campaign]
    if event.accepts:
        yield from _dial(state, running, attempt)
    elif running.rules.may_skip:
        state.attempts[attempt.id] = attempt = attempt.passed_on()
        yield from ending.returned(state, attempt, f"{event.agent} passed it on")
    else:
        raise IllegalMove(f"campaign {running.id} lets nobody pass a lead on")


def settle(state: Dialler) -> Iterator[Decision]:
    """After whatever happened."""
    if not any(each.rules.mode in WATCHED for each in state.campaigns.values()):
        return
    for attempt in [each for each in state.attempts.values() if each.state in (S.SHOWN, S.WISHED)]:
        running = state.campaigns[attempt.campaign]
        if why := not_any_more(state, running, attempt):
            yield from ending.returned(state, attempt, why)
        elif attempt.state is S.SHOWN and _is_due(state, running, attempt):
            yield from _dial(state, running, attempt)


def _is_due(state: Dialler, running: Running, attempt: Attempt) -> bool:
    shown_at, preview_s = attempt.shown_at, running.rules.preview_s
    return preview_s is not None and shown_at is not None and state.at >= shown_at + preview_s


def not_any_more(state: Dialler, running: Running, attempt: Attempt) -> str:
    rules = running.rules
    if not running.dials:
        return f"the campaign is {running.run.state}"
    if rules.queue is None or reserving.is_lost(state, attempt):
        return f"{attempt.reserved} is not free any more"
    open_ = open_now(rules.profile, attempt.zones, state.at, attempt.country, rules.local_hours)
    return "" if open_ is True else str(open_)


def _dial(state: Dialler, running: Running, attempt: Attempt) -> Iterator[Decision]:
    if why := not_any_more(state, running, attempt):
        yield from ending.returned(state, attempt, why)
    else:
        yield launching.dial(state, running, attempt)

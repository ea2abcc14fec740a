"""Numbers that agents dial themselves for a campaign (``Mode.MANUAL``).

The number is leased as a lead of the campaign, so nothing is asked of any other lead that is not asked of it. Its agent is reserved
first, and until the call is over; whatever holds it is told to whoever wished.
"""

from collections.abc import Iterator
from dataclasses import replace

from acd.campaign import Mode
from acd.core.illegal import IllegalMove
from acd.law.calling import open_now
from dialer.core import calling_us, ending, launching, previewing, reserving
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Decision, Reserve
from dialer.core.events import CallWished, NumberClaimed, NumberRefused
from dialer.core.state import Dialler, Running

S = AttemptState


def wished(state: Dialler, event: CallWished) -> Iterator[Decision]:
    running = state.campaigns.get(event.campaign)
    if running is None or running.gone:
        raise IllegalMove(f"no campaign {event.campaign}; there are: {', '.join(sorted(state.campaigns)) or 'none'}")
    if why := _not_now(state, running, event):
        raise IllegalMove(why)
    attempt = Attempt(
        id=event.id,
        campaign=running.id,
        lead=0,
        number=event.number,
        claimed_at=state.at,
        zones=event.zones,
        country=event.country,
        reserved=event.agent,
        state=S.WISHED,
    )
    state.attempts[attempt.id] = attempt
    reserving.takes(state, attempt)
    assert running.rules.queue is not None
    yield Reserve(attempt=attempt, queue=running.rules.queue, for_s=reserving.LASTS_S)


def _not_now(state: Dialler, running: Running, event: CallWished) -> str:
    """What is known without asking anybody."""
    rules = running.rules
    if rules.mode is not Mode.MANUAL:
        return f"the mode of campaign {running.id} is {rules.mode}; agents dial themselves where it is manual"
    if not running.dials:
        return f"the campaign is {running.run.state}"
    if event.agent in reserving.taken(state):
        return f"{event.agent} has a lead already"
    if held := launching.outside_hours(state, running):
        return held.why
    if launching.view_of(state, running).trunks == 0:
        return "as many calls are out as may be (lines)"
    if calling_us.is_on_line(state, event.number):
        return calling_us.WHY
    open_ = open_now(rules.profile, event.zones, state.at, event.country, rules.local_hours)
    return "" if open_ is True else str(open_)


def claimed(state: Dialler, event: NumberClaimed) -> Iterator[Decision]:
    """Whose wish is over by now is finished after this: the database is told so in the order in which it was asked."""
    wish = state.attempts.get(event.attempt.id)
    if wish is None or wish.state is not S.WISHED:
        return
    running = state.campaigns[wish.campaign]
    attempt = replace(event.attempt, reserved=wish.reserved, reserved_at=wish.reserved_at)
    state.attempts[attempt.id] = attempt
    if why := previewing.not_any_more(state, running, attempt):
        yield from ending.returned(state, attempt, why)
    else:
        yield launching.dial(state, running, attempt)


def refused(state: Dialler, event: NumberRefused) -> Iterator[Decision]:
    wish = state.attempts.get(event.attempt)
    if wish is not None and wish.state is S.WISHED:
        yield from ending.returned(state, wish, event.why)

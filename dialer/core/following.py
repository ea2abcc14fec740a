"""PURE: what becomes of a lead by the rules of its campaign, after an outcome or an agent's word."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from acd.campaign import CALLED_US, After, Campaign, Retry
from acd.law.local import within
from dialer.core.attempt import Outcome
from dialer.core.called import Called
from dialer.core.retrying import LeadState, Next, retried

NUMBER_AT_FAULT = frozenset({Outcome.INVALID, Outcome.FAX, Outcome.BLOCKED})
"""The number, not the moment: another one of the lead may be tried, and at once."""
REACHED = frozenset({Outcome.TALKED, Outcome.DONE})
"""What they were called for is done."""
PASSED_ON_S = 600.0
"""So long a lead that an agent has passed on is shown to nobody."""
INTERNAL = "internal"
FOR_GOOD = 1e15
"""An instant that never comes."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Tried:
    """A lead so far: its attempts with this one, how often it was put off after which outcome, and which of its numbers was dialled."""

    attempts: int
    turn: int
    numbers: int
    zones: tuple[str, ...]
    retried: Mapping[str, int] = field(default_factory=dict)


def next_of(rules: Campaign, outcome: Outcome, tried: Tried, at: float, *, opted_out: bool = False, is_passed_on: bool = False) -> Next:
    """Whoever ``opted_out`` has the last word."""
    if outcome is Outcome.RETURNED:
        return Next(state=LeadState.WAITING, why="retry", due_at=at + PASSED_ON_S) if is_passed_on else Next(state=LeadState.READY)
    lock, reserved = _after_an_abandon(rules, at) if outcome is Outcome.DIALER_ABANDON else (None, None)
    return replace(_next(rules, outcome, tried, at, lock, reserved, opted_out=opted_out), reserved_until=reserved)


def _after_an_abandon(rules: Campaign, at: float) -> tuple[float | None, float | None]:
    """Until when nobody dials the number, and until when nobody but with an agent reserved for it. The law says which of the two its
    lock is, and whether the next call needs such an agent whenever it is; a lock of the campaign's own is for everybody.
    """
    law, until = rules.profile, at + rules.redial_lock_s if rules.redial_lock_s else None
    if law.redial_lock_s and not law.lock_is_absolute:
        return None, FOR_GOOD if law.then_reserved else until
    return until, FOR_GOOD if law.then_reserved else None


def _next(
    rules: Campaign, outcome: Outcome, tried: Tried, at: float, lock: float | None, reserved: float | None, *, opted_out: bool
) -> Next:
    if opted_out:
        return Next(state=LeadState.DO_NOT_CALL, why="opted out", lock_until=lock, do_not_call=INTERNAL)
    if outcome in REACHED:
        return Next(state=LeadState.DONE, why=outcome.value)
    retry = rules.retry(outcome.value)
    delay = None if outcome in NUMBER_AT_FAULT else retry.delay_s(tried.retried.get(outcome.value, 0))
    if delay is not None and _reached(rules.caps.lead_total, tried.attempts):
        return Next(state=LeadState.DONE, why=f"dialled {tried.attempts} times", lock_until=lock)
    found = retried(
        outcome.value,
        at,
        delay_s=delay,
        turn=tried.turn,
        numbers=tried.numbers,
        other_number=retry.other_number and (delay is not None or outcome in NUMBER_AT_FAULT),
        lock_until=lock,
    )
    soonest = max(lock or 0.0, reserved if reserved is not None and reserved != FOR_GOOD else 0.0)
    return _at_a_time(found, retry, tried, soonest)


def called_next(rules: Campaign, called: Called, tried: Tried) -> Next:
    """They called by themselves: what the agent said came of it, else what the campaign says of such calls."""
    if called.disposition:
        return disposed(rules, called.disposition, called.at, agent=called.by or None)
    retry = rules.retry(CALLED_US)
    delay = retry.delay_s(tried.retried.get(CALLED_US, 0))
    found = retried(CALLED_US, called.at, delay_s=delay, turn=tried.turn, numbers=tried.numbers, other_number=False)
    return _at_a_time(found, retry, tried)


def _at_a_time(found: Next, retry: Retry, tried: Tried, soonest: float = 0.0) -> Next:
    """Not before a lock is over, and within the times of day that the rule says, by the clock of who is called."""
    if found.due_at is None:
        return found
    due = max(found.due_at, soonest)
    return replace(found, due_at=within(retry.between, due, tried.zones))


def disposed(
    rules: Campaign, name: str, at: float, call_at: float | None = None, agent: str | None = None, *, no_more: bool = False
) -> Next:
    """An agent's word. ``call_at``: what agent and customer agreed on; ``agent``: who promised it, if that is a personal promise."""
    found = rules.after(name)
    if found.then is After.CALLBACK and call_at is None and found.after_s is not None:
        call_at = at + found.after_s
    if no_more or found.then is After.DO_NOT_CALL:
        return Next(state=LeadState.DO_NOT_CALL, why=name, do_not_call=INTERNAL)
    if found.then is After.RETRY:
        return Next(state=LeadState.WAITING, why="retry", due_at=at + (found.after_s or 0.0))
    if found.then is After.CALLBACK and call_at is not None:
        return Next(state=LeadState.WAITING, why="callback", due_at=max(at, call_at), agent=agent if found.personal else None)
    if found.then is After.CALLBACK:
        return Next(state=LeadState.DONE, why=f"{name}: no time was said")
    return Next(state=LeadState.DONE, why=name)


def _reached(cap: int | None, count: int) -> bool:
    return cap is not None and count >= cap

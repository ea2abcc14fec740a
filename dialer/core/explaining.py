"""What a campaign does now, and why it does not do more: for people, out of what was decided by. Decides nothing."""

from dataclasses import asdict
from typing import Any

from acd.law.ledger import Count
from dialer.core.attempt import AttemptState
from dialer.core.state import Dialler, Running

S = AttemptState
BINDS = {
    "agents": "agents: nobody is free whom one more call would not be too many for",
    "trunks": "lines: as many calls are out as may be",
    "calls_per_second": "calls per second: as many were begun as may be",
    "abandon_budget": "the law: one abandon more would pass the limit, so each call has a free agent of its own",
    "nothing_learnt": "nothing was learnt yet, so each call has a free agent of its own",
}


def campaign_view(state: Dialler, running: Running) -> dict[str, Any]:
    """Everything about one, as plain data: what it dials, what binds it, the forecast behind that, what the law leaves."""
    rules = running.rules
    now = [each.state for each in state.of(rules.id)]
    return {
        "campaign": rules.id,
        "mode": rules.mode.value,
        "queue": rules.queue,
        "law": rules.law,
        "state": running.run.state.value,
        "since": running.run.since,
        "by": running.run.by,
        "why": running.run.why,
        "calls": {each.value: now.count(each) for each in (S.ASKED, S.RINGING, S.ANSWERED, S.TALKING, S.ABANDONED)},
        "asked_for": running.claiming,
        "binds": binds(state, running),
        "forecast": {key: value for key, value in asdict(running.why).items() if value is not None} if running.why else {},
        "ledger": [_count(count, running.ledger.limit) for count in running.ledger.counts(state.at)],
        "room": running.ledger.room(state.at),
    }


def binds(state: Dialler, running: Running) -> str:
    """One sentence: what keeps it from dialling more at this moment."""
    if running.gone:
        return "it is in the configuration no more"
    if not running.dials:
        return f"it is {running.run.state.value}" + (f": {running.run.why}" if running.run.why else "")
    if running.held:
        return running.held
    if running.why is None:
        return "nothing was decided yet"
    floor = state.floors.get(running.rules.queue) if running.rules.queue is not None else None
    if floor is not None and floor.callers and running.why.lines <= floor.callers:
        return f"{floor.callers} callers wait in {running.rules.queue}, and have the next agents"
    return BINDS.get(running.why.binds.value, running.why.binds.value)


def _count(count: Count, limit: float) -> dict[str, Any]:
    return {
        "period_s": count.period_s,
        "answered": count.answered,
        "abandoned": count.abandoned,
        "rate": round(count.rate, 6),
        "limit": limit,
        "room": count.room(limit),
    }

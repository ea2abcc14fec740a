"""What a campaign does now, and why it does not do more: for people, out of what was decided by. Decides nothing."""

from collections import Counter
from dataclasses import asdict
from typing import Any

from acd.campaign import AUTOMATIC, Mode
from acd.law.ledger import Count
from dialer.core import blending, sharing, showing
from dialer.core.attempt import AttemptState
from dialer.core.held import HeldBy
from dialer.core.pacing.pacer import Binds
from dialer.core.run import RunState
from dialer.core.state import Dialler, Running

S = AttemptState
BINDS = {
    "agents": "agents: nobody is free whom one more call would not be too many for",
    "trunks": "lines: as many calls are out as may be, of the campaign or on its trunks",
    "calls_per_second": "calls per second: as many were begun as may be",
    "at_once": "leads: as many are asked for as may be in one piece",
    "abandon_budget": "the law: one abandon more would pass the limit, so each call has a free agent of its own",
    "nothing_learnt": "nothing was learnt yet, so each call has a free agent of its own",
}


WORDS = frozenset(
    {
        "gone",
        "nothing",
        "callers",
        "manual",
        "priority",
        *BINDS,
        *(each.value for each in HeldBy),
        *(each.value for each in RunState if each is not RunState.RUNNING),
    }
)
"""All that ``binds`` may say in one word."""


def campaign_view(state: Dialler, running: Running) -> dict[str, Any]:
    """Everything about one, as plain data: what it dials, what binds it, the forecast behind that, what the law leaves."""
    rules = running.rules
    now = [each.state for each in state.of(rules.id)]
    return {
        "campaign": rules.id,
        "mode": rules.mode.value,
        "queue": rules.queue,
        "requires": dict(rules.requires),
        "priority": rules.priority,
        "callers": sharing.callers(state, rules.queue) if rules.queue is not None else {},
        "law": rules.law,
        "state": running.run.state.value,
        "since": running.run.since,
        "by": running.run.by,
        "why": running.run.why,
        "calls": {
            each.value: now.count(each) for each in (S.SHOWN, S.ASKED, S.RINGING, S.ANSWERED, S.TOLD, S.TALKING, S.ABANDONED, S.MACHINE)
        },
        "asked_for": running.claiming,
        "binds": binds(state, running)[1],
        "forecast": {key: value for key, value in asdict(running.why).items() if value is not None} if running.why else {},
        "ledger": [_count(count, running.ledger.limit) for count in running.ledger.counts(state.at)],
        "room": running.ledger.room(state.at),
    }


def binds(state: Dialler, running: Running) -> tuple[str, str]:
    """What keeps it from dialling more at this moment: a word of ``WORDS`` to count by, and a sentence."""
    if running.gone:
        return "gone", "it is in the configuration no more"
    if not running.dials:
        state_ = running.run.state.value
        return state_, f"it is {state_}" + (f": {running.run.why}" if running.run.why else "")
    if running.held:
        return running.held.by.value, running.held.why + _opens(state, running)
    if running.rules.mode is Mode.MANUAL:
        return "manual", "agents dial themselves"
    if running.rules.mode not in AUTOMATIC and running.bound:
        return running.bound, BINDS[running.bound]
    if running.why is None:
        return "nothing", "nothing was decided yet"
    if (inbound := blending.kept_for(state, running.rules)) and running.why.lines <= _others(state, running):
        return "callers", inbound
    if running.why.binds in FOR_AGENTS and (other := _goes_before(state, running)):
        return "priority", other
    return running.why.binds.value, BINDS.get(running.why.binds.value, running.why.binds.value)


def _opens(state: Dialler, running: Running) -> str:
    """Looked for only when somebody asks: a calendar that never opens is searched for a year."""
    hours = state.calendars.get(running.rules.hours) if running.held and running.held.by is HeldBy.HOURS else None
    return f", and opens {when}" if hours is not None and (when := hours.opens(state.at)) else ""


FOR_AGENTS = (Binds.AGENTS, Binds.ABANDON_BUDGET, Binds.NOTHING_LEARNT)
WITH_AGENTS = (S.ASKED, S.RINGING, S.ANSWERED, S.TALKING)


def _others(state: Dialler, running: Running) -> int:
    """Of the lines that the pacer bears, those that are not for this campaign."""
    queue = running.rules.queue
    return 0 if queue is None else sharing.taken(state, queue) + sharing.needed(state, queue)


def _goes_before(state: Dialler, running: Running) -> str:
    """A campaign of higher priority for which the agents are that this one could have; '' when there is none."""
    assert running.rules.queue is not None
    shared = {running.rules.queue, *(queue for queue, _ in sharing.beside(state, running.rules.queue))}
    for each in sorted(state.campaigns.values(), key=lambda each: -each.rules.priority):
        if each.rules.priority <= running.rules.priority:
            return ""
        calls = Counter(attempt.state is S.TALKING for attempt in state.of(each.id) if attempt.state in WITH_AGENTS)
        if each.rules.queue in shared and (calls or each.claiming):
            than = f"{each.rules.priority}, this one has {running.rules.priority}"
            return f"agents go to campaign {each.id} of higher priority ({than}): {_calls(calls[False] + each.claiming, calls[True])}"
    return ""


def _calls(out: int, talks: int) -> str:
    return f"{out} {'line' if out == 1 else 'lines'} out for it, {talks} {'talks' if talks == 1 else 'talk'}"


def _count(count: Count, limit: float) -> dict[str, Any]:
    return {
        "period_s": count.period_s,
        "answered": count.answered,
        "abandoned": count.abandoned,
        "rate": round(count.rate, 6),
        "limit": limit,
        "room": count.room(limit),
    }


def preview_view(state: Dialler, agent: str) -> dict[str, Any]:
    """What an agent sees before it is dialled. Raises KeyError where nothing is shown."""
    attempt = showing.of_agent(state, agent)
    if attempt is None or attempt.shown_at is None:
        raise KeyError(f"no lead is shown to {agent}")
    rules = state.campaigns[attempt.campaign].rules
    return {
        "attempt": attempt.id,
        "campaign": attempt.campaign,
        "number": attempt.number,
        "lead": dict(attempt.tags),
        "guide": rules.guide,
        "shown_at": attempt.shown_at,
        "dialled_at": None if rules.preview_s is None else attempt.shown_at + rules.preview_s,
        "may_skip": rules.may_skip,
    }

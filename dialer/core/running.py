"""Campaigns come, go, are started and stopped; and what the database knew is put back after a start."""

from collections.abc import Iterable, Iterator, Mapping

from acd.campaign import Campaign
from acd.core.illegal import IllegalMove
from acd.law.ledger import Ledger
from dialer.core import ending
from dialer.core.attempt import UNANSWERED, AttemptState
from dialer.core.decisions import Decision, Drop, RunChanged
from dialer.core.events import OptedOut, PutBack, RulesChanged, RunWished
from dialer.core.run import Run, RunWish
from dialer.core.state import Dialler, Running


def rules_changed(state: Dialler, event: RulesChanged) -> Iterable[Decision]:
    state.calendars = event.calendars
    for id, found in state.campaigns.items():
        found.gone = id not in event.campaigns
    for id, rules in event.campaigns.items():
        if id in state.campaigns:
            _renew(state, state.campaigns[id], rules)
        else:
            state.campaigns[id] = _begun(state, rules)
    return ()


def _begun(state: Dialler, rules: Campaign) -> Running:
    ledger = Ledger.of(rules.profile, rules.abandon_limit)
    for name in rules.names:  # whatever was counted under a name that it replaces counts for it
        _add_kept(ledger, rules, state.kept_ledgers.get(name))
    return Running(rules=rules, run=state.runs.get(rules.id, Run(campaign=rules.id)), ledger=ledger)


def _renew(state: Dialler, found: Running, rules: Campaign) -> None:
    """What was counted stays counted, under whatever law comes next."""
    counted = found.ledger
    found.ledger = Ledger.of(rules.profile, rules.abandon_limit)
    found.ledger.add(counted.rows())
    for name in set(rules.names) - set(found.rules.names):
        _add_kept(found.ledger, rules, state.kept_ledgers.get(name))
    found.rules = rules


def _add_kept(ledger: Ledger, rules: Campaign, kept: Mapping[str, object] | None) -> None:
    if kept is not None:
        ledger.add(Ledger.from_kept(kept, rules.profile).rows())


def put_back(state: Dialler, event: PutBack) -> Iterable[Decision]:
    """Before anything else is told. What was never dialled is found out by asking the house (``Unknown``, ``CallSeen``)."""
    state.runs = {run.campaign: run for run in event.runs}
    state.kept_ledgers, state.learnt = dict(event.ledgers), dict(event.learnt)
    state.attempts = {each.id: each for each in event.open}
    return ()


def wished(state: Dialler, event: RunWished) -> Iterator[Decision]:
    found = state.campaigns.get(event.campaign)
    if found is None or (found.gone and event.wish is RunWish.START):
        raise IllegalMove(f"no campaign {event.campaign}; there are: {', '.join(sorted(state.campaigns)) or 'none'}")
    found.run = found.run.wished(event.wish, event.at, event.by, event.why)
    found.claim_at = 0.0
    yield RunChanged(run=found.run)
    if event.wish is RunWish.STOP:
        for attempt in state.of(event.campaign):
            if attempt.state in UNANSWERED:
                yield Drop(attempt=attempt.id)


def opted_out(state: Dialler, event: OptedOut) -> Iterator[Decision]:
    for attempt in list(state.attempts.values()):
        if attempt.number != event.number or attempt.id == event.attempt:
            continue
        if attempt.state in UNANSWERED:
            yield Drop(attempt=attempt.id)
        elif attempt.state in (AttemptState.CLAIMED, AttemptState.SHOWN):
            yield from ending.returned(state, attempt, "they want to be called no more")

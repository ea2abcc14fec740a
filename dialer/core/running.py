"""Campaigns come, go, are started and stopped; and what the database knew is put back after a start."""

from collections.abc import Iterable, Iterator, Mapping

from acd.campaign import Campaign
from acd.core.illegal import IllegalMove
from acd.law.ledger import Ledger
from acd.law.profiles import DEFAULT, PROFILES
from acd.words import AgentId, QueueId
from dialer.core import ending
from dialer.core.attempt import UNANSWERED, AttemptState
from dialer.core.decisions import Decision, Drop, RunChanged
from dialer.core.events import OptedOut, PutBack, RulesChanged, RunWished
from dialer.core.run import Run, RunState, RunWish
from dialer.core.state import Dialler, Running

TAKEN_OUT = "it was taken out of the configuration"


def rules_changed(state: Dialler, event: RulesChanged) -> Iterator[Decision]:
    """One that is taken out comes back stopped: what a plan calls new dials nobody until it is started."""
    state.calendars = event.calendars
    if event.members is not None:
        _only(state, event.members)
    for id, found in state.campaigns.items():
        found.gone = id not in event.campaigns
        if found.gone and found.run.state in (RunState.RUNNING, RunState.PAUSED):
            found.run = found.run.wished(RunWish.DRAIN, event.at, "", TAKEN_OUT)
            yield RunChanged(run=found.run)
    for id in state.runs.keys() - event.campaigns.keys() - state.campaigns.keys():
        if state.runs[id].state is not RunState.STOPPED:
            state.runs[id] = state.runs[id].wished(RunWish.STOP, event.at, "", TAKEN_OUT)
            yield RunChanged(run=state.runs[id])
    for id, rules in event.campaigns.items():
        if id in state.campaigns:
            _renew(state, state.campaigns[id], rules)
        else:
            state.campaigns[id] = _begun(state, rules)


def _only(state: Dialler, members: Mapping[QueueId, frozenset[AgentId]]) -> None:
    """Nobody is counted on who does not serve the queue any more; nobody waits in a queue that is gone."""
    for queue, floor in state.floors.items():
        floor.leave(members.get(queue, frozenset()), state.at)
        floor.callers = floor.callers if queue in members else 0


def _begun(state: Dialler, rules: Campaign) -> Running:
    run = state.runs.get(rules.id, Run(campaign=rules.id))
    return Running(rules=rules, run=run, ledger=_ledger(state, rules, rules.names), counts=frozenset(rules.names))


def _renew(state: Dialler, found: Running, rules: Campaign) -> None:
    """What was counted stays counted, under whatever law comes next and whatever it replaces no more."""
    found.counts |= {*rules.names}
    found.ledger, found.rules = _ledger(state, rules, found.counts), rules


def _ledger(state: Dialler, rules: Campaign, names: Iterable[str]) -> Ledger:
    """Whatever was counted under a name that it replaces counts for it, each once."""
    ledger = Ledger.of(rules.profile, rules.abandon_limit)
    for name in sorted(names):
        ledger.add(state.counted_for(name).rows())
    return ledger


def put_back(state: Dialler, event: PutBack) -> Iterable[Decision]:
    """Before anything else is told. What was never dialled is found out by asking the house (``Unknown``, ``CallSeen``)."""
    state.runs = {run.campaign: run for run in event.runs}
    state.counted = {name: Ledger.from_kept(kept, PROFILES[DEFAULT]) for name, kept in event.ledgers.items()}
    state.learnt = dict(event.learnt)
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
        if attempt.number != event.number or attempt.id == event.attempt or event.campaign not in ("", attempt.campaign):
            continue
        if attempt.state in UNANSWERED:
            yield Drop(attempt=attempt.id)
        elif attempt.state in (AttemptState.WISHED, AttemptState.CLAIMED, AttemptState.SHOWN):
            yield from ending.returned(state, attempt, "they want to be called no more")

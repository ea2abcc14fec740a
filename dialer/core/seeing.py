"""What is seen of calls and agents, told to the ledger of the law and to the pacers of the floor."""

from collections.abc import Iterable, Iterator
from dataclasses import replace

from acd.core.outside.dialled_call import DialledCall, DialledState, DialOutcome
from acd.core.outside.gate import NotOut
from acd.words import AgentId, AgentState
from dialer.core import disposing, ending, reserving, running, telling
from dialer.core.attempt import LATER, NO_PERSON, Attempt, AttemptState, Outcome
from dialer.core.decisions import Answered, Decision, KeepOptOut
from dialer.core.events import AgentSeen, CallersSeen, CallSeen, OptedOut, TrunksSeen
from dialer.core.pacing import events as pacing
from dialer.core.state import Dialler

S, D = AttemptState, DialledState
Does = type[pacing.AgentReady | pacing.AgentTalking | pacing.AgentWrapUp | pacing.AgentElsewhere | pacing.AgentGone]

OF_STATE: dict[DialledState, AttemptState] = {
    D.DIALLING: S.ASKED,
    D.RINGING: S.RINGING,
    D.ANSWERED: S.ANSWERED,
    D.TOLD: S.TOLD,
    D.TALKING: S.TALKING,
    D.ABANDONED: S.ABANDONED,
    D.MACHINE: S.MACHINE,
    D.ENDED: S.ENDED,
}

FULL = {
    NotOut.TRUNK_BUSY.value: "its trunks have as many calls as they take",
    NotOut.TRUNK_RATE.value: "its trunks have had as many calls in this second as they take",
}


def call_seen(state: Dialler, event: CallSeen) -> Iterator[Decision]:
    state.asked.discard(event.call.id)
    yield from _followed(state, event)
    yield from disposing.heard(state, event.call)
    yield from telling.disposed(state, event.call)


def _followed(state: Dialler, event: CallSeen) -> Iterator[Decision]:
    """A version may have been missed, and after a start the last one is the first that is seen: each step on the way is made up for."""
    attempt, call = state.attempts.get(event.call.id), event.call
    if attempt is None or call.state not in OF_STATE or attempt.state is S.ENDED:
        return
    if call.opted_out_at is not None and attempt.opted_out_at is None:
        attempt = _put(state, replace(attempt, opted_out_at=call.opted_out_at))
        yield KeepOptOut(attempt=attempt)
        yield from running.opted_out(state, OptedOut(at=state.at, number=attempt.number, attempt=attempt.id))
    target = OF_STATE[call.state]
    if LATER[target] <= LATER[attempt.state]:
        return
    if attempt.state is S.CLAIMED:  # from before a restart
        attempt = _put(state, attempt.move(S.ASKED, asked_at=call.at, reserved=str(call.reserved or "")))
        state.feed(attempt, pacing.LineDialled(at=call.at, line=attempt.id))
    if attempt.state is S.ASKED and target is S.RINGING:
        attempt = _put(state, attempt.move(S.RINGING))
    if call.answered_at is not None and attempt.answered_at is None:
        attempt = _answered(state, attempt, call)
        yield Answered(attempt=attempt)
    if target is S.TOLD:
        attempt = _put(state, attempt.move(S.TOLD))
    if call.bridged_at is not None and attempt.state in (S.ANSWERED, S.TOLD):
        attempt = _put(state, attempt.move(S.TALKING, bridged_at=call.bridged_at, agent=str(call.agent or "")))
        state.feed(attempt, _served(state, attempt, still=target is S.TALKING))
    if attempt.state is S.ANSWERED and _is_abandoned(call):
        attempt = _abandoned(state, attempt, call)
    if _is_machine(call) and attempt.state in (S.ANSWERED, S.TOLD, S.TALKING):
        attempt = _machine(state, attempt)
    if target is S.ENDED:
        yield from _ended(state, attempt, call)


def _served(state: Dialler, attempt: Attempt, *, still: bool) -> pacing.Event:
    """Of a talk that is over already nothing is said of its agent, who may do something else by now."""
    if still:
        return pacing.PersonServed(at=state.at, line=attempt.id, agent=AgentId(attempt.agent))
    return pacing.LineEnded(at=state.at, line=attempt.id, outcome=Outcome.TALKED.value)


def _put(state: Dialler, attempt: Attempt) -> Attempt:
    state.attempts[attempt.id] = attempt
    return attempt


def _answered(state: Dialler, attempt: Attempt, call: DialledCall) -> Attempt:
    assert call.answered_at is not None
    for ledger in state.counts_in(attempt.campaign):
        ledger.answered(call.answered_at)
    state.feed(attempt, pacing.LineAnswered(at=state.at, line=attempt.id))
    return _put(state, attempt.move(S.ANSWERED, answered_at=call.answered_at))


def _is_abandoned(call: DialledCall) -> bool:
    return call.abandoned_at is not None or call.outcome is DialOutcome.DIALER_ABANDON


def _abandoned(state: Dialler, attempt: Attempt, call: DialledCall) -> Attempt:
    """Picked up at the very moment in which the ringing was given up counts too; then there was no message."""
    at = call.abandoned_at or call.ended_at or state.at
    for ledger in state.counts_in(attempt.campaign):
        ledger.abandoned(at)
    state.feed(attempt, pacing.PersonAbandoned(at=state.at, line=attempt.id))
    return _put(state, attempt.move(S.ABANDONED, abandoned_at=at))


def _is_machine(call: DialledCall) -> bool:
    return call.state is D.MACHINE or (call.outcome is not None and call.outcome.value in NO_PERSON)


def _machine(state: Dialler, attempt: Attempt) -> Attempt:
    """It was counted as a person who answered, and is counted as one no more; its agent is free by what is seen of them."""
    assert attempt.answered_at is not None
    for ledger in state.counts_in(attempt.campaign):
        ledger.no_person(attempt.answered_at)
    if attempt.state is not S.TALKING:
        state.feed(attempt, pacing.LineEnded(at=state.at, line=attempt.id, outcome=Outcome.MACHINE.value))
    return _put(state, attempt.move(S.MACHINE))


def _ended(state: Dialler, attempt: Attempt, call: DialledCall) -> Iterator[Decision]:
    assert call.outcome is not None
    if attempt.state is S.ANSWERED or attempt.answered_at is None:
        state.feed(attempt, pacing.LineEnded(at=state.at, line=attempt.id, outcome=call.outcome.value))
    if call.refused in FULL:
        yield from ending.put_back(state, attempt, FULL[call.refused])
        return
    yield from ending.over(
        state,
        attempt,
        Outcome(call.outcome.value),
        ended_at=call.ended_at or state.at,
        cause=call.cause,
        sip_status=call.sip_status,
        why=call.refused,
    )


def agent_seen(state: Dialler, event: AgentSeen) -> Iterator[Decision]:
    for queue in event.queues:
        floor = state.floor(queue)
        floor.feed(_does(event)(at=state.at, agent=event.agent))
        floor.reserved.pop(event.agent, None)
        if event.reserved_for:
            floor.reserved[event.agent] = event.reserved_for
    yield from reserving.seen(state, event)


def _does(event: AgentSeen) -> Does:
    """Who is about to leave after this call is gone already, as far as the next one is concerned."""
    if not event.stays:
        return pacing.AgentGone
    if event.is_free:
        return pacing.AgentReady
    return BUSY.get(event.doing, pacing.AgentElsewhere)


BUSY: dict[AgentState, Does] = {
    AgentState.TALKING: pacing.AgentTalking,
    AgentState.WRAP_UP: pacing.AgentWrapUp,
    AgentState.LOGGED_OUT: pacing.AgentGone,
    AgentState.NOT_READY: pacing.AgentGone,
}


def trunks_seen(state: Dialler, event: TrunksSeen) -> Iterable[Decision]:
    state.trunks = event.room
    return ()


def callers_seen(state: Dialler, event: CallersSeen) -> Iterable[Decision]:
    state.floor(event.queue).callers = event.callers
    return ()

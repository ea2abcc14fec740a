"""One event, and what campaigns decide on it: whom to claim, to dial, to drop, and which ends to store.

Whoever asks for leads is answered later, so each lead is looked at twice: the database gives none that may not be dialled, and when
it comes, hours, the run, lines and the law's room are asked again. What may not be dialled then goes back as if nothing had been.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

from acd.core.outside.dialled_call import DialledState
from dialer.core import calling, calling_us, disposing, ending, launching, previewing, reserving, running, seeing, telling
from dialer.core.decisions import Decision, RunChanged
from dialer.core.events import (
    AgentSeen,
    CalledStored,
    CallerDisposed,
    CallerSeen,
    CallerServed,
    CallersSeen,
    CallSeen,
    CallWished,
    ClaimFailed,
    DispositionSaid,
    DispositionStored,
    EndStored,
    Event,
    LeadsClaimed,
    NotDialled,
    NumberClaimed,
    NumberRefused,
    OfferSeen,
    OptedOut,
    PreviewWished,
    PutBack,
    ReserveAnswered,
    RulesChanged,
    RunWished,
    Ticked,
    TrunksSeen,
    Unknown,
)
from dialer.core.run import RunWish
from dialer.core.state import Dialler


def step(state: Dialler, event: Event) -> list[Decision]:
    """Everything that is decided on it, in order. Raises IllegalMove for a wish that its run does not know: nothing changed."""
    event = replace(event, at=max(event.at, state.at))
    state.at = event.at
    gives_room = _gives_room(state, event)
    heard = HEARS[type(event)](state, event)
    more = launching.launch(state) if gives_room else ()
    return [*heard, *previewing.settle(state), *more, *telling.shown(state), *_drained(state)]


def _gives_room(state: Dialler, event: Event) -> bool:
    """Pacers are not asked after what tells them nothing: half of all events, and on a large floor an answer costs a millisecond."""
    rings = isinstance(event, CallSeen) and event.call.state in RINGS
    if isinstance(event, CallersSeen) and event.callers == state.floor(event.queue).callers:
        return False
    if isinstance(event, TrunksSeen):
        return any(room != 0 and state.trunks.get(trunk) == 0 for trunk, room in event.room.items())
    return not rings and not isinstance(event, SAYS_NOTHING)


SAYS_NOTHING = EndStored | DispositionStored | CalledStored | OfferSeen | CallerSeen | CallerServed | CallerDisposed
RINGS = frozenset({DialledState.DIALLING, DialledState.RINGING})


def _again(state: Dialler, event: Ticked) -> Iterator[Decision]:
    yield from ending.again(state, event)
    yield from reserving.again(state)
    yield from disposing.again(state)
    yield from calling_us.again(state)


HEARS: dict[type[Event], Callable[[Dialler, Any], Iterable[Decision]]] = {
    RulesChanged: running.rules_changed,
    PutBack: running.put_back,
    RunWished: running.wished,
    OptedOut: running.opted_out,
    PreviewWished: previewing.wished,
    CallWished: calling.wished,
    NumberClaimed: calling.claimed,
    NumberRefused: calling.refused,
    LeadsClaimed: launching.claimed,
    ReserveAnswered: reserving.answered,
    ClaimFailed: launching.claim_failed,
    CallSeen: seeing.call_seen,
    OfferSeen: telling.offered,
    AgentSeen: seeing.agent_seen,
    CallerSeen: calling_us.seen,
    CallerServed: calling_us.served,
    CallerDisposed: calling_us.disposed,
    CalledStored: calling_us.stored,
    CallersSeen: seeing.callers_seen,
    TrunksSeen: seeing.trunks_seen,
    NotDialled: ending.not_dialled,
    Unknown: ending.unknown,
    EndStored: ending.stored,
    DispositionSaid: disposing.said,
    DispositionStored: disposing.stored,
    Ticked: _again,
}


def _drained(state: Dialler) -> Iterator[Decision]:
    for each in state.campaigns.values():
        if each.is_draining and not each.claiming and not state.under_way(each.id):
            each.run = each.run.wished(RunWish.STOP, state.at, "", "drained")
            yield RunChanged(run=each.run)

"""Agents who are reserved for one attempt: asked for at the house, which alone knows who is free, and asked for again while it lasts.

The house frees them itself when what was dialled is over, and when nobody asks again; so nobody stays reserved for a dialer that died.
"""

from collections.abc import Iterator
from dataclasses import replace

from acd.words import AgentId
from dialer.core import ending
from dialer.core.attempt import UNANSWERED, Attempt, AttemptState
from dialer.core.decisions import ClaimNumber, Decision, Drop, Reserve
from dialer.core.events import AgentSeen, ReserveAnswered
from dialer.core.held import Held, HeldBy
from dialer.core.pacing.events import AgentElsewhere
from dialer.core.state import Dialler

S = AttemptState
LASTS_S = 60.0
AGAIN_S = 20.0
NOT_NOW_S = 1.0
BEFORE_IT_RINGS = frozenset({S.WISHED, S.CLAIMED, S.SHOWN, S.ASKED})
WITH_THEM = BEFORE_IT_RINGS | {S.RINGING, S.ANSWERED}


def taken(state: Dialler) -> set[str]:
    """Agents who have an attempt of their own, whether the house has heard of it yet or not."""
    return {each.reserved for each in state.attempts.values() if each.state in WITH_THEM and each.reserved}


def takes(state: Dialler, attempt: Attempt) -> None:
    """Nobody counts on this agent any more, on any floor; what the house then says of them holds."""
    agent = AgentId(attempt.reserved)
    for floor in state.floors.values():
        if agent in floor.free_agents:
            floor.feed(AgentElsewhere(at=state.at, agent=agent))


def answered(state: Dialler, event: ReserveAnswered) -> Iterator[Decision]:
    """Of one whose lead is shown a refusal means that it goes back; whoever is dialled is asked about by that."""
    attempt = state.attempts.get(event.attempt)
    if attempt is None or attempt.state not in BEFORE_IT_RINGS:
        return
    if not event.refused:
        is_first = attempt.reserved_at is None
        state.attempts[attempt.id] = attempt = replace(attempt, reserved_at=state.at)
        if is_first and attempt.state is S.WISHED:
            yield ClaimNumber(rules=state.rules_of(attempt.campaign), attempt=attempt)
    elif attempt.state is S.WISHED:
        yield from ending.returned(state, attempt, event.refused)
    elif attempt.state is S.SHOWN:
        yield from ending.returned(state, attempt, event.refused)
        if running := state.campaigns.get(attempt.campaign):  # or the same lead would go to and fro
            running.claim_at, running.held = state.at + NOT_NOW_S, Held(by=HeldBy.TOO_LATE, why=event.refused)


def again(state: Dialler) -> Iterator[Decision]:
    for attempt in state.attempts.values():
        due = attempt.reserved_at is not None and state.at - attempt.reserved_at >= AGAIN_S
        queue = state.rules_of(attempt.campaign).queue
        if due and attempt.state in BEFORE_IT_RINGS and queue is not None:
            yield Reserve(attempt=attempt, queue=queue, for_s=LASTS_S)


def seen(state: Dialler, event: AgentSeen) -> Iterator[Decision]:
    """Whose agent has gone while it rings is wanted no more: they would find nobody."""
    for attempt in [each for each in state.attempts.values() if each.reserved == event.agent]:
        if event.reserved_for == attempt.id and attempt.state is not S.WISHED:  # its number is asked for when the answer comes
            state.attempts[attempt.id] = replace(attempt, reserved_at=attempt.reserved_at or state.at)
        elif attempt.state in UNANSWERED and attempt.reserved_at is not None and not attempt.is_dropped:
            state.attempts[attempt.id] = replace(attempt, is_dropped=True)
            yield Drop(attempt=attempt.id)


def is_lost(state: Dialler, attempt: Attempt) -> bool:
    """Was reserved, as the house said, and is not any more."""
    queue = state.rules_of(attempt.campaign).queue
    is_theirs = queue is not None and state.floor(queue).reserved.get(AgentId(attempt.reserved)) == attempt.id
    return attempt.reserved_at is not None and not is_theirs

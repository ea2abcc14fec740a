"""How attempts end, and that every end is stored: told again until the database says that it has it."""

from collections.abc import Iterable, Iterator
from typing import Any

from acd.words import AgentId
from dialer.core.attempt import Attempt, AttemptState, Outcome
from dialer.core.decisions import Decision, Finish, LetGo
from dialer.core.events import EndStored, NotDialled, Ticked, Unknown
from dialer.core.held import Held, HeldBy
from dialer.core.pacing.events import LineEnded
from dialer.core.state import Dialler

S = AttemptState
AGAIN_S = 15.0
"""An end that is not known to be stored is told to the database again."""


def over(state: Dialler, attempt: Attempt, outcome: Outcome, **more: Any) -> Iterator[Decision]:
    if attempt.reserved and outcome in (Outcome.RETURNED, Outcome.LOST):  # else the house has let them go itself
        yield LetGo(attempt=attempt.id, agent=AgentId(attempt.reserved))
    attempt = attempt.move(S.ENDED, outcome=outcome, **more)
    state.attempts[attempt.id] = attempt
    state.told_at[attempt.id] = state.at
    state.asked.discard(attempt.id)
    if (running := state.campaigns.get(attempt.campaign)) is not None:
        running.ended[outcome] += 1
    yield Finish(attempt=attempt, rules=state.rules_of(attempt.campaign))


def returned(state: Dialler, attempt: Attempt, why: str) -> Iterator[Decision]:
    """Nothing was dialled: the lead is as it was."""
    return over(state, attempt, Outcome.RETURNED, ended_at=state.at, why=why)


def not_dialled(state: Dialler, event: NotDialled) -> Iterator[Decision]:
    """The house refused before it knew of an attempt at all, as when no switch is reachable."""
    attempt = state.attempts.get(event.attempt)
    if attempt is None or attempt.state is not S.ASKED:
        return
    state.feed(attempt, LineEnded(at=state.at, line=attempt.id))
    yield from put_back(state, attempt, event.why)


def put_back(state: Dialler, attempt: Attempt, why: str) -> Iterator[Decision]:
    """Undialled, because the house could not just now; so no other is asked for at once."""
    yield from returned(state, attempt, why)
    if running := state.campaigns.get(attempt.campaign):
        running.claim_at, running.held = state.at + 1.0, Held(by=HeldBy.HOUSE, why=why)


def unknown(state: Dialler, event: Unknown) -> Iterator[Decision]:
    """Claimed before a restart. Where the house's memory reaches back to then, it was never dialled; else it may have rung."""
    attempt = state.attempts.get(event.attempt)
    if attempt is None or not attempt.is_under_way:
        return
    if attempt.state is S.CLAIMED and not event.may_have_rung:
        yield from returned(state, attempt, "the dialer was restarted before it was dialled")
        return
    if attempt.state is S.CLAIMED:
        attempt = attempt.move(S.ASKED, asked_at=attempt.claimed_at)
    state.feed(attempt, LineEnded(at=state.at, line=attempt.id))
    yield from over(state, attempt, Outcome.LOST, ended_at=state.at, why="nobody knows whether it rang")


def stored(state: Dialler, event: EndStored) -> Iterable[Decision]:
    attempt = state.attempts.get(event.attempt)
    if attempt is not None and attempt.state is S.ENDED:
        del state.attempts[attempt.id]
        state.told_at.pop(attempt.id, None)
    return ()


def again(state: Dialler, event: Ticked) -> Iterator[Decision]:
    for attempt in list(state.attempts.values()):
        if attempt.state is S.ENDED and state.at - state.told_at.get(attempt.id, -AGAIN_S) >= AGAIN_S:
            state.told_at[attempt.id] = state.at
            yield Finish(attempt=attempt, rules=state.rules_of(attempt.campaign))

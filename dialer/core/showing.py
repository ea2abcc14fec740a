"""Leads before they are dialled, each with the agent who sees it, and who is reserved for it."""

from collections.abc import Iterator

from dialer.core import reserving, sharing
from dialer.core.attempt import Attempt, AttemptState
from dialer.core.decisions import Decision, Reserve
from dialer.core.state import Dialler, Running

S = AttemptState


def of_agent(state: Dialler, agent: str) -> Attempt | None:
    """What the agent sees now: not before the house has said that they are reserved for it."""
    shown = (each for each in state.attempts.values() if each.state is S.SHOWN and each.reserved == agent)
    return next((each for each in shown if each.reserved_at is not None), None)


def waiting(state: Dialler, running: Running) -> list[str]:
    """Agents who could see a lead: as many as there are callers, and lines that may need one, see none."""
    queue = running.rules.queue
    assert queue is not None
    floor, busy = state.floor(queue), reserving.taken(state)
    counted_on = sharing.needed(state, queue) + floor.lines + sharing.taken(state, queue)
    return [agent for agent in floor.free_agents if agent not in busy][counted_on:]


def shown(state: Dialler, running: Running, attempt: Attempt) -> Iterator[Decision]:
    """To who promised to call them, if they could see it now."""
    assert running.rules.queue is not None
    free = waiting(state, running)
    agent = attempt.promised_by if attempt.promised_by in free else free[0]
    state.attempts[attempt.id] = attempt = attempt.move(S.SHOWN, reserved=agent, shown_at=state.at)
    reserving.takes(state, attempt)
    yield Reserve(attempt=attempt, queue=running.rules.queue, for_s=reserving.LASTS_S)

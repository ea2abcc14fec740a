"""Leads before they are dialled, each with the agent who sees it. Nobody is reserved: who is free is free for those who call, too."""

from dialer.core.attempt import Attempt, AttemptState
from dialer.core.state import Dialler, Running

S = AttemptState
WITH_THEM = frozenset({S.SHOWN, S.ASKED, S.RINGING, S.ANSWERED})


def of_agent(state: Dialler, agent: str) -> Attempt | None:
    """What the agent sees now."""
    return next((each for each in state.attempts.values() if each.state is S.SHOWN and each.shown_to == agent), None)


def waiting(state: Dialler, running: Running) -> list[str]:
    """Agents who could see a lead. Those who call us are waited for: as many agents as there are callers see none."""
    assert running.rules.queue is not None
    floor = state.floor(running.rules.queue)
    busy = {each.shown_to for each in state.attempts.values() if each.state in WITH_THEM}
    return [agent for agent in floor.free_agents if agent not in busy][floor.callers :]


def shown(state: Dialler, running: Running, attempt: Attempt) -> None:
    """To who promised to call them, if they could see it now."""
    free = waiting(state, running)
    agent = attempt.promised_by if attempt.promised_by in free else free[0]
    state.attempts[attempt.id] = attempt.move(S.SHOWN, shown_to=agent, shown_at=state.at)

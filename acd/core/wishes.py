"""What an agent may ask for, in each state (ACD.md 16, 17). A wish that cannot be granted now waits for the end of the work."""

from dataclasses import replace

from acd.core import agents, offering
from acd.core.agent import Agent
from acd.core.draft import Draft
from acd.words import SYSTEM_REASONS, AgentId, AgentState, Wish

S = AgentState


def ask(draft: Draft, id: AgentId, wish: Wish, reason: str) -> str:
    """Grant a wish, or say why not ('' = granted)."""
    if id not in draft.state.policy.agents:
        return f"no agent is called {id!r}"
    if wish is Wish.NOT_READY and (why := _reason_refused(draft, reason)):
        return why
    agent = draft.agent(id)
    if agent.state is S.LOGGED_OUT:
        return _ask_logged_out(draft, agent, wish)
    if agent.state is S.TALKING:
        draft.put(replace(agent, pending=wish if wish in (Wish.NOT_READY, Wish.LOG_OUT) else None, pending_reason=reason))
        return ""
    if wish is Wish.READY and agent.state is not S.OFFERED:
        agents.make_ready(draft, agent)
    elif wish in (Wish.NOT_READY, Wish.LOG_OUT):
        offering.withdraw(draft, agent)
        agents.go_away(draft, draft.agent(id), wish, reason)
    return ""


def _reason_refused(draft: Draft, reason: str) -> str:
    allowed = draft.state.policy.reasons
    if reason in SYSTEM_REASONS or (allowed and reason and reason not in allowed):
        return f"no reason is called {reason!r}; allowed: {', '.join(sorted(allowed)) or 'any but the system ones'}"
    return ""


def _ask_logged_out(draft: Draft, agent: Agent, wish: Wish) -> str:
    match wish:
        case Wish.LOG_IN:
            draft.put(agent.move(S.NOT_READY, draft.at, reason="logged_in", missed=0))
        case Wish.READY:
            agents.make_ready(draft, agent)
        case Wish.NOT_READY:
            return "not logged in"
    return ""

"""What an agent may ask for, in each state (ACD.md 16, 17). A wish that cannot be granted now waits for the end of the work."""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.offers import offering
from acd.core.policy import Leaving
from acd.core.staff import agents, desks, nailing, wrapping
from acd.core.staff.agent import Agent
from acd.words import LOGGED_IN, SUPERVISOR_FORCED, SYSTEM_REASONS, AgentId, AgentState, Wish, WrapUpEnd

S = AgentState

LEAVES = frozenset({Wish.NOT_READY, Wish.LOG_OUT})


def ask(
    draft: Draft,
    id: AgentId,
    wish: Wish,
    reason: str = "",
    *,
    by: str = "",
    forced: bool = False,
    call_at: float | None = None,
) -> str:
    """Grant a wish, or say why not ('' = granted). ``by``: who asks, kept with the state; ``forced``: a supervisor says so;
    ``call_at``: of a disposition, when the customer is called again.
    """
    if id not in draft.state.policy.agents:
        return f"no agent is called {id!r}"
    if wish is Wish.NOT_READY and (why := _reason_refused(draft, reason)):
        return why
    if forced and wish in LEAVES:
        reason = reason or SUPERVISOR_FORCED
    match wish:
        case Wish.DISPOSE:
            return wrapping.disposed(draft, id, reason, call_at)
        case Wish.MORE_TIME:
            return wrapping.made_longer(draft, draft.agent(id))
        case Wish.NAIL_UP:
            return nailing.asked_for(draft, id)
        case Wish.TAKE_DOWN:
            return nailing.taken_down(draft, id)
    refused = _ask_for_state(draft, draft.agent(id), wish, reason, by, forced)
    if wish is Wish.READY and not refused:
        desks.done_without(draft, id)
    return refused


def _ask_for_state(draft: Draft, agent: Agent, wish: Wish, reason: str, by: str, forced: bool) -> str:
    match wish:
        case _ if agent.state is S.LOGGED_OUT:
            return _ask_logged_out(draft, agent, wish, by)
        case _ if agent.state in (S.TALKING, S.OFFERED) and not _may_cut(draft, agent):
            return _later(draft, agent, wish, reason, by)
        case Wish.LOG_IN:
            return ""
        case _ if agent.state is S.WRAP_UP:
            return _ask_in_wrap_up(draft, agent, wish, reason, by, forced)
    if wish is Wish.READY:
        if agent.state is S.OFFERED:
            return _later(draft, agent, wish, reason, by)
        agents.make_ready(draft, agent, by)
        return ""
    offering.withdraw(draft, agent)
    agents.go_away(draft, draft.agent(agent.id), wish, reason, by)
    return ""


def _may_cut(draft: Draft, agent: Agent) -> bool:
    """A talk is never cut; an offer is, or not, as the house likes it (ACD.md 16)."""
    return agent.state is S.OFFERED and draft.state.policy.leaving_while_rung is Leaving.CANCEL


def _later(draft: Draft, agent: Agent, wish: Wish, reason: str, by: str) -> str:
    """The next state, asked for while busy: shown meanwhile, granted afterwards, taken back by asking for ready (ACD.md 17)."""
    if wish in LEAVES:
        draft.put(replace(agent, pending=wish, pending_reason=reason, pending_by=by))
    elif wish is Wish.READY:
        draft.put(replace(agent, pending=None, pending_reason="", pending_by=""))
    return ""


def _ask_in_wrap_up(draft: Draft, agent: Agent, wish: Wish, reason: str, by: str, forced: bool) -> str:
    wrap_up = wrapping.of(draft, agent)
    if wrap_up is not None and wrap_up.is_owed and not forced:
        if wish in LEAVES:
            return _later(draft, agent, wish, reason, by)
        known = ", ".join(draft.state.queue(wrap_up.queue).dispositions) or "none"
        return f"what came of the talk is to be said first; the queue {wrap_up.queue!r} has: {known}"
    wrapping.end(draft, agent, WrapUpEnd.LEFT if wish in LEAVES else WrapUpEnd.READY)
    if wish is Wish.READY:
        agents.make_ready(draft, agent, by)
    else:
        agents.go_away(draft, agent, wish, reason, by)
    return ""


def _reason_refused(draft: Draft, reason: str) -> str:
    allowed = draft.state.policy.reasons
    if reason in SYSTEM_REASONS or (allowed and reason and reason not in allowed):
        return f"no reason is called {reason!r}; allowed: {', '.join(sorted(allowed)) or 'any but the system ones'}"
    return ""


def _ask_logged_out(draft: Draft, agent: Agent, wish: Wish, by: str) -> str:
    match wish:
        case Wish.LOG_IN:
            draft.put(agent.move(S.NOT_READY, draft.at, reason=LOGGED_IN, failures={}, by=by))
        case Wish.READY:
            agents.make_ready(draft, agent, by)
        case Wish.NOT_READY:
            return "not logged in"
    return ""


def woken(draft: Draft, agent: Agent) -> None:
    """An agent's deadline has come: of a rest, a wrap-up, a phone to be tried again, a break that is too long."""
    match agent.state:
        case S.READY:
            agents.rested(draft, agent)
        case S.WRAP_UP:
            wrapping.overdue(draft, agent)
        case S.NOT_READY:
            agents.woken_not_ready(draft, agent)


def policy_changed(draft: Draft) -> None:
    """Agents who left the configuration go home; the busy ones when their work is done."""
    for agent in draft.state.agents.values():
        gone = agent.id not in draft.state.policy.agents
        if gone and agent.state not in agents.BUSY | {S.LOGGED_OUT}:
            wrapping.end(draft, agent, WrapUpEnd.LEFT)
            agents.go_away(draft, agent, Wish.LOG_OUT, "")

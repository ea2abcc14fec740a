"""The life of a desk: heard of, gone without a word, back again, closed; and what that means for its agent (ACD.md 24, 40).

A desk that is lost takes nobody's call away: who talks, wraps up or is rung is not ready only afterwards, and nobody is blamed.
When it comes back its agent is what they were before. Whatever somebody has asked for meanwhile counts more.
"""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.staff import agents
from acd.core.staff.agent import Agent
from acd.core.staff.desk import Desk, DeskState
from acd.words import DESK_LOST, DEVICE_DOWN, AgentId, AgentState, Wish

S = AgentState

BUSY = frozenset({S.OFFERED, S.TALKING, S.WRAP_UP})


def seen(draft: Draft, id: AgentId) -> str:
    """The desk is there, for one more lease. '' when it may be, else why not."""
    if id not in draft.state.policy.agents:
        return f"no agent is called {id!r}"
    until = draft.at + draft.state.policy.desk.lease_s
    desk = draft.desk(id)
    if desk is None:
        draft.put(Desk(id=id, since=draft.at, until=until))
        return ""
    if desk.is_lost:
        _back(draft, draft.agent(id), desk)
    draft.put(desk.move(DeskState.OPEN, draft.at, until=until))
    return ""


def closed(draft: Draft, id: AgentId) -> None:
    """It says goodbye. Its agent goes on by phone, as what they were: that is no log-out."""
    desk = draft.desk(id)
    if desk is None:
        return draft.late()
    if desk.is_lost:
        _back(draft, draft.agent(id), desk)
    draft.put(desk.move(DeskState.CLOSED, draft.at))


def overdue(draft: Draft, desk: Desk) -> None:
    """Nothing was heard of it for a whole lease."""
    agent = draft.agent(desk.id)
    if not agent.is_online or desk.id not in draft.state.policy.agents:
        draft.put(desk.move(DeskState.CLOSED, draft.at))
        return
    draft.put(desk.move(DeskState.LOST, draft.at, rest_until=agent.deadline if agent.resting else None))
    if agent.state is S.READY:
        agents.go_away(draft, agent, Wish.NOT_READY, DESK_LOST)
    elif agent.state in BUSY and agent.pending is None:
        draft.put(replace(agent, pending=Wish.NOT_READY, pending_reason=DESK_LOST))


def _back(draft: Draft, agent: Agent, desk: Desk) -> None:
    """Whoever is not ready, or is to be, for the desk alone is what they were before it was lost."""
    if is_pending(agent):
        draft.put(replace(agent, pending=None, pending_reason="", pending_by=""))
    elif agent.state is S.NOT_READY and agent.reason == DESK_LOST:
        since = agent.idle_since or draft.at
        if draft.is_unreachable(agent.id):
            draft.put(agent.move(S.NOT_READY, draft.at, reason=DEVICE_DOWN, idle_since=since))
            return
        rests = desk.rest_until is not None and desk.rest_until > draft.at
        rest = {"resting": True, "deadline": desk.rest_until} if rests else {}
        draft.put(agent.move(S.READY, draft.at, idle_since=since, **rest))


def is_pending(agent: Agent) -> bool:
    """Whether an agent's next state was chosen by nobody: only their desk is lost."""
    return agent.pending is Wish.NOT_READY and agent.pending_reason == DESK_LOST


def done_without(draft: Draft, id: AgentId) -> None:
    """Somebody has asked for ready by another way: a desk that is lost is not waited for."""
    desk = draft.desk(id)
    if desk is not None and desk.is_lost:
        draft.put(desk.move(DeskState.CLOSED, draft.at))


def house_started(draft: Draft) -> None:
    """While we were away no desk had anybody to speak to: each has a whole lease from now."""
    until = draft.at + draft.state.policy.desk.lease_s
    for desk in draft.state.desks.values():
        if desk.until is not None and desk.until < until:
            draft.put(desk.move(DeskState.OPEN, draft.at, until=until))

"""An agent who is reserved for one attempt of a campaign: who sees a lead before it is dialled, or dials a number of their own choice.

It stands on the agent, where the match looks anyway: who is reserved is free for nobody but the person whom that attempt reaches.
Whatever takes the agent elsewhere (a wish, a phone that is gone, a call of their own) ends it, and so do its time, the end of the
attempt, and a start of the house, of whose campaigns nothing is left but what was dialled.
"""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.events import DialAsked, LetGoAsked, ReserveAsked
from acd.core.matching.roster import rule_against
from acd.core.outside.dialled_call import DialledCall, DialledState
from acd.core.staff.agent import Agent
from acd.words import AgentId, QueueId

MOST_S = 300.0
"""Nobody is reserved for longer without being asked for again."""
WANTS_NOBODY = frozenset({DialledState.ABANDONED, DialledState.MACHINE, DialledState.ENDED})


def ask(draft: Draft, event: ReserveAsked | LetGoAsked) -> str:
    """'' when it is so, else why not."""
    if isinstance(event, LetGoAsked):
        _let_go(draft, event.agent, event.attempt)
        return ""
    if not (event.attempt and 0 < event.for_s <= MOST_S):
        return f"an agent is reserved for an attempt, and for up to {MOST_S:g} s"
    if why := _refusal(draft, event.agent, event.queue, event.attempt):
        return why
    dialled = draft.state.dialled.get(event.attempt)
    if dialled is None:  # of one that was dialled the end says when
        draft.put(replace(draft.agent(event.agent), reserved_for=event.attempt, deadline=draft.at + event.for_s))
    return ""


def not_for(draft: Draft, event: DialAsked) -> str:
    """Why the agent for whom it is to be dialled cannot be; ''."""
    if event.reserved is None:
        return ""
    if event.queue is None:
        return "who hears a flow needs no agent"
    return _refusal(draft, event.reserved, event.queue, event.attempt)


def _refusal(draft: Draft, id: AgentId, queue: QueueId, attempt: str) -> str:
    known, agent = draft.state.policy.agents.get(id), draft.agent(id)
    if known is None or draft.state.policy.now_called(queue) not in known.queues:
        return f"no agent of {queue} is called {id!r}"
    if agent.may_be_reserved or agent.reserved_for == attempt:
        return ""
    rule, value = rule_against(agent)
    return f"{id} is not free: {rule.replace('_', ' ')}" + (f" ({value})" if value else "")


def until_over(draft: Draft, id: AgentId, attempt: str) -> None:
    """It is dialled: until it is over, whenever that is."""
    draft.put(replace(draft.agent(id), reserved_for=attempt, deadline=None))


def _let_go(draft: Draft, id: AgentId, attempt: str) -> None:
    agent = draft.agent(id)
    if attempt and agent.reserved_for == attempt:
        draft.put(freed(agent))


def freed(agent: Agent) -> Agent:
    return replace(agent, reserved_for="", deadline=None)


def follow(draft: Draft) -> None:
    """Nobody is there whom the agent could talk to."""
    for record in list(draft.changes.values()):
        if isinstance(record, DialledCall) and record.reserved is not None and record.state in WANTS_NOBODY:
            _let_go(draft, record.reserved, record.id)


def house_started(draft: Draft) -> None:
    """Who asked for it has forgotten why; but what was dialled goes on."""
    for agent in draft.state.agents.values():
        dialled = draft.state.dialled.get(agent.reserved_for)
        if agent.reserved_for and (dialled is None or dialled.is_over):
            draft.put(freed(agent))

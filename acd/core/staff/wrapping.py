"""The life of a wrap-up: begun when the agent's media with the customer ends, made longer, ended (ACD.md 38-41)."""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.outside import disposing
from acd.core.policy import QueuePolicy
from acd.core.staff import agents
from acd.core.staff.agent import OVERRUN, Agent
from acd.core.staff.word import Word, word_of
from acd.core.staff.wrap_up import WrapUp
from acd.words import DEVICE_DOWN, WRAPUP_OVERRUN, AgentId, AgentState, QueueId, Wish, WrapUpEnd, WrapUpMode

M, End = WrapUpMode, WrapUpEnd

TIMED = frozenset({M.TIMED, M.MANDATORY_TIMED})


def lasts_s(queue: QueuePolicy) -> float:
    """Until the timer or, where there is none, until the limit that closes it when nobody is there (ACD.md 40)."""
    if queue.wrap_up_mode is M.NONE:
        return 0.0
    return queue.wrap_up_s if queue.wrap_up_mode in TIMED else queue.wrap_up_limit_s


def begin(draft: Draft, offer: Offer, talked_s: float) -> None:
    """The agent's part in a talk is over. Too short a talk earns no wrap-up (ACD.md 41); what came of it is kept all the same."""
    queue = draft.state.queue(offer.queue)
    wrap_up_s = lasts_s(queue) if talked_s >= queue.wrap_up_min_talk_s else 0.0
    wrap_up = WrapUp(
        id=offer.id,
        agent=offer.agent,
        call=offer.call,
        queue=offer.queue,
        mode=queue.wrap_up_mode,
        began_at=draft.at,
        attempt=disposing.attempt_of(draft, offer.call),
        disposition=offer.disposition,
    )
    agent = draft.agent(offer.agent)
    if wrap_up_s > 0:
        draft.put(wrap_up)
        draft.put(agent.move(AgentState.WRAP_UP, draft.at, deadline=draft.at + wrap_up_s, offer=offer.id))
    else:
        if offer.disposition:
            draft.put(wrap_up.ended(draft.at, End.DISPOSITION))
        agents.after_work(draft, agent)


def of(draft: Draft, agent: Agent) -> WrapUp | None:
    """The wrap-up that an agent is in. None also for one that a journal of an older release remembers only with the agent."""
    return draft.wrap_up(agent.offer) if agent.state is AgentState.WRAP_UP and agent.offer else None


def end(draft: Draft, agent: Agent, by: WrapUpEnd) -> None:
    """The record is closed; where the agent goes is the caller's matter."""
    if (wrap_up := of(draft, agent)) is not None:
        draft.put(wrap_up.ended(draft.at, by))


def broke_off(draft: Draft, id: AgentId) -> None:
    """Nothing is heard of the phone any more: no wrap-up for a talk that broke off, and no offer until it registers again (F31)."""
    agent = draft.agent(id)
    if agent.state in (AgentState.READY, AgentState.WRAP_UP) and agent.pending is None:
        end(draft, agent, End.LEFT)
        draft.put(agent.move(AgentState.NOT_READY, draft.at, reason=DEVICE_DOWN))


def overdue(draft: Draft, agent: Agent) -> None:
    """Its time is over, whoever is there or not."""
    wrap_up = of(draft, agent)
    mode = wrap_up.mode if wrap_up else M.TIMED
    overran = mode not in TIMED or (wrap_up is not None and wrap_up.is_owed)
    end(draft, agent, End.OVERRUN if overran else End.TIMER)
    if overran and mode not in TIMED and agent.pending is None:
        agents.go_away(draft, agent, Wish.NOT_READY, WRAPUP_OVERRUN)
    else:
        agents.after_work(draft, agent)
    if overran:
        draft.put(replace(draft.agent(agent.id), alarm=OVERRUN))


def made_longer(draft: Draft, agent: Agent) -> str:
    """By the queue's leave and within its bound; '' when it was, else why not."""
    wrap_up = of(draft, agent)
    if wrap_up is None or agent.deadline is None:
        return "not in wrap-up"
    queue = draft.state.queue(wrap_up.queue)
    if not queue.wrap_up_more_s:
        return f"the queue {wrap_up.queue!r} does not allow a longer wrap-up"
    if wrap_up.more >= queue.wrap_up_more_times:
        return f"longer already: {wrap_up.more} times {queue.wrap_up_more_s:g} s are allowed"
    draft.put(replace(wrap_up, more=wrap_up.more + 1))
    draft.put(replace(agent, deadline=agent.deadline + queue.wrap_up_more_s))
    return ""


def disposed(draft: Draft, id: AgentId, said: str, call_at: float | None = None) -> str:
    """What came of the talk that runs, or of the one that is wrapped up; '' when it is kept, else why not. It ends the wrap-up."""
    agent = draft.agent(id)
    wrap_up = of(draft, agent)
    if agent.state is AgentState.TALKING and agent.offer is not None:
        offer = draft.offer(agent.offer)
        word, why = _understood(draft, offer.queue, disposing.attempt_of(draft, offer.call), said, call_at)
        if word is not None:
            draft.put(replace(offer, disposition=word.disposition))
            disposing.said(draft, disposing.attempt_of(draft, offer.call), word, id)
        return why
    if wrap_up is None:
        return "there is no talk to say it of"
    word, why = _understood(draft, wrap_up.queue, wrap_up.attempt, said, call_at)
    if word is not None:
        draft.put(replace(wrap_up, disposition=word.disposition))
        disposing.said(draft, wrap_up.attempt, word, id)
        end(draft, agent, End.DISPOSITION)
        agents.after_work(draft, agent)
    return why


def _understood(draft: Draft, queue: QueueId, attempt: str, said: str, call_at: float | None) -> tuple[Word | None, str]:
    """The word, or why it is none."""
    dispositions = draft.state.queue(queue).dispositions
    word = word_of(dispositions, said, call_at)
    if word is None:
        known = ", ".join(f"{name} ({digits})" for name, digits in dispositions.items()) or "none"
        return None, f"no disposition is called {said!r}; the queue {queue!r} has: {known}"
    why = disposing.why_not(draft, attempt, word)
    return (None, why) if why else (word, "")

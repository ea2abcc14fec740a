"""Where an agent goes when an offer fails, when work ends, when the phone comes and goes."""

from dataclasses import replace

from acd.core.agent import Agent
from acd.core.draft import Draft
from acd.core.house import Phone
from acd.words import DEVICE_DOWN, RNA, AgentId, AgentState, OfferOutcome, PhoneId, Wish

S, O = AgentState, OfferOutcome
BUSY = frozenset({S.OFFERED, S.TALKING})


def go_away(draft: Draft, agent: Agent, wish: Wish, reason: str) -> None:
    if wish is Wish.LOG_OUT:
        draft.put(agent.move(S.LOGGED_OUT, draft.at, pending=None, pending_reason="", missed=0))
    else:
        draft.put(agent.move(S.NOT_READY, draft.at, reason=reason, pending=None, pending_reason=""))


def make_ready(draft: Draft, agent: Agent) -> None:
    """Ready, unless the phone is known to be down: then ready as soon as it registers (ACD.md 12)."""
    if draft.state.phone_is_down(_phone_of(draft, agent)):
        if (agent.state, agent.reason) != (S.NOT_READY, DEVICE_DOWN):
            since = agent.idle_since or draft.at
            draft.put(agent.move(S.NOT_READY, draft.at, reason=DEVICE_DOWN, idle_since=since, pending=None, pending_reason=""))
        return
    if agent.state is S.READY and not agent.resting:
        return
    draft.put(agent.move(S.READY, draft.at, idle_since=draft.at, missed=0, pending=None, pending_reason=""))


def _phone_of(draft: Draft, agent: Agent) -> PhoneId:
    policy = draft.state.policy.agents.get(agent.id)
    return policy.phone if policy else PhoneId("")


def work_ended(draft: Draft, id: AgentId, wrap_up_s: float) -> None:
    """A talk is over: wrap up, then what was asked for meanwhile."""
    agent = draft.agent(id)
    if wrap_up_s > 0:
        draft.put(agent.move(S.WRAP_UP, draft.at, deadline=draft.at + wrap_up_s, offer=agent.offer))
    else:
        after_work(draft, agent)


def after_work(draft: Draft, agent: Agent) -> None:
    if agent.id not in draft.state.policy.agents:
        go_away(draft, agent, Wish.LOG_OUT, "")  # was taken out of the configuration while busy
    elif agent.pending is not None:
        go_away(draft, agent, agent.pending, agent.pending_reason)
    else:
        make_ready(draft, agent)


def rested(draft: Draft, agent: Agent) -> None:
    draft.put(agent.move(S.READY, draft.at))


def phone_changed(draft: Draft, phone: PhoneId, registered: bool) -> None:
    known = draft.state.phones.get(phone)
    if known is None or known.registered is not registered:
        draft.put(Phone(id=phone, registered=registered, since=draft.at))
    id = draft.state.policy.agent_of_phone.get(phone)
    if id is None:
        return
    agent = draft.agent(id)
    if registered and agent.state is S.NOT_READY and agent.reason == DEVICE_DOWN:
        draft.put(agent.move(S.READY, draft.at, idle_since=agent.idle_since or draft.at))
    elif not registered and agent.state is S.READY:
        draft.put(agent.move(S.NOT_READY, draft.at, reason=DEVICE_DOWN))


def phone_died(draft: Draft, id: AgentId) -> None:
    """Nothing is heard of it any more: no wrap-up for a talk that broke off, and no offer until it registers again (F31)."""
    agent = draft.agent(id)
    if agent.state in (S.READY, S.WRAP_UP) and agent.pending is None:
        draft.put(agent.move(S.NOT_READY, draft.at, reason=DEVICE_DOWN))


def own_call(draft: Draft, id: AgentId, change: dict[str, object]) -> None:
    """The agent dials, or has hung up: not to be rung meanwhile (ACD.md 20)."""
    draft.put(replace(draft.agent(id), **change))  # type: ignore[arg-type]


def policy_changed(draft: Draft) -> None:
    """Agents who left the configuration go home; the busy ones when their work is done."""
    for agent in draft.state.agents.values():
        gone = agent.id not in draft.state.policy.agents
        if gone and agent.state not in BUSY | {S.LOGGED_OUT}:
            go_away(draft, agent, Wish.LOG_OUT, "")


def release(draft: Draft, id: AgentId, outcome: OfferOutcome) -> None:
    """What an unsuccessful offer means for its agent: only an unanswered ring is held against anybody (ACD.md 9-14, 1)."""
    agent, policy = draft.agent(id), draft.state.policy
    match outcome:
        case O.NO_ANSWER if agent.missed + 1 >= policy.max_missed:
            draft.put(agent.move(S.NOT_READY, draft.at, reason=RNA, missed=agent.missed + 1))
        case O.NO_ANSWER:
            draft.put(agent.move(S.READY, draft.at, missed=agent.missed + 1))
        case O.BUSY | O.NETWORK_ERROR | O.BRIDGE_FAILED:
            draft.put(agent.move(S.READY, draft.at, resting=True, deadline=draft.at + policy.busy_rest_s))
        case O.DEVICE_DOWN:
            draft.put(agent.move(S.NOT_READY, draft.at, reason=DEVICE_DOWN))
        case O.FORWARDED:
            draft.put(agent.move(S.NOT_READY, draft.at, reason="forwarded"))
        case _:
            draft.put(agent.move(S.READY, draft.at))
    if id not in policy.agents:
        after_work(draft, draft.agent(id))
    elif draft.agent(id).state is S.READY and draft.state.phone_is_down(_phone_of(draft, agent)):
        make_ready(draft, draft.agent(id))  # the phone went away while it rang: not ready until it is back

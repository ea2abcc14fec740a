"""Where an agent goes when an offer fails, when work ends, when the phone comes and goes."""

from dataclasses import replace

from acd.core.commands import HangUp
from acd.core.draft import Draft
from acd.core.house import Phone
from acd.core.policy import FailureRule
from acd.core.staff.agent import NETWORK_ERRORS, OVERSTAYED, Agent
from acd.core.staff.desk import DeskState
from acd.core.staff.nailed import NailedLeg, NailedState
from acd.words import DESK_LOST, DEVICE_DOWN, RNA, AgentId, AgentState, OfferOutcome, PhoneId, Wish

S, O = AgentState, OfferOutcome
BUSY = frozenset({S.OFFERED, S.TALKING})

REASON_OF = {O.NO_ANSWER: RNA, O.TOO_LATE: RNA}
"""Why an agent is not ready after an offer that came to this, where it is not called so itself."""
AGAIN_S = 5.0
"""A hang-up that the switch has not confirmed is asked for again."""
TRIED_AGAIN_MAX_S = 300.0
"""A phone that is registered and did not ring is tried again after a rest, twice as long each time, but no longer than this."""


def go_away(draft: Draft, agent: Agent, wish: Wish, reason: str, by: str = "") -> None:
    """Not ready, or home. A reason that may not last for ever wakes us when it has lasted long enough."""
    nothing = {"pending": None, "pending_reason": "", "pending_by": "", "by": by}
    if wish is Wish.LOG_OUT:
        if (nailed := draft.nailed(agent.id)) is not None:
            hang_up(draft, nailed, "LOG_OUT")
        if (desk := draft.desk(agent.id)) is not None and desk.is_lost:
            draft.put(desk.move(DeskState.CLOSED, draft.at))
        draft.put(agent.move(S.LOGGED_OUT, draft.at, failures={}, reason=reason, idle_since=0.0, **nothing))
        return
    most_s = draft.state.policy.reason(reason).most_s
    deadline = None if most_s is None else draft.at + most_s
    since = draft.at if agent.state in (S.TALKING, S.WRAP_UP) else agent.idle_since  # the work is over now
    draft.put(agent.move(S.NOT_READY, draft.at, reason=reason, deadline=deadline, idle_since=since, **nothing))


def hang_up(draft: Draft, nailed: NailedLeg, why: str) -> None:
    """A leg that was to stay is not wanted any more. It is over when the switch says so."""
    draft.do(HangUp(leg=nailed.leg))
    draft.put(nailed.move(NailedState.CLOSING, cause=why, deadline=draft.at + AGAIN_S))


def woken_not_ready(draft: Draft, agent: Agent) -> None:
    """A phone is to be tried again; or a break is longer than its reason allows: somebody should look, nothing else changes."""
    if agent.reason == DEVICE_DOWN:
        tried_again(draft, agent)
    else:
        draft.put(replace(agent, deadline=None, alarm=OVERSTAYED))


def make_ready(draft: Draft, agent: Agent, by: str = "") -> None:
    """Ready, unless every phone is known to be down: then ready as soon as one registers (ACD.md 12)."""
    nothing = {"pending": None, "pending_reason": "", "pending_by": "", "by": by}
    if draft.is_unreachable(agent.id):
        if (agent.state, agent.reason) != (S.NOT_READY, DEVICE_DOWN):
            since = agent.idle_since or draft.at
            draft.put(agent.move(S.NOT_READY, draft.at, reason=DEVICE_DOWN, idle_since=since, **nothing))
        return
    if agent.state is S.READY and not agent.resting:
        return
    draft.put(agent.move(S.READY, draft.at, idle_since=_idle_since(draft, agent), failures={}, **nothing))


def _idle_since(draft: Draft, agent: Agent) -> float:
    """From now; after a break from before it, where the house wants that (ACD.md 36)."""
    goes_on = agent.state is S.NOT_READY and not draft.state.policy.breaks_reset_idle
    return agent.idle_since if goes_on and agent.idle_since else draft.at


def after_work(draft: Draft, agent: Agent) -> None:
    if agent.id not in draft.state.policy.agents:
        go_away(draft, agent, Wish.LOG_OUT, "")  # was taken out of the configuration while busy
    elif agent.pending is not None:
        go_away(draft, agent, agent.pending, agent.pending_reason, agent.pending_by)
    else:
        make_ready(draft, agent)


def rested(draft: Draft, agent: Agent) -> None:
    draft.put(agent.move(S.READY, draft.at))


def phone_changed(draft: Draft, phone: PhoneId, registered: bool) -> None:
    """An agent is there as long as one of the phones is (ACD.md 12, 22)."""
    known = draft.state.phones.get(phone)
    if known is None or known.registered is not registered:
        draft.put(Phone(id=phone, registered=registered, since=draft.at))
    id = draft.state.policy.agent_of_phone.get(phone)
    if id is None:
        return
    agent = draft.agent(id)
    if registered and agent.state is S.NOT_READY and agent.reason == DEVICE_DOWN:
        phone_is_back(draft, agent)
    elif draft.is_unreachable(id) and (agent.state is S.READY or (agent.state is S.NOT_READY and agent.reason == DESK_LOST)):
        draft.put(agent.move(S.NOT_READY, draft.at, reason=DEVICE_DOWN))


def phone_is_back(draft: Draft, agent: Agent) -> None:
    """Ready again by itself, unless the agent's desk was lost meanwhile."""
    since, desk = agent.idle_since or draft.at, draft.desk(agent.id)
    if desk is not None and desk.is_lost:
        go_away(draft, replace(agent, idle_since=since), Wish.NOT_READY, DESK_LOST)
    else:
        draft.put(agent.move(S.READY, draft.at, idle_since=since))


def tried_again(draft: Draft, agent: Agent) -> None:
    """The rest of a phone that did not ring although it is registered is over: it may have been the switch, or the network."""
    if draft.is_unreachable(agent.id):
        draft.put(replace(agent, deadline=None))  # it has gone for good; its next REGISTER brings the agent back
    else:
        phone_is_back(draft, agent)


def own_call(draft: Draft, id: AgentId, change: dict[str, object]) -> None:
    """The agent dials, or has hung up: not to be rung meanwhile (ACD.md 20)."""
    agent = draft.agent(id)
    if change["own_leg"] is None and agent.own_since is not None:
        change = {**change, "own_since": None, "own_over": draft.at}
    if agent.reserved_for and change.get("own_since") is not None:  # they talk to somebody else
        change = {**change, "reserved_for": "", "deadline": None}
    draft.put(replace(agent, **change))  # type: ignore[arg-type]


def release(draft: Draft, id: AgentId, outcome: OfferOutcome) -> None:
    """What an unsuccessful offer means for its agent, by the rule for its cause: only an unanswered ring is held against
    anybody, unless the house has said otherwise (ACD.md 1, 9-15, 18, 19). What was asked for meanwhile is granted now.
    """
    agent = draft.agent(id)
    if id not in draft.state.policy.agents or agent.pending is not None:
        return after_work(draft, agent)
    rule = draft.state.policy.on_failed_offer.get(outcome)
    if rule is None:
        draft.put(agent.move(S.READY, draft.at))
    else:
        _failed(draft, agent, outcome, rule)
    if draft.agent(id).state is S.READY and draft.is_unreachable(id):
        make_ready(draft, draft.agent(id))  # the phone went away while it rang: not ready until it is back


def _failed(draft: Draft, agent: Agent, outcome: OfferOutcome, rule: FailureRule) -> None:
    times = agent.failures.get(outcome, 0) + 1
    failures = {**agent.failures, outcome: times}
    alarm = NETWORK_ERRORS if rule.alarm_after is not None and times >= rule.alarm_after else ""
    rest_s = rule.rest_s
    if rule.not_ready_after is not None and times >= rule.not_ready_after:
        reason = REASON_OF.get(outcome, outcome.value)
        again = None
        if outcome is O.DEVICE_DOWN and not draft.is_unreachable(agent.id):
            again = draft.at + min(rest_s * 2 ** (times - rule.not_ready_after), TRIED_AGAIN_MAX_S)
        draft.put(agent.move(S.NOT_READY, draft.at, reason=reason, deadline=again, failures=failures, alarm=alarm))
    else:
        rest = {"resting": True, "deadline": draft.at + rest_s} if rest_s > 0 else {}
        draft.put(agent.move(S.READY, draft.at, failures=failures, alarm=alarm, **rest))

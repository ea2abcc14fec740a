"""A supervisor takes a talk over: the agent leaves it, the customer goes on with the supervisor, and is given back afterwards."""

from dataclasses import replace

from acd.core import calls
from acd.core.call import Call
from acd.core.commands import Bridge, Disarm
from acd.core.draft import Draft
from acd.core.interpreter import QueueExit
from acd.core.offers import offering, reaching
from acd.core.offers.offer import Offer
from acd.core.talking import taping
from acd.core.talking.monitor import Monitor
from acd.core.talking.supervisor_policy import AgentDrops
from acd.core.talking.talk import Talk
from acd.words import (
    EndedBy,
    LegId,
    MonitorState,
    Owner,
    Supervise,
    TalkState,
)

S, W = MonitorState, Supervise

JOINS_S = 5.0
"""A take-over that is not reported by then has failed."""


def take_over(draft: Draft, monitor: Monitor, offer: Offer) -> None:
    """The agent's talk ends, and the customer goes on with the supervisor: until one of the two hangs up."""
    call = draft.call(offer.call)
    offering.talk_ended(draft, offer, EndedBy.SUPERVISOR, "TAKEN_OVER")
    taken = call.move(Owner.FLOW, entry=None, arm_at=None, taken_by=monitor.id, ended_by=EndedBy.SUPERVISOR, talk=Talk())
    draft.put(taken)
    taping.stop(draft, call.id)
    policy = draft.state.queue(offer.queue).record
    if taping.is_to_be(call, policy):
        taping.begin(draft, taken, policy, by=str(monitor.supervisor))
    draft.put(monitor.move(S.TALKING, deadline=draft.at + JOINS_S, offer=None, play=""))
    draft.do(Disarm(leg=call.leg), Bridge(leg=call.leg, other=monitor.leg))
    reaching.let_go(draft, offer)


def is_plain(draft: Draft, offer: Offer) -> bool:
    """A talk of one customer and one agent, nobody else; held or not."""
    call = draft.call(offer.call)
    return call.entry == offer.entry and call.talk.state in (TalkState.TALKING, TalkState.HELD)


def takes_over(draft: Draft, offer: Offer) -> bool:
    """The agent of a talk has dropped out of it: whether a supervisor who had barged in goes on with the customer."""
    if not draft.state.monitors or not is_plain(draft, offer):
        return False
    for monitor in draft.monitors():
        if monitor.offer != offer.id or monitor.mode is not W.BARGE or monitor.state is not S.LISTENING:
            continue
        policy = draft.state.policy.supervisors.get(monitor.supervisor)
        if policy and policy.agent_drops is AgentDrops.TAKE_OVER and W.TAKE_OVER in policy.rights:
            take_over(draft, draft.put(monitor.turn(draft.at, "agent dropped", str(offer.agent))), offer)
            return True
    return False


def give_back(draft: Draft, call: Call) -> None:
    """The supervisor is gone: the caller goes on in the flow, as after any talk."""
    call = draft.put(replace(call, taken_by=None))
    taping.stop(draft, call.id)
    if call.ending or not call.is_live:
        return
    call = calls.arm(draft, call)
    calls.resume(draft, call, QueueExit(at=draft.at, exit="served"))


def taken(draft: Draft, leg: LegId) -> Call | None:
    id = draft.state.call_of_leg.get(leg)
    call = draft.call(id) if id else None
    return call if call is not None and call.taken_by is not None else None

"""The life of a nailed-up leg: dialled by the agent or rung for by us, kept warm between calls, taken down, lost.

Between two calls it plays comfort noise, so that neither the phone nor the agent takes it for dead. What it means that it is
lost is the house's to say (``NailedPolicy``).
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core.call import Call
from acd.core.commands import Answer, Disarm, HangUp, Keep, Mark, Play, Ring, Separate
from acd.core.draft import Draft
from acd.core.events import CallArrived, LegEnded, PlayEnded
from acd.core.media import Tone
from acd.core.offers.offer import Offer
from acd.core.staff import agents, desks
from acd.core.staff.nailed import NailedLeg, NailedState
from acd.words import DESK_LOST, NAILED_LEG_LOST, AgentId, AgentState, EndedBy, NodeId, Owner, PlayId, Wish, leg_id, uuid_of

S = NailedState

RINGS_S = 30
COMFORT = (Tone(name="comfort"),)
AGAIN_S = 1.0
"""Comfort noise that stops sooner than this cannot be played: it is left alone then."""
STOOD_S = 10.0
"""A line that did not stand for so long is not rung for anew: what ended it would end it again."""


def taken_over(draft: Draft, call: Call) -> str:
    """The agent has dialled for it: the call is over as a call, its leg stays. '' when it does, else why not."""
    id = call.agent
    if id is None:
        return "this phone belongs to no agent"
    if not draft.agent(id).is_online:
        return "log in first"
    agents.own_call(draft, id, {"own_leg": None})
    call = call.move(Owner.NOBODY, entry=None, arm_at=None)
    draft.put(replace(call, ended_at=draft.at, ended_by=EndedBy.AGENT, cause="NAILED_UP"))
    _replaced(draft, id)
    if call.answered_at is None:
        draft.do(Answer(leg=call.leg))  # no phone bears all day a call that nobody has answered
    draft.do(Disarm(leg=call.leg), Mark(leg=call.leg, values={"nailed": id}))
    _stands(draft, NailedLeg(id=call.leg, agent=id, since=draft.at))
    _is_back(draft, id)
    return ""


def asked_for(draft: Draft, id: AgentId) -> str:
    """Ring a phone of the agent's; whoever picks it up keeps it. '' when it rings, else why not."""
    agent = draft.agent(id)
    if not agent.is_online:
        return "log in first"
    if agent.state is AgentState.TALKING:
        return "not in a talk"
    return "" if _rung(draft, id) else "no phone of theirs is there"


def _rung(draft: Draft, id: AgentId) -> bool:
    policy = draft.state.policy.agents[id]
    node = next((node.id for node in draft.state.nodes.values() if node.reachable), None)
    there = [phone for phone in policy.devices if (known := draft.state.phones.get(phone)) and known.registered]
    if not there or node is None:
        return False
    _replaced(draft, id)
    leg = leg_id(NodeId(node), str(uuid5(NAMESPACE_OID, f"{id}@{draft.at}/nailed")))
    draft.put(NailedLeg(id=leg, agent=id, since=draft.at, deadline=draft.at + RINGS_S))
    marks = {"nailed": str(id)}
    draft.do(Ring(leg=leg, phone=there[0], timeout_s=RINGS_S, caller_number="", caller_name="", marks=marks))
    return True


def adopted(draft: Draft, event: CallArrived) -> None:
    """Nobody remembers it, but whose it is stands on it. It is kept if its agent is there and has no other."""
    id = AgentId(event.marks["nailed"])
    if id not in draft.state.policy.agents or not draft.agent(id).is_online or draft.nailed(id) is not None:
        draft.do(HangUp(leg=event.leg))
        return
    draft.do(Disarm(leg=event.leg))
    _stands(draft, NailedLeg(id=event.leg, agent=id, since=draft.at))


def _replaced(draft: Draft, id: AgentId) -> None:
    old = draft.nailed(id)
    if old is not None:
        agents.hang_up(draft, old, "REPLACED")


def taken_down(draft: Draft, id: AgentId) -> str:
    """By wish. '' when it is, else why not."""
    nailed = draft.nailed(id)
    if nailed is None:
        return "no line stands"
    if nailed.leg in draft.state.offer_of_leg:
        return "not in a talk"
    agents.hang_up(draft, nailed, "TAKEN_DOWN")
    return ""


# -- what happens to it ------------------------------------------------------------------------------------------------


def parked(draft: Draft, nailed: NailedLeg) -> None:
    """Picked up, or given back by a talk: it waits, with noise."""
    if not nailed.is_kept:
        return draft.late()
    if not nailed.stands:
        draft.do(Keep(leg=nailed.leg))
        _is_back(draft, nailed.agent)
    _stands(draft, nailed)


def _stands(draft: Draft, nailed: NailedLeg) -> None:
    play = PlayId(f"{uuid_of(nailed.leg)}.n{nailed.plays + 1}")
    stands = nailed.move(S.STANDING, play=play, plays=nailed.plays + 1, played_from=draft.at)
    draft.put(stands)
    draft.do(Play(leg=nailed.leg, play=play, media=COMFORT))


def given_back(draft: Draft, nailed: NailedLeg, *, told: bool, joined: bool) -> None:
    """A talk, or what was to become one, is over: the leg stays. ``told``: with the tone that says that the caller has left.

    ``joined``: perhaps it still is; what is played then would be heard in the bridge, so it waits until the leg parks.
    """
    if joined:
        draft.do(Separate(leg=nailed.leg))
        return
    play = PlayId(f"{uuid_of(nailed.leg)}.n{nailed.plays + 1}")
    draft.put(replace(nailed, play=play, plays=nailed.plays + 1, played_from=draft.at))
    draft.do(Play(leg=nailed.leg, play=play, media=((Tone(name="gone"), *COMFORT) if told else COMFORT)))


def play_ended(draft: Draft, nailed: NailedLeg, event: PlayEnded) -> None:
    if event.play != nailed.play or not nailed.stands or draft.at - nailed.played_from < AGAIN_S:
        return draft.late()
    _stands(draft, nailed)


def pressed(draft: Draft, nailed: NailedLeg) -> None:
    """Somebody is there."""
    draft.put(replace(nailed, silent=0))


def used(draft: Draft, offer: Offer) -> None:
    """A call was put through without anybody doing anything."""
    nailed = draft.nailed(offer.agent)
    if nailed is not None and nailed.leg == offer.leg:
        draft.put(replace(nailed, silent=nailed.silent + 1))


def overdue(draft: Draft, nailed: NailedLeg) -> None:
    """Nobody picked it up; or its end was asked for and has not been told."""
    agents.hang_up(draft, nailed, nailed.cause or "NO_ANSWER")


def ended(draft: Draft, nailed: NailedLeg, event: LegEnded) -> None:
    """The leg is gone. An agent who stood by it is not ready any more, or is rung for each call again, as the house likes it.

    Whom the switch has cut off is not to blame: the phone is rung anew, and whoever picks it up is what they were.
    """
    draft.put(nailed.move(S.ENDED, cause=nailed.cause or event.cause))
    agent = draft.agent(nailed.agent)
    chosen = agent.pending is not None and not desks.is_pending(agent)
    if not nailed.stands or draft.state.policy.nailed.when_lost_ring or chosen:
        return
    if agent.state is AgentState.READY or (agent.state is AgentState.NOT_READY and agent.reason == DESK_LOST):
        agents.go_away(draft, agent, Wish.NOT_READY, NAILED_LEG_LOST)
    elif agent.state in (AgentState.OFFERED, AgentState.TALKING, AgentState.WRAP_UP):
        draft.put(replace(agent, pending=Wish.NOT_READY, pending_reason=NAILED_LEG_LOST))
    else:
        return
    if event.by_far_end is False and draft.at - nailed.since >= STOOD_S and nailed.agent in draft.state.policy.agents:
        _rung(draft, nailed.agent)


def _is_back(draft: Draft, id: AgentId) -> None:
    """Whoever is not ready, or is to be, for the lost line alone is what they were before it was lost."""
    agent = draft.agent(id)
    if agent.pending is Wish.NOT_READY and agent.pending_reason == NAILED_LEG_LOST:
        draft.put(replace(agent, pending=None, pending_reason="", pending_by=""))
    elif agent.state is AgentState.NOT_READY and agent.reason == NAILED_LEG_LOST:
        agents.phone_is_back(draft, agent)

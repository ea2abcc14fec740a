"""Supervisors at a talk: they listen, whisper to the agent, barge in, take over; each by right, and each kept (ACD.md 61, 62; S13).

``follow`` looks at what a decision has changed, so that whoever ends or hands on a talk need not think of who listens.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core import calls
from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Bridge, Disarm, HangUp, ListenIn, Notice, Ring, SpeakTo, StopListening
from acd.core.draft import Draft
from acd.core.interpreter import QueueExit
from acd.core.offers import offering, reaching
from acd.core.offers.offer import Offer
from acd.core.talking import taping
from acd.core.talking.monitor import Monitor
from acd.core.talking.supervisor_policy import AgentDrops, SupervisorPolicy
from acd.core.talking.talk import Talk
from acd.words import (
    AgentId,
    CallId,
    EndedBy,
    Follows,
    HeardBy,
    LegId,
    MonitorId,
    MonitorState,
    OfferState,
    Owner,
    PlayId,
    Supervise,
    SupervisorId,
    TalkState,
    leg_id,
    node_of,
)

S, W = MonitorState, Supervise

RING_SPARE_S = 3
WAITS_S = 300.0
"""Between two talks of the agent whom they follow a supervisor waits so long."""
JOINS_S = 5.0
"""A take-over that is not reported by then has failed."""
KEYS = {"1": W.LISTEN, "2": W.WHISPER, "3": W.BARGE, "4": W.TAKE_OVER}
LISTENINGS_MOST = 30
"""Something that ends as often as it is begun is not begun for ever."""


# -- asked for ---------------------------------------------------------------------------------------------------------


def ask(draft: Draft, event: ev.SuperviseAsked) -> str:
    """Why not, or ''. What was refused is kept, too."""
    policy = draft.state.policy.supervisors.get(event.supervisor)
    if policy is None:
        return "there is no such supervisor"
    there = _of(draft, event.supervisor)
    if there is not None and event.wish is W.STOP:
        _end(draft, there, "stopped", by=event.by)
        return ""
    if there is not None and event.agent in (None, there.agent):
        return turn(draft, there, event.wish, event.by)
    if there is not None:
        return f"{event.supervisor} is at a talk of {there.agent} already"
    if event.wish is W.STOP or event.agent is None:
        return f"{event.supervisor} is at no talk"
    return _begin(draft, policy, event)


def _begin(draft: Draft, policy: SupervisorPolicy, event: ev.SuperviseAsked) -> str:
    assert event.agent is not None
    offer = talk_of(draft, event.agent)
    if offer is None:
        return f"{event.agent} talks to nobody"
    monitor = _made(draft, policy, event, offer)
    why = _why_not(policy, event.wish, offer)
    if why:
        draft.put(monitor.turn(draft.at, f"refused: {event.wish}", event.by).move(S.ENDED, ended_at=draft.at, why=why, deadline=None))
        return why
    draft.put(monitor.turn(draft.at, event.wish, event.by))
    marks = {"monitor": str(monitor.id), "call": str(offer.call)}
    ring_s, name = int(policy.ring_s) + RING_SPARE_S, f"Talk of {offer.agent}"
    draft.do(Ring(leg=monitor.leg, phone=policy.phone, timeout_s=ring_s, caller_number="", caller_name=name, marks=marks))
    return ""


def _made(draft: Draft, policy: SupervisorPolicy, event: ev.SuperviseAsked, offer: Offer) -> Monitor:
    call = draft.call(offer.call)
    draft.put(replace(call, monitors=call.monitors + 1))
    id = MonitorId(f"{call.id}.m{call.monitors + 1}")
    leg = leg_id(node_of(call.leg), str(uuid5(NAMESPACE_OID, f"{id}@{draft.at}")))
    return Monitor(
        id=id,
        supervisor=policy.id,
        leg=leg,
        call=call.id,
        agent=offer.agent,
        queue=offer.queue,
        begun_at=draft.at,
        mode=W.LISTEN if event.wish is W.TAKE_OVER else event.wish,
        follows=event.follows or policy.follows,
        offer=offer.id,
        deadline=draft.at + policy.ring_s,
    )


def _why_not(policy: SupervisorPolicy, wish: Supervise, offer: Offer) -> str:
    if not policy.may_see(offer.agent, offer.queue):
        return f"{policy.id} may not be at talks of {offer.agent} in {offer.queue}"
    return "" if wish in policy.rights else f"{policy.id} may not {wish.replace('_', ' ')}"


def turn(draft: Draft, monitor: Monitor, wish: Supervise, by: str) -> str:
    """Listen, whisper, barge or take over, from now on."""
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    offer = draft.state.offers.get(monitor.offer) if monitor.offer else None
    if policy is None or wish not in policy.rights:
        draft.put(monitor.turn(draft.at, f"refused: {wish}", by))
        return f"{monitor.supervisor} may not {wish.replace('_', ' ')}"
    if monitor.state is not S.LISTENING or offer is None:
        return "there is no talk to join"
    monitor = draft.put(monitor.turn(draft.at, wish, by))
    if wish is W.TAKE_OVER and not _is_plain(draft, draft.offer(offer.id)):
        return "not while a colleague is asked"
    if wish is W.TAKE_OVER:
        take_over(draft, monitor, draft.offer(offer.id))
        return ""
    monitor = draft.put(replace(monitor, mode=wish))
    draft.do(SpeakTo(leg=monitor.leg, heard_by=_heard_by(monitor)))
    return ""


def _heard_by(monitor: Monitor) -> HeardBy:
    """Who follows the contact stands at the customer's leg, who follows the agent at theirs."""
    if monitor.mode is W.WHISPER:
        return HeardBy.OTHER if monitor.follows is Follows.CONTACT else HeardBy.TARGET
    return HeardBy.BOTH if monitor.mode is W.BARGE else HeardBy.NOBODY


# -- taken over --------------------------------------------------------------------------------------------------------


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


def _is_plain(draft: Draft, offer: Offer) -> bool:
    """A talk of one customer and one agent, nobody else; held or not."""
    call = draft.call(offer.call)
    return call.entry == offer.entry and call.talk.state in (TalkState.TALKING, TalkState.HELD)


def takes_over(draft: Draft, offer: Offer) -> bool:
    """The agent of a talk has dropped out of it: whether a supervisor who had barged in goes on with the customer."""
    if not draft.state.monitors or not _is_plain(draft, offer):
        return False
    for monitor in draft.monitors():
        if monitor.offer != offer.id or monitor.mode is not W.BARGE or monitor.state is not S.LISTENING:
            continue
        policy = draft.state.policy.supervisors.get(monitor.supervisor)
        if policy and policy.agent_drops is AgentDrops.TAKE_OVER and W.TAKE_OVER in policy.rights:
            take_over(draft, draft.put(monitor.turn(draft.at, "agent dropped", str(offer.agent))), offer)
            return True
    return False


def _give_back(draft: Draft, call: Call) -> None:
    """The supervisor is gone: the caller goes on in the flow, as after any talk."""
    call = draft.put(replace(call, taken_by=None))
    taping.stop(draft, call.id)
    if call.ending or not call.is_live:
        return
    call = calls.arm(draft, call)
    calls.resume(draft, call, QueueExit(at=draft.at, exit="served"))


# -- what becomes of it ------------------------------------------------------------------------------------------------


def heard(draft: Draft, event: ev.Event) -> bool:
    """An event of a monitor's leg, or of a caller who was taken over. False when it concerns none of these."""
    match event:
        case ev.LegsBridged(leg=one, other=other) | ev.BridgeFailed(leg=one, other=other):
            monitor = _at(draft, other) or _at(draft, one)
            if monitor is None:
                return False
            _joined(draft, monitor, event)
            return True
        case ev.LegParked(leg=leg) if (call := _taken(draft, leg)) is not None:
            _caller_parked(draft, call)
            return True
    monitor = _at(draft, getattr(event, "leg", LegId("")))
    if monitor is None:
        return False
    _leg(draft, monitor, event)
    return True


def _leg(draft: Draft, monitor: Monitor, event: ev.Event) -> None:
    match event:
        case ev.LegEnded(cause=cause):
            _end(draft, monitor, cause, gone=True)
        case ev.LegAnswered() if monitor.state is S.RINGING:
            draft.put(replace(monitor, deadline=draft.at + JOINS_S))
        case ev.LegParked() if monitor.state is S.RINGING:
            _listen(draft, replace(monitor, parked=True))
        case ev.LegParked() if monitor.state is S.TALKING and monitor.deadline is None:
            _end(draft, monitor, "customer gone")
        case ev.PlayEnded(play=play) if monitor.state is S.LISTENING and play == monitor.play:
            _listen(draft, monitor)
        case ev.DigitPressed(digit=digit) if digit in KEYS and monitor.state is S.LISTENING:
            turn(draft, monitor, KEYS[digit], f"key {digit}")
        case _:
            draft.late()


def _joined(draft: Draft, monitor: Monitor, event: ev.Event) -> None:
    if monitor.state is not S.TALKING or monitor.deadline is None:
        return draft.late()
    if isinstance(event, ev.LegsBridged):
        draft.put(replace(monitor, turned_at=draft.at, deadline=None))
    else:
        _end(draft, monitor, "could not be joined")


def _listen(draft: Draft, monitor: Monitor) -> None:
    """Begin to listen (again), where there is something to listen to."""
    offer = draft.state.offers.get(monitor.offer) if monitor.offer else None
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    if offer is None or not draft.offer(offer.id).is_live or policy is None or monitor.plays >= LISTENINGS_MOST:
        return _end(draft, monitor, "talk ended")
    contact = monitor.follows is Follows.CONTACT
    play = f"{monitor.id}.{monitor.plays + 1}"
    target = draft.call(monitor.call).leg if contact else offer.leg
    keys = "".join(key for key, wish in KEYS.items() if wish in policy.rights)
    monitor = monitor.move(S.LISTENING, play=play, plays=monitor.plays + 1, turned_at=draft.at, deadline=None)
    draft.put(monitor)
    draft.do(ListenIn(leg=monitor.leg, play=PlayId(play), to=target, heard_by=_heard_by(monitor), keys=keys))
    if policy.tell_agent:
        draft.do(Notice(leg=offer.leg))


def _caller_parked(draft: Draft, call: Call) -> None:
    """Whoever had taken over is gone; their own end is told as well."""
    monitor = draft.state.monitors.get(call.taken_by) if call.taken_by else None
    if monitor is not None and draft.monitor(monitor.id).deadline is not None:
        return draft.late()  # the agent's side parts before the two are joined
    if monitor is not None:
        _end(draft, monitor, "supervisor gone")
    else:
        _give_back(draft, call)


def _end(draft: Draft, monitor: Monitor, why: str, *, by: str = "", gone: bool = False) -> None:
    """The leg goes, whatever it did; a caller who was with it is given back."""
    draft.put(monitor.turn(draft.at, "ended", by).move(S.ENDED, ended_at=draft.at, why=why, deadline=None, play=""))
    if not gone:
        draft.do(HangUp(leg=monitor.leg))
    known = draft.state.calls.get(monitor.call)
    if known is not None and draft.call(known.id).taken_by == monitor.id:
        _give_back(draft, draft.call(known.id))


def woken(draft: Draft, id: MonitorId) -> None:
    """Nobody picked up; no talk came; two were not joined."""
    monitor = draft.state.monitors[id]
    why = {S.RINGING: "no answer", S.WAITING: "no other talk"}.get(monitor.state, "could not be joined")
    _end(draft, monitor, why)


# -- what others decided -----------------------------------------------------------------------------------------------


def follow(draft: Draft) -> None:
    """After each decision: talks that ended, contacts that were handed on."""
    if not draft.state.monitors and not any(isinstance(each, Monitor) for each in draft.changes.values()):
        return
    concerned = [each for each in draft.changes.values() if isinstance(each, Offer | Call)]
    if not concerned:
        return
    for monitor in draft.monitors():
        if monitor.state is S.TALKING:
            _follow_taken(draft, monitor)
        elif monitor.follows is Follows.CONTACT:
            _follow_contact(draft, monitor)
        else:
            _follow_agent(draft, monitor)


def _follow_taken(draft: Draft, monitor: Monitor) -> None:
    call = draft.any_call(monitor.call)
    if call is None or not call.is_live:
        _end(draft, monitor, "customer gone")


def _follow_contact(draft: Draft, monitor: Monitor) -> None:
    """Through lines and transfers; not beyond what the supervisor may see, and not back into a flow."""
    call = draft.any_call(monitor.call)
    gone = call is None or not call.is_live or call.ending or call.talk.left_at is not None
    if call is None or gone or (call.owner is Owner.FLOW and not call.is_onward):
        return _end(draft, monitor, "talk ended")
    offer = _talk_with(draft, call.id)
    if offer is None or offer.id == monitor.offer:
        return
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    if policy is None or not policy.may_see(offer.agent, offer.queue):
        return _end(draft, monitor, f"may not be at talks of {offer.agent} in {offer.queue}")
    draft.put(replace(monitor, offer=offer.id, agent=offer.agent, queue=offer.queue).turn(draft.at, f"followed to {offer.agent}"))


def _follow_agent(draft: Draft, monitor: Monitor) -> None:
    """From talk to talk of one agent, with some time between."""
    known = draft.any_offer(monitor.offer) if monitor.offer else None
    if monitor.offer is not None and (known is None or not known.is_live):
        if monitor.state is S.RINGING:
            return _end(draft, monitor, "talk ended")
        draft.do(StopListening(leg=monitor.leg))
        monitor = draft.put(monitor.move(S.WAITING, offer=None, play="", deadline=draft.at + WAITS_S))
    offer = talk_of(draft, monitor.agent)
    if monitor.offer is not None or offer is None:
        return
    policy = draft.state.policy.supervisors.get(monitor.supervisor)
    if policy is not None and policy.may_see(offer.agent, offer.queue):
        _listen(draft, replace(monitor, offer=offer.id, call=offer.call, queue=offer.queue).turn(draft.at, f"followed to {offer.call}"))


# -- finding -----------------------------------------------------------------------------------------------------------


def talk_of(draft: Draft, agent: AgentId) -> Offer | None:
    id = draft.agent(agent).offer
    offer = draft.any_offer(id) if id else None
    if offer is None or offer.state is not OfferState.BRIDGED:
        return None
    return offer if draft.entry(offer.entry).leg == draft.call(offer.call).leg else None  # with a customer, not with a colleague


def _talk_with(draft: Draft, call: CallId) -> Offer | None:
    entry = draft.call(call).entry
    if entry is None:
        return None
    offer = draft.entry(entry).offer
    found = draft.any_offer(offer) if offer else None
    return found if found is not None and found.state is OfferState.BRIDGED else None


def _of(draft: Draft, supervisor: SupervisorId) -> Monitor | None:
    return next((each for each in draft.monitors() if each.supervisor == supervisor), None)


def _at(draft: Draft, leg: LegId) -> Monitor | None:
    id = draft.state.monitor_of_leg.get(leg)
    return draft.monitor(id) if id else None


def _taken(draft: Draft, leg: LegId) -> Call | None:
    id = draft.state.call_of_leg.get(leg)
    call = draft.call(id) if id else None
    return call if call is not None and call.taken_by is not None else None

"""Supervisors at a talk: they listen, whisper to the agent, barge in, take over; each by right, and each kept (ACD.md 61, 62; S13).

What is asked for, and what the switch tells of their legs. What others decide about a talk is in ``handed_on``.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Ring
from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.talking.listening import KEYS, at, end, listen, of, talk_of, turn
from acd.core.talking.monitor import Monitor
from acd.core.talking.supervisor_policy import SupervisorPolicy
from acd.core.talking.taking_over import JOINS_S, give_back, taken
from acd.words import (
    LegId,
    MonitorId,
    MonitorState,
    Supervise,
    leg_id,
    node_of,
)

S, W = MonitorState, Supervise

RING_SPARE_S = 3


def ask(draft: Draft, event: ev.SuperviseAsked) -> str:
    """Why not, or ''. What was refused is kept, too."""
    policy = draft.state.policy.supervisors.get(event.supervisor)
    if policy is None:
        return "there is no such supervisor"
    there = of(draft, event.supervisor)
    if there is not None and event.wish is W.STOP:
        end(draft, there, "stopped", by=event.by)
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


def heard(draft: Draft, event: ev.Event) -> bool:
    """An event of a monitor's leg, or of a caller who was taken over. False when it concerns none of these."""
    match event:
        case ev.LegsBridged(leg=one, other=other) | ev.BridgeFailed(leg=one, other=other):
            monitor = at(draft, other) or at(draft, one)
            if monitor is None:
                return False
            _joined(draft, monitor, event)
            return True
        case ev.LegParked(leg=leg) if (call := taken(draft, leg)) is not None:
            _caller_parked(draft, call)
            return True
    monitor = at(draft, getattr(event, "leg", LegId("")))
    if monitor is None:
        return False
    _leg(draft, monitor, event)
    return True


def _leg(draft: Draft, monitor: Monitor, event: ev.Event) -> None:
    match event:
        case ev.LegEnded(cause=cause):
            end(draft, monitor, cause, gone=True)
        case ev.LegAnswered() if monitor.state is S.RINGING:
            draft.put(replace(monitor, deadline=draft.at + JOINS_S))
        case ev.LegParked() if monitor.state is S.RINGING:
            listen(draft, replace(monitor, parked=True))
        case ev.LegParked() if monitor.state is S.TALKING and monitor.deadline is None:
            end(draft, monitor, "customer gone")
        case ev.PlayEnded(play=play) if monitor.state is S.LISTENING and play == monitor.play:
            listen(draft, monitor)
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
        end(draft, monitor, "could not be joined")


def _caller_parked(draft: Draft, call: Call) -> None:
    """Whoever had taken over is gone; their own end is told as well."""
    monitor = draft.state.monitors.get(call.taken_by) if call.taken_by else None
    if monitor is not None and draft.monitor(monitor.id).deadline is not None:
        return draft.late()  # the agent's side parts before the two are joined
    if monitor is not None:
        end(draft, monitor, "supervisor gone")
    else:
        give_back(draft, call)


def woken(draft: Draft, id: MonitorId) -> None:
    """Nobody picked up; no talk came; two were not joined."""
    monitor = draft.state.monitors[id]
    why = {S.RINGING: "no answer", S.WAITING: "no other talk"}.get(monitor.state, "could not be joined")
    end(draft, monitor, why)

"""A number outside is consulted: dialled through the gate, talked to, put through to the customer, or let go.

Like a colleague they are never the cause that somebody is left holding: who drops out has put the customer through, and a customer
who nobody outside takes comes back as from a transfer. While it rings the agent hears that it does, the customer hears music.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core import calls
from acd.core import events as ev
from acd.core.call import Call
from acd.core.commands import Bridge, Disarm, HangUp, Keep, Play
from acd.core.draft import Draft
from acd.core.interpreter import QueueExit
from acd.core.lines.line import RINGING
from acd.core.media import Media, Music
from acd.core.offers import offering
from acd.core.outside import dialled, outbound
from acd.core.outside.gate import Refused, Wanted
from acd.core.talking import hearing, transferring
from acd.core.talking.outsider import Outsider
from acd.core.talking.transfer import Target, TargetKind, why_not
from acd.words import AgentId, EndedBy, LegId, Owner, PlayId, TalkState, leg_id, node_of

S = TalkState

SPARE_S = 3.0
"""The switch ends the ringing by itself; this much later we do."""
AGAIN_S = 5.0
"""What stopped sooner than this after it began is not begun again at once: it cannot be played."""
ANOTHER_TRUNK = dialled.TRUNK_FAILED


# -- asked for ---------------------------------------------------------------------------------------------------------


def begin(draft: Draft, call: Call, agent: AgentId, number: str) -> str:
    own, stood_apart = hearing.own_offer(draft, call), call.talk.state is S.HELD
    asked = _dial(draft, call, Outsider(id="", leg=LegId(""), number=number, by=agent, since=draft.at))
    if isinstance(asked, Refused):
        return asked.why
    call = hearing.turn(draft, asked, S.CONSULTING)
    if stood_apart:
        ring_back(draft, call, own.leg)
    return ""


def _dial(draft: Draft, call: Call, out: Outsider) -> Call | Refused:
    """Through the first trunk that takes the number and has not failed."""
    id = f"{call.id}.x{call.consults + 1}"
    leg = leg_id(node_of(call.leg), str(uuid5(NAMESPACE_OID, f"{id}@{draft.at}")))
    wanted = Wanted(
        id=id,
        number=out.number,
        reason="consult",
        skip=out.tried,
        call=call.id,
        agent=out.by,
        queue=call.transfer.came_from.queue if call.owner is Owner.FLOW and call.transfer else hearing.own_offer(draft, call).queue,
        caller=call.caller_number,
        caller_name=call.caller_name,
        from_phone=True,
    )
    call = draft.put(replace(call, consults=call.consults + 1))
    found = outbound.call(draft, wanted, leg, ring_s=transferring.RING_S, marks={"call": call.id})
    if isinstance(found, Refused):
        return found
    until = draft.at + transferring.RING_S + SPARE_S
    return draft.put(replace(call, outsider=replace(out, id=id, leg=leg, since=draft.at, rings_until=until)))


# -- what is heard meanwhile -------------------------------------------------------------------------------------------


def ring_back(draft: Draft, call: Call, leg: LegId) -> None:
    """The agent hears that it rings there."""
    _plays(draft, call, leg, RINGING)


def _music(draft: Draft, call: Call) -> None:
    name = call.transfer.came_from.music if call.transfer else ""
    _plays(draft, call, call.leg, Music(name=name or "default"))


def _plays(draft: Draft, call: Call, leg: LegId, medium: Media) -> None:
    out = _of(call)
    play = PlayId(f"{out.id}.p{out.plays + 1}")
    draft.do(Play(leg=leg, play=play, media=(medium,)))
    draft.put(replace(call, outsider=replace(out, plays=out.plays + 1, play=play, play_from=draft.at)))


def awaited(call: Call) -> bool:
    """Whether it rings there."""
    return call.outsider is not None and not call.outsider.is_here


def stopped(draft: Draft, call: Call, event: ev.PlayEnded | ev.MusicLost) -> None:
    """What whoever waits for them heard has stopped by itself."""
    out = _of(call)
    ours = isinstance(event, ev.MusicLost) or (event.play == out.play and draft.at - out.play_from >= AGAIN_S)
    if not ours:
        draft.late()
    elif event.leg == call.leg:
        _music(draft, call)
    else:
        ring_back(draft, call, event.leg)


# -- their leg ---------------------------------------------------------------------------------------------------------


def parked(draft: Draft, call: Call) -> bool:
    """They have picked up, and stand parked. False when they had before."""
    out = _of(call)
    if out.is_here:
        return False
    call = draft.put(replace(call, outsider=replace(out, rings_until=None, since=draft.at)))
    if call.ending:
        let_go(draft, call)
    elif call.owner is Owner.AGENT:
        hearing.ask(draft, call)
    else:
        _join(draft, call)
    return True


def left(draft: Draft, call: Call, cause: str, *, lost: bool = False) -> None:
    """Their leg is gone, or never came up; by then they may have talked to the agent, or to the customer."""
    out = _of(call)
    if not out.is_here and not call.ending and cause in ANOTHER_TRUNK:
        if not isinstance(_dial(draft, call, replace(out, tried=out.tried + 1)), Refused):
            return
        call = draft.call(call.id)
    call = draft.put(replace(call, outsider=None))
    exit = dialled.exit_of(cause, lost=lost)
    if call.ending:
        return
    if call.owner is Owner.AGENT:
        why = "" if out.is_here else why_not(out.number, "failed" if exit == "done" else exit)
        hearing.turn(draft, call, S.TALKING, why=why)
        return
    if out.is_here:
        call = calls.arm(draft, call)
    if out.has_customer:
        calls.resume(draft, draft.put(replace(call, transfer=None)), QueueExit(at=draft.at, exit="served"))
    else:
        transferring.came_back(draft, call, "failed" if exit == "done" else exit)


def let_go(draft: Draft, call: Call, cause: str = "NORMAL_CLEARING") -> Call:
    """They are wanted no more."""
    draft.do(HangUp(leg=_of(call).leg, cause=cause))
    return draft.put(replace(call, outsider=None))


# -- with the customer -------------------------------------------------------------------------------------------------


def put_through(draft: Draft, call: Call, by: EndedBy, cause: str) -> None:
    """The customer is with them, or waits until they pick up; the agent's part is over."""
    out, own = _of(call), hearing.own_offer(draft, call)
    transfer = transferring.remembered(draft, own, Target(kind=TargetKind.NUMBER, id=out.number))
    are_joined = call.talk.state is S.CONFERENCE and call.talk.join_at is None
    offering.talk_ended(draft, own, by, cause)
    out = replace(out, since=draft.at, has_customer=are_joined)
    call = hearing.ended(draft, call, Owner.FLOW, entry=None, transfer=transfer, outsider=out)
    if not out.is_here:
        calls.arm(draft, call)
    elif not are_joined:
        _join(draft, call)


def _join(draft: Draft, call: Call) -> None:
    out = _of(call)
    draft.do(Disarm(leg=call.leg), Keep(leg=out.leg), Bridge(leg=call.leg, other=out.leg))
    out = replace(out, since=draft.at, join_at=draft.at + hearing.JOIN_S, asked=out.asked + 1)
    draft.put(replace(call, arm_at=None, outsider=out))


def joined(draft: Draft, call: Call, legs: frozenset[LegId]) -> None:
    """The switch says that the customer and they are joined."""
    out = _of(call)
    if out.join_at is None or legs != {call.leg, out.leg}:
        return draft.late()
    draft.put(replace(call, outsider=replace(out, since=draft.at, join_at=None, asked=0, has_customer=True)))


def not_joined(draft: Draft, call: Call) -> None:
    """The switch could not join them. Mostly one has just left, whose own end says more."""
    out = _of(call)
    if out.join_at is None:
        return draft.late()
    draft.put(replace(call, outsider=replace(out, join_at=min(out.join_at, draft.at + hearing.REFUSED_S))))


def astray(draft: Draft, call: Call) -> None:
    """They do not stand as they should: a command of ours was lost."""
    if call.outsider is None or not call.outsider.is_here or call.ending:
        return draft.late()
    _join(draft, call)


def customers_leg(draft: Draft, call: Call, event: ev.Event) -> None:
    """The customer was put through to them: what happens to the customer's leg."""
    match event:
        case ev.PlayEnded() | ev.MusicLost() if awaited(call) and not call.ending:
            stopped(draft, call, event)
        case ev.LegParked() if awaited(call) and not call.ending:
            _music(draft, call)
        case ev.TalkAstray():
            astray(draft, call)
        case _:
            draft.late()  # that they have left is told by their own end


# -- the customer is gone, time has passed -----------------------------------------------------------------------------


def customer_gone(draft: Draft, call: Call, *, lost: bool, cause: str, goes_on: bool) -> bool:
    """True when the agent goes on with them."""
    if not (_of(call).is_here and goes_on and call.owner is Owner.AGENT):
        draft.put(replace(let_go(draft, call), transfer=None))
        return False
    draft.put(hearing.own_offer(draft, call).abandoned(draft.at))
    by = EndedBy.SYSTEM if lost else EndedBy.CUSTOMER
    hearing.turn(draft, call, S.INTERNAL, left_at=draft.at, left_cause=cause, left_by=by)
    return True


def woken(draft: Draft, call: Call) -> None:
    """Nobody picked up, or two who were to be joined were not."""
    out = call.outsider
    if out is None or out.deadline is None or out.deadline > draft.at:
        return
    if not draft.state.reachable(node_of(call.leg)):  # nobody can say; the snapshot will
        later = draft.at + hearing.JOIN_S
        at = {"rings_until": later} if out.rings_until is not None else {"join_at": later}
        draft.put(replace(call, outsider=replace(out, **at)))  # type: ignore[arg-type]
    elif out.rings_until is not None:
        draft.do(HangUp(leg=out.leg, cause="NO_ANSWER"))
        left(draft, call, "NO_ANSWER")
    elif out.asked < hearing.ASKS_MAX:
        _join(draft, call)
    else:
        draft.do(HangUp(leg=out.leg))
        left(draft, call, "BRIDGE_FAILED")


def _of(call: Call) -> Outsider:
    assert call.outsider is not None
    return call.outsider

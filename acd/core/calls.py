"""A call on its way: walking its flow, into a queue and out of it, given back by an agent, asked to end."""

from dataclasses import replace

from acd.core import granting
from acd.core.call import TRAIL_MAX, Call
from acd.core.commands import Arm, HangUp, Mark, StopPlay
from acd.core.draft import Draft
from acd.core.events import LegEnded, TimePassed
from acd.core.gone import LOST_CAUSES
from acd.core.interpreter import (
    AgentWish,
    CallbackAsk,
    CallNumber,
    EndCall,
    EnterQueue,
    Happening,
    LeaveQueue,
    NotDialled,
    OptOutAsk,
    QueueExit,
    SuperviseAsk,
    TapeAsk,
    Walk,
)
from acd.core.lines import announcing, line, overflow, waiting
from acd.core.lines.entry import Entry
from acd.core.offers import offering
from acd.core.offers.offer import Offer
from acd.core.outside import callback_ending, callback_merging, callback_wishes, callbacks, outbound
from acd.core.outside.callback import CallbackOutcome
from acd.core.outside.gate import Refused, Wanted
from acd.core.staff import wrapping
from acd.core.surroundings import House
from acd.core.talking.talk import Talk
from acd.words import (
    EndedBy,
    EntryOutcome,
    EntryState,
    FlowId,
    OfferOutcome,
    Owner,
    QueueId,
    TalkState,
)

ASKS_MAX = 25
"""So many asks in one walk without anything from outside between them is a flow that chases its own tail."""
AGAIN_S = 5.0
"""A hang-up that the switch has not confirmed is asked for again."""
TO_FAILSAFE_S = 1.0


def adopt(draft: Draft, call: Call) -> Call:
    draft.do(Mark(leg=call.leg, values={"call": call.id}))
    return arm(draft, call)


def arm(draft: Draft, call: Call) -> Call:
    """The dead man's switch far ahead, and a date with ourselves to renew it long before."""
    failsafe_s = draft.state.policy.failsafe_s
    draft.do(Arm(leg=call.leg, after_s=failsafe_s))
    return draft.put(replace(call, arm_at=draft.at + failsafe_s / 2))


# -- the flow ----------------------------------------------------------------------------------------------------------


def begin(draft: Draft, call: Call, flow: FlowId) -> None:
    try:
        walk = draft.state.flows.begin(draft.at, call, flow, House(draft))
    except KeyError:
        return to_failsafe(draft, call)
    follow(draft, call, walk)


def resume(draft: Draft, call: Call, happening: Happening) -> None:
    if call.frame is None:
        return end(draft, call, "NORMAL_CLEARING")
    try:
        walk = draft.state.flows.resume(draft.at, call, happening, House(draft))
    except KeyError:
        return to_failsafe(draft, call)
    follow(draft, call, walk)


def follow(draft: Draft, call: Call, walk: Walk) -> None:
    """Do what the walk says; answer what it asks, until the flow waits for the world or lets go of its caller."""
    for _ in range(ASKS_MAX):
        call = _keep(draft, call, walk)
        match walk.ask:
            case None:
                return
            case EndCall(cause=cause):
                return end(draft, call, cause)
            case EnterQueue() as ask:
                exit = enter(draft, call, ask)
                if exit is None:
                    return
                happening: Happening = QueueExit(at=draft.at, exit=exit)
            case LeaveQueue():
                return end(draft, call, "NORMAL_CLEARING")  # a flow for callers who wait, and this one does not
            case AgentWish() as wish:
                if (granted := granting.granted(draft, call, wish)) is None:
                    return
                happening = granted
            case TapeAsk() | SuperviseAsk() | OptOutAsk() | CallbackAsk() as ask:
                happening = granting.wished(draft, call, ask)
            case CallNumber() as ask:
                refused = _dial(draft, call, ask)
                if refused is None:
                    return
                happening = refused
        call = draft.call(call.id)
        walk = draft.state.flows.resume(draft.at, call, happening, House(draft))
    to_failsafe(draft, call)


def _keep(draft: Draft, call: Call, walk: Walk) -> Call:
    draft.do(*walk.commands)
    if walk.is_private:
        draft.hide()
    return draft.put(
        replace(
            call,
            frame=walk.frame,
            trail=(call.trail + walk.passed)[:TRAIL_MAX],
            messages=call.messages + walk.messages,
            tags={name: value for name, value in {**call.tags, **walk.tags}.items() if value},
            answers=call.answers + walk.answers,
            callbacks=call.callbacks + tuple(callback_wishes.taken(draft, call, wish) for wish in walk.callbacks),
        )
    )


def enter(draft: Draft, call: Call, ask: EnterQueue) -> str | None:
    """Into the line; the exit by which the caller is out of it again at once, None when they wait."""
    ask = replace(ask, queue=draft.state.policy.now_called(ask.queue))
    call, ask = callback_merging.merged(draft, call, ask)
    entry = line.join(draft, call, ask)
    if not entry.is_live:
        return _elsewhere(draft, entry, ask)
    if announcing.is_due(draft, draft.call(call.id), entry):
        announcing.begin(draft, entry)
        return None
    entry = waiting.begin(draft, entry)
    if not entry.leave_by:
        return None
    return take_out(draft, draft.call(call.id), entry, entry.leave_as, entry.leave_by)


def _elsewhere(draft: Draft, entry: Entry, ask: EnterQueue) -> str | None:
    """A queue has not taken them: another one does, or they are out by the exit."""
    to = overflow.instead_of(draft, entry, entry.exit)
    if to is None:
        return entry.exit
    draft.put(replace(entry, outcome=EntryOutcome.OVERFLOWED))
    return enter(draft, draft.call(entry.call), replace(ask, queue=to, priority=entry.priority, via=(*entry.via, entry.queue)))


def _dial(draft: Draft, call: Call, ask: CallNumber) -> NotDialled | None:
    """The caller's own leg is joined to a number outside, if the house lets that out."""
    wanted = Wanted(
        id=ask.play,
        number=ask.number,
        reason="transfer",
        trunks=ask.trunks,
        skip=ask.skip,
        call=call.id,
        agent=call.agent,
        caller=call.caller_number,
        caller_name=call.caller_name,
        from_phone=call.phone is not None,
    )
    found = outbound.connect(draft, wanted, call.leg, ask.play, ring_s=ask.ring_s)
    return NotDialled(at=draft.at, rule=found.rule.value, why=found.why) if isinstance(found, Refused) else None


def to_failsafe(draft: Draft, call: Call) -> None:
    """We do not know what to do with this caller: the switch's own announcement and voicemail do. Nobody is cut off."""
    draft.hide()
    draft.do(Arm(leg=call.leg, after_s=TO_FAILSAFE_S))
    draft.put(replace(call, frame=None, ending="FAILSAFE", arm_at=None))


# -- out of the queue, back from the agent -----------------------------------------------------------------------------


def leave_queue(draft: Draft, call: Call, entry: Entry, outcome: EntryOutcome, exit: str) -> None:
    """The caller leaves the line alive, and the flow goes on by that exit. A phone that rings for them stops first (ACD.md 7).

    Where the queue says so, and another one takes them, they go on waiting there instead.
    """
    if not call.is_here:
        return callback_ending.end(draft, draft.callback(call.id), CallbackOutcome.FAILED)  # nobody is there who could go anywhere
    if to := overflow.instead_of(draft, entry, exit):
        return go_over(draft, call, entry, to, exit)
    take_out(draft, call, entry, outcome, exit)
    resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))


def go_over(draft: Draft, call: Call, entry: Entry, to: QueueId, why: str) -> None:
    """Into another queue, which takes them (``overflow.refusal``); ``why`` stands as the exit of the stay."""
    ask = overflow.onward(draft, entry, to)
    take_out(draft, call, entry, EntryOutcome.OVERFLOWED, why)
    if exit := enter(draft, draft.call(call.id), ask):
        resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))


def take_out(draft: Draft, call: Call, entry: Entry, outcome: EntryOutcome, exit: str) -> str:
    offering.caller_gone(draft, entry, OfferOutcome.EXITED_KEY)
    call = waiting.cut(draft, call)
    line.leave(draft, entry, callbacks.stay_outcome(call, entry, outcome), exit)
    draft.do(StopPlay(leg=call.leg))
    draft.put(call.move(Owner.FLOW, entry=None))
    return exit


def ended_by(event: LegEnded) -> EndedBy:
    """Who ended a talk whose agent's leg is gone. The two legs end in either order: when it was the switch that ended
    this one, then because the customer is gone, whose own end is on its way.
    """
    if event.cause in LOST_CAUSES:
        return EndedBy.SYSTEM
    if event.cause in offering.DEAD_PHONE_CAUSES:
        return EndedBy.AGENT
    return EndedBy.CUSTOMER if event.by_far_end is False else EndedBy.AGENT


def given_back(draft: Draft, offer: Offer, cause: str, by: EndedBy, *, again: bool = False) -> None:
    """The agent's side of a talk ended; the caller stands parked and goes on in the flow (or is released by it).

    ``again``: back into the line, for the talk broke off.
    """
    entry, call = draft.entry(offer.entry), draft.call(offer.call)
    if call.talk.state is TalkState.HELD:
        draft.do(StopPlay(leg=call.leg))
    offering.talk_ended(draft, offer, by, cause)
    if cause in offering.DEAD_PHONE_CAUSES:
        wrapping.broke_off(draft, offer.agent)
    if again or cause in offering.DEAD_PHONE_CAUSES:
        return _wait_again(draft, call, entry)
    call = draft.put(call.move(Owner.FLOW, entry=None, ended_by=by, talk=Talk()))
    call = arm(draft, call)
    resume(draft, call, QueueExit(at=draft.at, exit="served"))
    call = draft.call(call.id)
    if not call.ending:
        draft.put(replace(call, ended_by=None))  # the flow goes on: who ended the talk has not ended the call


def _wait_again(draft: Draft, call: Call, entry: Entry) -> None:
    """The talk broke off, or the agent's phone died in it: the caller keeps the place from before it (ACD.md I6, I8; FAULTS.md F31)."""
    call = draft.put(call.move(Owner.FLOW, entry=None, waiting_since=entry.since, talk=Talk()))
    call = arm(draft, call)
    again = replace(line.asked(entry), agent=None, is_back=True)
    if exit := enter(draft, call, again):
        resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))


# -- the end -----------------------------------------------------------------------------------------------------------


def end(draft: Draft, call: Call, cause: str) -> None:
    """Ask the switch to release the caller. The call ends when the leg has ended, not before."""
    draft.do(HangUp(leg=call.leg, cause=cause))
    draft.put(replace(call, ending=cause, arm_at=draft.at + AGAIN_S))


def hang_up(draft: Draft, call: Call) -> None:
    """An operator ends the call, wherever it is."""
    if not call.is_here:
        callback_ending.cancel(draft, call.id, "operator")
    elif not call.ending:
        end(draft, call, "NORMAL_CLEARING")


def renewed(draft: Draft, call: Call) -> bool:
    """The dead man's switch is renewed, a hang-up that was not confirmed is asked for again; True when there is nothing else
    that the call was woken for. Both may have come at once, and nobody would wake us again for the other.
    """
    if call.arm_at is None or call.arm_at > draft.at:
        return False
    if call.ending:
        end(draft, call, call.ending)
        return True
    call = _put_off(draft, call) if _is_being_joined(draft, call) else arm(draft, call)
    return call.deadline is None or call.deadline > draft.at


def _is_being_joined(draft: Draft, call: Call) -> bool:
    entry = draft.entry(call.entry) if call.entry in draft.state.entries else None
    return entry is not None and entry.state is EntryState.CONNECTING


def _put_off(draft: Draft, call: Call) -> Call:
    """Taken off already for a talk that may stand without our knowing (the switch is away): armed again it would pull the
    caller out of it. When the talk does not stand, whoever finds that arms it.
    """
    return draft.put(replace(call, arm_at=draft.at + draft.state.policy.failsafe_s / 2))


def woken(draft: Draft, call: Call) -> None:
    """The flow's own time has come."""
    resume(draft, call, TimePassed(at=draft.at))
    if draft.call(call.id).deadline == call.deadline:
        to_failsafe(draft, draft.call(call.id))  # the flow wants to be woken in the past: it would never be heard of again


def answered(draft: Draft, call: Call) -> None:
    """The switch has answered the caller for us."""
    if call.answered_at is not None:
        return draft.late()
    draft.put(replace(call, answered_at=draft.at))

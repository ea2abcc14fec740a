"""A call on its way: arriving, walking its flow, in and out of a queue, given back by an agent, ending."""

from dataclasses import replace

from acd.core import agents, line, offering, waiting, wishes
from acd.core.call import TRAIL_MAX, Call
from acd.core.commands import Arm, HangUp, Mark, StopPlay
from acd.core.draft import Draft
from acd.core.entry import Entry
from acd.core.events import LOST, CallArrived, DigitPressed, LegEnded, PlayEnded, TimePassed
from acd.core.frame import Message, Passed
from acd.core.interpreter import AgentWish, EndCall, EnterQueue, Happening, LeaveQueue, QueueExit, Walk, WishDone
from acd.core.offer import Offer
from acd.core.surroundings import House
from acd.words import (
    CallId,
    EndedBy,
    EntryOutcome,
    EntryState,
    FlowId,
    OfferOutcome,
    OfferState,
    Owner,
    QueueId,
    uuid_of,
)

ASKS_MAX = 25
"""So many asks in one walk without anything from outside between them is a flow that chases its own tail."""
AGAIN_S = 5.0
"""A hang-up that the switch has not confirmed is asked for again."""
TO_FAILSAFE_S = 1.0


def arrived(draft: Draft, event: CallArrived) -> None:
    """A caller stands parked: adopt first, then begin the flow (or take up the line where the marks say)."""
    policy = draft.state.policy
    agent = policy.agent_of_phone.get(event.phone) if event.phone else None
    call = Call(
        id=CallId(uuid_of(event.leg)),
        leg=event.leg,
        owner=Owner.FLOW,
        arrived_at=draft.at,
        dialled=event.dialled,
        caller_number=event.caller_number,
        caller_name=event.caller_name,
        phone=event.phone,
        agent=agent,
    )
    if agent is not None:
        agents.own_call(draft, agent, {"own_leg": event.leg})
    call = adopt(draft, call)
    if "queue" in event.marks:
        return _take_up(draft, call, event)
    flow = _flow_of(draft, call)
    if flow is None:
        end(draft, call, "UNALLOCATED_NUMBER")
    else:
        begin(draft, call, flow)


def adopt(draft: Draft, call: Call) -> Call:
    draft.do(Mark(leg=call.leg, values={"call": call.id}))
    return arm(draft, call)


def arm(draft: Draft, call: Call) -> Call:
    """The dead man's switch far ahead, and a date with ourselves to renew it long before."""
    failsafe_s = draft.state.policy.failsafe_s
    draft.do(Arm(leg=call.leg, after_s=failsafe_s))
    return draft.put(replace(call, arm_at=draft.at + failsafe_s / 2))


def _flow_of(draft: Draft, call: Call) -> FlowId | None:
    policy = draft.state.policy
    if call.phone is not None and call.dialled in policy.phone_numbers:
        return policy.phone_numbers[call.dialled]
    return policy.numbers.get(call.dialled) or (None if call.phone else policy.numbers.get("*"))


def _take_up(draft: Draft, call: Call, event: CallArrived) -> None:
    """The journal is gone, the caller is not: queue, age and priority stand on the channel (ACD.md I10)."""
    marks = event.marks
    frame = draft.state.flows.place(draft.at, FlowId(marks.get("flow", "")), marks.get("step", ""))
    since = min(_seconds(marks.get("since", ""), draft.at), draft.at)
    call = draft.put(replace(call, frame=frame, waiting_since=since, answered_at=draft.at, recovered=True))
    priority = int(_seconds(marks.get("priority", ""), 0))
    flow = FlowId(marks["waiting"]) if marks.get("waiting") else None
    exit = _enter(draft, call, EnterQueue(queue=QueueId(marks["queue"]), priority=priority, waiting=flow))
    if exit is not None:
        resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))


def _seconds(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise


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
                exit = _enter(draft, call, ask)
                if exit is None:
                    return
                happening: Happening = QueueExit(at=draft.at, exit=exit)
            case LeaveQueue():
                return end(draft, call, "NORMAL_CLEARING")  # a flow for callers who wait, and this one does not
            case AgentWish() as wish:
                happening = _granted(draft, call, wish)
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
            callbacks=call.callbacks + walk.callbacks,
        )
    )


def _enter(draft: Draft, call: Call, ask: EnterQueue) -> str | None:
    """Into the line; the exit by which the caller is out of it again at once, None when they wait."""
    entry = line.join(draft, call, ask)
    if not entry.is_live:
        return entry.exit
    entry = waiting.begin(draft, entry)
    if not entry.leave_by:
        return None
    return _take_out(draft, draft.call(call.id), entry, entry.leave_as, entry.leave_by)


def _granted(draft: Draft, call: Call, ask: AgentWish) -> WishDone:
    if call.agent is None:
        return WishDone(at=draft.at, state="", why="this phone belongs to no agent")
    why = wishes.ask(draft, call.agent, ask.wish, ask.reason)
    return WishDone(at=draft.at, state=draft.agent(call.agent).state.value, why=why, agent=call.agent)


def to_failsafe(draft: Draft, call: Call) -> None:
    """We do not know what to do with this caller: the switch's own announcement and voicemail do. Nobody is cut off."""
    draft.hide()
    draft.do(Arm(leg=call.leg, after_s=TO_FAILSAFE_S))
    draft.put(replace(call, frame=None, ending="FAILSAFE", arm_at=None))


# -- out of the queue, back from the agent -----------------------------------------------------------------------------


def leave_queue(draft: Draft, call: Call, entry: Entry, outcome: EntryOutcome, exit: str) -> None:
    """The caller leaves the line alive, and the flow goes on by that exit. A phone that rings for them stops first (ACD.md 7)."""
    _take_out(draft, call, entry, outcome, exit)
    resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))


def _take_out(draft: Draft, call: Call, entry: Entry, outcome: EntryOutcome, exit: str) -> str:
    if entry.offer is not None:
        offering.caller_gone(draft, entry.offer, OfferOutcome.EXITED_KEY)
    call = waiting.cut(draft, call)
    line.leave(draft, entry, outcome, exit)
    draft.do(StopPlay(leg=call.leg))
    draft.put(call.move(Owner.FLOW, entry=None))
    return exit


# -- while waiting -----------------------------------------------------------------------------------------------------


def heard_in_line(draft: Draft, call: Call, happening: Happening) -> None:
    """What a caller in line does, or what was asked for them: a key of the queue leaves; the rest is for the waiting flow."""
    entry = draft.entry(call.entry) if call.entry else None
    if entry is not None and isinstance(happening, DigitPressed) and _leaves(entry, happening.digit):
        return leave_queue(draft, call, entry, EntryOutcome.EXITED_KEY, happening.digit)
    _leave_if_asked(draft, call, waiting.heard(draft, call, happening))


def _leaves(entry: Entry, digit: str) -> bool:
    return digit in entry.exit_keys and entry.state is not EntryState.CONNECTING


def play_ended(draft: Draft, call: Call, event: PlayEnded) -> None:
    """The music's end, or that of what the waiting flow said."""
    entry = draft.entry(call.entry) if call.entry else None
    if entry is not None and event.play.startswith(f"{entry.id}.m"):
        line.music_stopped(draft, entry, event.play)
    else:
        heard_in_line(draft, call, event)


def silent(draft: Draft, call: Call) -> None:
    """A caller in line hears nothing, though something was asked for: what it was is over, or the music begins again."""
    entry = draft.entry(call.entry) if call.entry else None
    if entry is None or entry.state not in waiting.WAITS:
        return draft.late()
    if call.waiting is None or call.waiting.play is None or entry.music_on:
        line.music(draft, entry)
    else:
        heard_in_line(draft, call, PlayEnded(at=draft.at, leg=call.leg, play=call.waiting.play, result=LOST))


def entry_woken(draft: Draft, entry: Entry) -> None:
    """The entry's deadline has come: out by its exit, or something is to be heard again."""
    call = draft.call(entry.call)
    if line.woken(draft, entry):
        return leave_queue(draft, call, entry, entry.leave_as, entry.leave_by or "timed_out")
    entry = draft.entry(entry.id)
    if entry.lap_at is not None and entry.lap_at <= draft.at:
        _leave_if_asked(draft, call, waiting.begin(draft, entry))


def _leave_if_asked(draft: Draft, call: Call, entry: Entry | None) -> None:
    if entry is not None and entry.leave_by:
        leave_queue(draft, draft.call(call.id), entry, entry.leave_as, entry.leave_by)


def ended_by(event: LegEnded) -> EndedBy:
    """Who ended a talk whose agent's leg is gone. The two legs end in either order: when it was the switch that ended
    this one, then because the customer is gone, whose own end is on its way.
    """
    if event.cause in offering.LOST_CAUSES:
        return EndedBy.SYSTEM
    if event.cause in offering.DEAD_PHONE_CAUSES:
        return EndedBy.AGENT
    return EndedBy.CUSTOMER if event.by_far_end is False else EndedBy.AGENT


def given_back(draft: Draft, offer: Offer, cause: str, by: EndedBy) -> None:
    """The agent's side of a talk ended; the caller stands parked and goes on in the flow (or is released by it)."""
    entry = draft.entry(offer.entry)
    offering.talk_ended(draft, offer, by, cause)
    if cause in offering.DEAD_PHONE_CAUSES:
        agents.phone_died(draft, offer.agent)
        return _wait_again(draft, draft.call(offer.call), entry)
    call = draft.put(draft.call(offer.call).move(Owner.FLOW, entry=None, ended_by=by))
    call = arm(draft, call)
    resume(draft, call, QueueExit(at=draft.at, exit="served"))


def _wait_again(draft: Draft, call: Call, entry: Entry) -> None:
    """The agent's phone died in the talk: the caller keeps the place from before it (ACD.md I6, I8; FAULTS.md F31)."""
    call = draft.put(call.move(Owner.FLOW, entry=None, waiting_since=entry.since))
    call = arm(draft, call)
    again = EnterQueue(
        queue=entry.queue, priority=entry.priority, music=entry.music, exit_keys=entry.exit_keys, waiting=entry.waiting
    )
    if exit := _enter(draft, call, again):
        resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))


def parked(draft: Draft, call: Call) -> None:
    """The caller's leg stands parked again: whoever was joined to it is gone."""
    offer = _offer_of(draft, call)
    if call.owner is not Owner.AGENT or offer is None or offer.state is not OfferState.BRIDGED:
        return draft.late()
    draft.do(HangUp(leg=offer.leg))
    given_back(draft, offer, "NORMAL_CLEARING", EndedBy.AGENT)


def _offer_of(draft: Draft, call: Call) -> Offer | None:
    entry = draft.state.entries.get(call.entry) if call.entry else None
    return draft.state.offers.get(entry.offer) if entry and entry.offer else None


# -- the end -----------------------------------------------------------------------------------------------------------


def end(draft: Draft, call: Call, cause: str) -> None:
    """Ask the switch to release the caller. The call ends when the leg has ended, not before."""
    draft.do(HangUp(leg=call.leg, cause=cause))
    draft.put(replace(call, ending=cause, arm_at=draft.at + AGAIN_S))


def hang_up(draft: Draft, call: Call) -> None:
    """An operator ends the call, wherever it is."""
    if not call.ending:
        end(draft, call, "NORMAL_CLEARING")


def woken(draft: Draft, call: Call) -> None:
    """The dead man's switch is to be renewed, a hang-up was not confirmed, or the flow's own time has come."""
    if call.arm_at is not None and call.arm_at <= draft.at:
        if call.ending:
            return end(draft, call, call.ending)
        call = arm(draft, call)
        if call.deadline is None or call.deadline > draft.at:
            return  # else both have come at once, and nobody would wake us again for the other
    if call.owner is Owner.QUEUE:
        return _woken_in_line(draft, call)
    resume(draft, call, TimePassed(at=draft.at))
    if draft.call(call.id).deadline == call.deadline:
        to_failsafe(draft, draft.call(call.id))  # the flow wants to be woken in the past: it would never be heard of again


def _woken_in_line(draft: Draft, call: Call) -> None:
    heard_in_line(draft, call, TimePassed(at=draft.at))
    now = draft.call(call.id)
    if now.owner is Owner.QUEUE and now.entry and now.deadline == call.deadline:
        waiting.silenced(draft, draft.entry(now.entry))  # it wants to be woken in the past: it would never be heard of again


def leg_ended(draft: Draft, call: Call, event: LegEnded) -> None:
    """The caller's leg is gone: whoever owned the call lets go, once."""
    call = waiting.cut(draft, call)
    lost = event.cause in offering.LOST_CAUSES
    entry = draft.state.entries.get(call.entry) if call.entry else None
    if entry is not None:
        _entry_ended(draft, entry, event.cause, lost)
    if call.agent is not None and draft.agent(call.agent).own_leg == call.leg:
        agents.own_call(draft, call.agent, {"own_leg": None})
    call = draft.call(call.id)
    by = EndedBy.SYSTEM if lost else call.ended_by or EndedBy.SYSTEM if call.ending else EndedBy.CUSTOMER
    trail, messages = _whole_trail(call, draft.at), call.messages + _left_behind(draft, call)
    call = call.move(Owner.NOBODY, entry=None, arm_at=None, trail=trail, messages=messages)
    draft.put(replace(call, ended_at=draft.at, ended_by=by, cause=event.cause))


def _left_behind(draft: Draft, call: Call) -> tuple[Message, ...]:
    if call.owner is not Owner.FLOW or call.frame is None or call.ending:
        return ()
    return draft.state.flows.left_behind(draft.at, call.frame, draft.at - call.frame.since)


def _whole_trail(call: Call, at: float) -> tuple[Passed, ...]:
    """With the step in which the call ended, which was left by no exit."""
    frame, trail = call.frame, call.trail
    if frame is None or (trail and (trail[-1].step, trail[-1].entered_at) == (frame.step, frame.since)):
        return trail
    last = Passed(flow=frame.flow, step=frame.step, exit="", entered_at=frame.since, left_at=at)
    return (*trail, last)[:TRAIL_MAX]


def _entry_ended(draft: Draft, entry: Entry, cause: str, lost: bool) -> None:
    if entry.state is EntryState.CONNECTED and entry.offer is not None:
        offer = draft.offer(entry.offer)
        offering.talk_ended(draft, offer, EndedBy.SYSTEM if lost else EndedBy.CUSTOMER, cause)
        draft.do(HangUp(leg=offer.leg))
        return
    outcome = EntryOutcome.SYSTEM_ERROR if lost else line.abandoned(draft, entry)
    if entry.offer is not None:
        offering.caller_gone(draft, entry.offer, OfferOutcome.CANCELLED_BY_SYSTEM if lost else OfferOutcome.CALLER_GONE)
    line.leave(draft, entry, outcome, "")


def answered(draft: Draft, call: Call) -> None:
    """The switch has answered the caller for us."""
    if call.answered_at is not None:
        return draft.late()
    draft.put(replace(call, answered_at=draft.at))

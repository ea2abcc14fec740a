"""The end of a call's record: once, with what is left behind."""

from dataclasses import replace

from acd.core.call import TRAIL_MAX, Call
from acd.core.draft import Draft
from acd.core.frame import Message, Passed
from acd.core.staff import agents
from acd.core.talking.talk import Talk
from acd.words import EndedBy, LegId, Owner


def close(draft: Draft, call: Call, *, at: float, cause: str, by: EndedBy) -> None:
    if call.agent is not None and draft.agent(call.agent).own_leg == call.leg:
        agents.own_call(draft, call.agent, {"own_leg": another_of(draft, call)})
    trail, messages = _whole_trail(call, at), call.messages + _left_behind(draft, call)
    call = call.move(Owner.NOBODY, entry=None, arm_at=None, trail=trail, messages=messages, talk=Talk(), transfer=None, outsider=None)
    draft.put(replace(call, ended_at=at, ended_by=by, cause=cause))


def another_of(draft: Draft, call: Call) -> LegId | None:
    """A call of the same agent's own that still runs: on the phone's other line, or on another phone."""
    return next((each.leg for each in draft.state.calls.values() if each.agent == call.agent and each.id != call.id), None)


def _left_behind(draft: Draft, call: Call) -> tuple[Message, ...]:
    if call.owner is not Owner.FLOW or call.frame is None or call.ending or call.is_onward:
        return ()
    return draft.state.flows.left_behind(draft.at, call.frame, draft.at - call.frame.since)


def _whole_trail(call: Call, at: float) -> tuple[Passed, ...]:
    """With the step in which the call ended, which was left by no exit."""
    frame, trail = call.frame, call.trail
    if frame is None or (trail and (trail[-1].step, trail[-1].entered_at) == (frame.step, frame.since)):
        return trail
    last = Passed(flow=frame.flow, step=frame.step, exit="", entered_at=frame.since, left_at=at)
    return (*trail, last)[:TRAIL_MAX]

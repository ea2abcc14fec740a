"""A call arrives: adopted first, then its flow begins, or the line is taken up where the channel's marks say."""

from collections.abc import Mapping
from dataclasses import replace

from acd.core import calls
from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.events import CallArrived
from acd.core.interpreter import EnterQueue, QueueExit
from acd.core.lines import announcing
from acd.core.offers import offering
from acd.core.staff import agents, nailing
from acd.words import CallId, FlowId, Owner, QueueId, TapeWish, uuid_of


def arrived(draft: Draft, event: CallArrived) -> None:
    """A caller stands parked: adopt first, then begin the flow (or take up the line where the marks say)."""
    policy = draft.state.policy
    if "nailed" in event.marks:
        return nailing.adopted(draft, event)
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
        tape=_tape(event.marks),
        told_of_tape=announcing.TOLD in event.marks,
    )
    if agent is not None:
        if event.dialled in policy.phone_numbers:
            agents.own_call(draft, agent, {"own_leg": event.leg})
        else:
            since = draft.agent(agent).own_since
            agents.own_call(draft, agent, {"own_leg": event.leg, "own_since": draft.at if since is None else since})
            offering.busy_elsewhere(draft, agent)
    call = calls.adopt(draft, call)
    if "queue" in event.marks:
        return _take_up(draft, call, event)
    flow = _flow_of(draft, call)
    if flow is None:
        calls.end(draft, call, "UNALLOCATED_NUMBER")
    else:
        calls.begin(draft, call, flow)


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
    exit = calls.enter(draft, call, EnterQueue(queue=QueueId(marks["queue"]), priority=priority, waiting=flow))
    if exit is not None:
        calls.resume(draft, draft.call(call.id), QueueExit(at=draft.at, exit=exit))


def _tape(marks: Mapping[str, str]) -> TapeWish | None:
    """Who said no has said so to whoever looks after the call now (ACD.md 66)."""
    said = marks.get("tape")
    return TapeWish(said) if said in (TapeWish.STOP, TapeWish.DECLINE) else None


def _seconds(text: str, otherwise: float) -> float:
    try:
        return float(text)
    except ValueError:
        return otherwise

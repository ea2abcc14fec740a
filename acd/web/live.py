"""What stands now, as plain JSON values, read from the state in one go (nothing changes it meanwhile).

Decides nothing. Holds callers' numbers: only for the control socket.
"""

from collections.abc import Mapping
from itertools import islice
from typing import Any

from acd.core.call import Call
from acd.core.lines.entry import Entry
from acd.core.lines.overtaking import overtaken_s
from acd.core.lines.pace import Pace
from acd.core.policy import AgentPolicy, Policy
from acd.core.staff.agent import Agent
from acd.core.state import State
from acd.records.rows import (
    answer_rows,
    callback_rows,
    contact_row,
    dialled_row,
    message_rows,
    monitor_row,
    offer_row,
    outgoing_row,
    recording_row,
    visit_row,
)
from acd.words import AgentId, CallId, EntryState, Owner, PhoneId, QueueId

SHOWN = 200
"""So many callers of each queue are listed; the counts are always of all."""

UNSERVED = (EntryState.WAITING, EntryState.OFFERED, EntryState.CONNECTING)


def state_view(state: State, policy: Policy, now: float) -> dict[str, Any]:
    return {
        "at": now,
        "policy": policy.version,
        "queues": queues_view(state, policy, now),
        "agents": [agent_view(state, agent, now) for agent in policy.agents.values()],
        "calls": [call_view(state, call, now) for call in islice(state.calls.values(), 5 * SHOWN)],
        "calls_in_all": len(state.calls),
        "nodes": [{"node": n.id, "reachable": n.reachable, "since": n.since} for n in state.nodes.values()],
    }


def queues_view(state: State, policy: Policy, now: float) -> list[dict[str, Any]]:
    there: dict[QueueId, list[Entry]] = {queue: [] for queue, rules in policy.queues.items() if not rules.is_draining}
    for entry in state.entries.values():
        if entry.is_live:
            there.setdefault(entry.queue, []).append(entry)
    tops = {queue: max((entry.priority for entry in entries), default=0) for queue, entries in there.items()}
    overtaken = overtaken_s(policy, tops)  # with the priorities that there are now
    return [queue_view(state, queue, entries, now, overtaken) for queue, entries in there.items()]


def queue_view(state: State, queue: QueueId, entries: list[Entry], now: float, overtaken: Mapping[QueueId, float]) -> dict[str, Any]:
    waiting = sorted((e for e in entries if e.state in UNSERVED), key=lambda entry: entry.place)
    return {
        "queue": queue,
        "waiting": len(waiting),
        "talking": len(entries) - len(waiting),
        "longest_wait_s": max((now - entry.since for entry in waiting), default=0.0),
        **promises_view(state, queue),
        "online": state.roster.online(queue),
        "staffed": state.roster.staffed(queue),
        "available": state.roster.available(queue),
        "overtaken_s": overtaken.get(queue, 0.0),
        "agents": state.roster.census(queue),
        "callers": [caller_view(state, entry, place, now) for place, entry in enumerate(waiting[:SHOWN], start=1)],
    }


def promises_view(state: State, queue: QueueId) -> dict[str, Any]:
    """How many waits were told whose end is known, and of how many it was true: at most half, at most four in five."""
    pace = state.paces.get(queue) or Pace(id=queue)
    return {
        "promises_half": pace.told,
        "promises_half_kept": pace.kept,
        "promises_at_most": pace.told_at_most,
        "promises_at_most_kept": pace.kept_at_most,
    }


def caller_view(state: State, entry: Entry, place: int, now: float) -> dict[str, Any]:
    call = state.calls.get(entry.call)
    rings = [state.offers[id].agent for id in entry.outstanding if id in state.offers]
    return {
        "place": place,
        "call": entry.call,
        "caller_number": call.caller_number if call else "",
        "waited_s": now - entry.since,
        "priority": entry.priority,
        "state": entry.state,
        "rings": ", ".join(rings) or None,
    }


def agent_view(state: State, policy: AgentPolicy, now: float) -> dict[str, Any]:
    agent = state.agents.get(policy.id) or Agent(id=policy.id)
    devices = [phone_view(state, phone) for phone in policy.devices]
    offer = state.offers.get(agent.offer) if agent.offer else None
    return {
        "agent": policy.id,
        "name": policy.name,
        "state": agent.state,
        "reason": agent.reason,
        "by": agent.by,
        "alarm": agent.alarm,
        "ends_in_s": None if agent.deadline is None else max(0.0, agent.deadline - now),
        "since": agent.since or None,
        "for_s": now - agent.since if agent.since else None,
        "resting": agent.resting,
        "reserved_for": agent.reserved_for,
        "pending": agent.pending,
        "pending_reason": agent.pending_reason,
        "pending_by": agent.pending_by,
        "own_call": agent.own_leg is not None,
        "nailed_up": _is_nailed_up(state, policy.id),
        "desk": desk.state if (desk := state.desks.get(policy.id)) else None,
        "missed": agent.missed,
        "failures": dict(agent.failures),
        "wrap_up": wrap_up_view(state, agent),
        "phone": policy.phone,
        "phones": devices,
        "registered": any(phone["registered"] for phone in devices),
        "call": offer.call if offer else None,
        "queues": list(policy.queues),
    }


def _is_nailed_up(state: State, agent: AgentId) -> bool:
    leg = state.nailed_of_agent.get(agent)
    return leg is not None and state.nailed[leg].stands


def phone_view(state: State, phone: PhoneId) -> dict[str, Any]:
    known = state.phones.get(phone)
    return {"phone": phone, "registered": known.registered if known else False}


def wrap_up_view(state: State, agent: Agent) -> dict[str, Any] | None:
    """What an agent wraps up, and what may be said of it."""
    wrap_up = state.wrap_ups.get(agent.offer) if agent.offer else None
    if wrap_up is None:
        return None
    dispositions = dict(state.queue(wrap_up.queue).dispositions)
    return {"call": wrap_up.call, "queue": wrap_up.queue, "mode": wrap_up.mode, "dispositions": dispositions}


def call_view(state: State, call: Call, now: float) -> dict[str, Any]:
    entry = state.entries.get(call.entry) if call.entry else None
    return {
        "id": call.id,
        "caller_number": call.caller_number,
        "caller_name": call.caller_name,
        "dialled": call.dialled,
        "arrived_at": call.arrived_at,
        "for_s": now - call.arrived_at,
        "owner": call.owner,
        "talk": call.talk.state if call.owner is Owner.AGENT else None,
        "queue": entry.queue if entry else None,
        "agent": entry.agent if entry else None,
        "flow": call.frame.flow if call.frame else None,
        "step": call.frame.step if call.frame else None,
    }


def story_view(state: State, id: CallId) -> dict[str, Any] | None:
    """The rows that a running call would leave if it ended now, for ``acd.records.story``; None when it does not run.

    ``id`` may be that of the campaign's attempt by which they were dialled.
    """
    dialled = state.dialled.get(id)
    call = state.calls.get(id if dialled is None or dialled.call is None else dialled.call)
    if call is None:
        return None
    entries = sorted((e for e in state.entries.values() if e.call == id), key=lambda e: e.joined_at)
    offers = sorted((o for o in state.offers.values() if o.call == id), key=lambda o: o.offered_at)
    return {
        "contact": contact_row(call),
        "visits": [visit_row(entry) for entry in entries],
        "offers": [offer_row(offer) for offer in offers],
        "activities": [],
        "wrap_ups": [],
        "outside": [outgoing_row(out) for out in state.outgoing.values() if out.call == call.id],
        "dialled": [dialled_row(one) for one in state.dialled.values() if one.call == call.id],
        "monitors": [monitor_row(one) for one in state.monitors.values() if one.call == call.id],
        "recordings": [recording_row(one) for id in state.recordings_of.get(call.id, ()) if (one := state.recordings[id])],
        "messages": list(message_rows(call)),
        "answers": list(answer_rows(call)),
        "callbacks": list(callback_rows(call)),
    }

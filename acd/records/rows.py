"""PURE: the versions of the core's records -> rows of the tables in ``schema``. Knows no database, clock or file.

The functions take live records as well as ended ones (an end that has not come is None), so that the story of a
running call and that of yesterday's are told by the same code. Durations are seconds and never negative: whatever
order the switch's times came in, a row never says that somebody waited minus one second (FAULTS.md F30, W4).

Times are seconds since the epoch, UTC. Text that came from outside (names, numbers, causes) is cut to a length and freed of
what no database keeps (NUL, halves of surrogate pairs): a caller must not be able to stop the records with a name.
"""

import math
from collections.abc import Iterable
from typing import Any

from acd.core.call import Call
from acd.core.frame import Passed
from acd.core.lines.entry import Entry
from acd.core.lines.forecast import Promise
from acd.core.lines.promising import verdict
from acd.core.lines.recipe import Ran
from acd.core.matching.trace import Candidate, Trace
from acd.core.offers.offer import Offer
from acd.core.outside.callback import Attempt, Callback
from acd.core.outside.dialled_call import DialledCall
from acd.core.outside.outgoing import Outgoing
from acd.core.staff.wrap_up import WrapUp
from acd.core.talking.monitor import Monitor
from acd.core.talking.recording import Recording
from acd.words import EntryKind, EntryOutcome, node_of

Row = dict[str, Any]

DEFINITION = "acd-1"
"""Which formulas cut these numbers; see ``acd.measures``. A new definition gets a new id, old rows keep theirs."""

TEXT_MAX = 255


def clean(text: str, limit: int = TEXT_MAX) -> str:
    """What every database can keep of a text from outside."""
    return text.replace("\x00", "").encode("utf-8", "replace").decode("utf-8")[:limit]


def seconds_between(start: float | None, end: float | None) -> float | None:
    """How long it took; None while one of the two has not come; 0 when the clock says that the end came first."""
    if start is None or end is None:
        return None
    return round(max(0.0, end - start), 6)


def contact_row(call: Call) -> Row:
    return {
        "id": call.id,
        "channel": "voice",
        "node": node_of(call.leg),
        "leg": clean(call.leg),
        "dialled": clean(call.dialled),
        "caller_number": clean(call.caller_number),
        "caller_name": clean(call.caller_name),
        "phone": call.phone,
        "agent": call.agent,
        "arrived_at": call.arrived_at,
        "answered_at": call.answered_at,
        "ended_at": call.ended_at,
        "duration_s": seconds_between(call.arrived_at, call.ended_at),
        "ended_by": call.ended_by,
        "cause": clean(call.cause),
        "visits": call.entries,
        "path": [passed_as_json(step) for step in call.trail],
        "tags": {clean(name): clean(value, 2000) for name, value in call.tags.items()},
        "recovered": call.recovered,
        "linked_to": call.linked_to or call.origin,
        "kind": "callback" if call.is_callback else "dialled" if call.attempt else "call",
    }


def passed_as_json(step: Passed) -> Row:
    repeats: Row = {"times": step.times, "repeats_s": step.repeats_s} if step.times > 1 else {}
    return {
        "flow": clean(step.flow),
        "step": clean(step.step),
        "exit": clean(step.exit),
        "entered_at": step.entered_at,
        "left_at": step.left_at,
        **repeats,
    }


def visit_row(entry: Entry, service_level_s: float | None = None) -> Row:
    """``waited_s`` ends with two-way media or with the end of the stay; what was carried over from another queue is beside it.

    ``service_level_s`` is the target that was in force, kept with the row so that changing it never rewrites history.
    """
    return {
        "id": entry.id,
        "contact": entry.call,
        "queue": entry.queue,
        "kind": entry.kind,
        "joined_at": entry.joined_at,
        "carried_s": seconds_between(entry.since, entry.joined_at),
        "priority": entry.priority,
        "connected_at": entry.connected_at,
        "ended_at": entry.ended_at,
        "waited_s": seconds_between(entry.joined_at, entry.connected_at or entry.ended_at),
        "talk_s": seconds_between(entry.connected_at, entry.ended_at),
        "outcome": entry.outcome,
        "exit": clean(entry.exit),
        "agent": entry.agent if entry.outcome in (None, EntryOutcome.ANSWERED) else None,
        "offers": entry.offers,
        "service_level_s": service_level_s,
        "recipes": [ran_as_json(ran) for ran in entry.recipes],
        "promises": [promise_as_json(entry, promise) for promise in entry.promises],
        "definition": DEFINITION,
    }


def ran_as_json(ran: Ran) -> Row:
    return {
        "recipe": clean(ran.recipe),
        "first_at": ran.first_at,
        "last_at": ran.last_at,
        "times": ran.times,
        "did": [clean(words) for words in ran.did],
    }


def promise_as_json(entry: Entry, promise: Promise) -> Row:
    """``kept``: half of all such waits should be; ``kept_at_most``: four in five. None when its caller left before that."""
    return {
        "at": promise.at,
        "p50_s": round(promise.p50_s, 1),
        "p80_s": round(promise.p80_s, 1),
        "position": promise.position,
        "at_work": promise.at_work,
        "cause": promise.cause,
        "kept": verdict(entry, promise, promise.p50_s),
        "kept_at_most": verdict(entry, promise, promise.p80_s),
    }


def offer_row(offer: Offer) -> Row:
    """``ring_s`` ends with the pick-up (or the end), ``connect_s`` with two-way media (until then: dead air), then ``talk_s``,
    in which are ``hold_s`` (the customer holds, also during a consult) and ``consult_s``.
    """
    return {
        "id": offer.id,
        "visit": offer.entry,
        "contact": offer.call,
        "queue": offer.queue,
        "agent": offer.agent,
        "leg": clean(offer.leg),
        "offered_at": offer.offered_at,
        "ringing_at": offer.ringing_at,
        "answered_at": offer.answered_at,
        "bridged_at": offer.bridged_at,
        "ended_at": offer.ended_at,
        "ring_s": seconds_between(offer.offered_at, offer.answered_at or offer.bridged_at or offer.ended_at),
        "connect_s": seconds_between(offer.answered_at, offer.bridged_at),
        "talk_s": seconds_between(offer.bridged_at, offer.ended_at),
        "outcome": offer.outcome,
        "ended_by": offer.ended_by,
        "cause": clean(offer.cause),
        "sip_status": offer.sip_status,
        "handed_at": offer.handed_at,
        "hold_s": finite(offer.hold_s + (seconds_between(offer.held_at, offer.ended_at) or 0.0)),
        "holds": offer.holds,
        "hold_abandoned": offer.hold_abandoned,
        "trace": trace_as_json(offer.trace),
        "kind": offer.kind,
        "consult_s": consult_s(offer),
    }


def consult_s(offer: Offer) -> float:
    """Of a colleague who was asked: until the customer was put through. Of who asked: what went on when the customer was gone."""
    if offer.kind is not EntryKind.CONSULT:
        return finite(offer.alone_s)
    return seconds_between(offer.bridged_at, offer.handed_at or offer.ended_at) or 0.0


def wrap_up_row(wrap_up: WrapUp) -> Row:
    return {
        "id": wrap_up.id,
        "contact": wrap_up.call,
        "queue": wrap_up.queue,
        "agent": wrap_up.agent,
        "mode": wrap_up.mode,
        "disposition": clean(wrap_up.disposition),
        "began_at": wrap_up.began_at,
        "ended_at": wrap_up.ended_at,
        "duration_s": seconds_between(wrap_up.began_at, wrap_up.ended_at),
        "ended_by": wrap_up.ended_by,
        "more": wrap_up.more,
    }


def recording_row(recording: Recording) -> Row:
    """Also of one that runs. Who holds it and when it was deleted is written by people, and never here."""
    ended_at, seconds = recording.ended_at, recording.seconds
    return {
        "id": recording.id,
        "contact": recording.call,
        "offer": recording.offer,
        "queue": recording.queue,
        "agent": recording.agent,
        "node": node_of(recording.leg),
        "state": recording.state,
        "started_at": recording.started_at,
        "ended_at": ended_at,
        "duration_s": seconds_between(recording.started_at, ended_at) if seconds is None else seconds,
        "outcome": recording.outcome,
        "why": clean(recording.why),
        "asked_by": clean(recording.by),
        "masks": [
            {"at": mask.at, "by": clean(mask.by), "until": mask.until, "until_by": clean(mask.until_by)} for mask in recording.masks
        ],
        "keep_until": None if ended_at is None or recording.keep_s is None else ended_at + recording.keep_s,
    }


def monitor_row(monitor: Monitor) -> Row:
    """Also of one that was refused: ``turns`` say who asked for what, and when."""
    return {
        "id": monitor.id,
        "supervisor": monitor.supervisor,
        "contact": monitor.call,
        "agent": monitor.agent,
        "queue": monitor.queue,
        "state": monitor.state,
        "mode": monitor.mode,
        "begun_at": monitor.begun_at,
        "ended_at": monitor.ended_at,
        "why": clean(monitor.why),
        "turns": [{"at": turned.at, "what": clean(turned.what), "by": clean(turned.by)} for turned in monitor.turns],
    }


def message_rows(call: Call) -> Iterable[Row]:
    for message in call.messages:
        yield {
            "id": message.id,
            "contact": call.id,
            "mailbox": clean(message.mailbox),
            "caller_number": clean(call.caller_number),
            "left_at": message.left_at,
            "seconds": finite(message.seconds),
        }


def answer_rows(call: Call) -> Iterable[Row]:
    """One row a question: who answers it twice has the last answer."""
    for given in call.answers:
        yield {
            "id": f"{call.id}.{clean(given.survey)}.{clean(given.question)}",
            "contact": call.id,
            "survey": clean(given.survey),
            "question": clean(given.question),
            "kind": clean(given.kind),
            "answer": clean(given.answer),
            "score": given.score,
            "answered_at": given.at,
        }


BY_HAND: Row = {
    "callback": None, "state": "", "next_at": None, "expires_at": None, "attempts": [], "agent": None, "ended_at": None,
    "outcome": None, "ended_by": "", "into": "", "why": "",
}  # fmt: skip
"""What a wish has that people see to: they close it."""


def callback_rows(call: Call) -> Iterable[Row]:
    """Wishes that people of the house see to; those of a queue that calls back by itself have rows of their own."""
    for wish in (wish for wish in call.callbacks if not wish.is_automatic):
        yield {
            "id": wish.id,
            "contact": call.id,
            "queue": wish.queue,
            "number": clean(wish.number),
            "priority": wish.priority,
            "asked_at": wish.asked_at,
            "since": min(wish.since, wish.asked_at),
            **BY_HAND,
        }


def callback_row(callback: Callback) -> Row:
    """One callback as it stands: its contact is ``callback``, the one in which it was asked for ``contact``."""
    return {
        "id": callback.id,
        "contact": callback.first or callback.call,
        "callback": callback.call,
        "queue": callback.queue,
        "number": clean(callback.number),
        "priority": callback.priority,
        "asked_at": callback.asked_at,
        "since": min(callback.since, callback.asked_at),
        "state": callback.state,
        "next_at": callback.wake_at if callback.is_live else None,
        "expires_at": callback.expires_at,
        "attempts": [attempt_as_json(each) for each in callback.attempts],
        "agent": callback.agent,
        "ended_at": callback.ended_at,
        "outcome": callback.outcome,
        "ended_by": clean(callback.by),
        "into": callback.into,
        "why": clean(callback.why),
    }


def dialled_row(dialled: DialledCall) -> Row:
    """What a campaign asked to be dialled, at its end."""
    return {
        "id": clean(dialled.id),
        "campaign": clean(dialled.campaign),
        "queue": dialled.queue or "",
        "at": dialled.at,
        "ringing_at": dialled.ringing_at,
        "answered_at": dialled.answered_at,
        "bridged_at": dialled.bridged_at,
        "abandoned_at": dialled.abandoned_at,
        "opted_out_at": dialled.opted_out_at,
        "ended_at": dialled.ended_at,
        "contact": dialled.call,
        "agent": dialled.agent,
        "outcome": dialled.outcome,
        "cause": clean(dialled.cause),
        "sip_status": dialled.sip_status,
        "refused": dialled.refused,
    }


def attempt_as_json(attempt: Attempt) -> Row:
    return {"at": attempt.at, "ended_at": attempt.ended_at, "outcome": clean(attempt.outcome), "cause": clean(attempt.cause)}


def outgoing_row(out: Outgoing) -> Row:
    """A call that left the house, or was refused: who, what and why."""
    return {
        "id": clean(out.id),
        "reason": out.reason,
        "number": clean(out.number),
        "trunk": out.trunk,
        "shown": clean(out.shown),
        "contact": out.call,
        "agent": out.agent,
        "queue": out.queue,
        "at": out.at,
        "refused": out.refused,
        "why": clean(out.why),
        "answered_at": out.answered_at,
        "ended_at": out.ended_at,
        "cause": clean(out.cause),
    }


def trace_as_json(trace: Trace) -> Row:
    return {
        "strategy": trace.strategy,
        "policy": trace.policy,
        "at": trace.at,
        "waited_s": finite(trace.waited_s),
        "line": trace.line,
        "candidates": [candidate_as_json(candidate) for candidate in trace.candidates],
        "passed_over": [{"agent": p.agent, "rule": p.rule, "value": clean(p.value)} for p in trace.passed_over],
        "counts": dict(trace.counts),
        "requires": dict(trace.requires),
        "aged_s": finite(trace.aged_s),
        "held_for": trace.held_for,
        "rung": trace.rung,
    }


def candidate_as_json(candidate: Candidate) -> Row:
    values = {name: round(value, 3) for name, value in candidate.values.items() if math.isfinite(value)}
    return {"agent": candidate.agent, "idle_since": candidate.idle_since, "tier": candidate.tier, "values": values}


def finite(seconds: float) -> float:
    return max(0.0, seconds) if math.isfinite(seconds) else 0.0

"""A callback whose turn has come: its customer is dialled, the two sides are joined, and what became of it decides what is next.

The sides are independent. The agent's is an offer like any other; the customer's is the callback's own leg. Agent first: the customer
is dialled when an agent stands ready on the line. Customer first: when an agent is reserved, who is rung when the customer is there.
An agent who is lost meanwhile stops no phone that rings: the customer is then somebody who waits, first in their place.
"""

from dataclasses import replace
from uuid import NAMESPACE_OID, uuid5

from acd.core.call import Call
from acd.core.commands import Arm, HangUp, Mark
from acd.core.draft import Draft
from acd.core.events import LegEnded
from acd.core.gone import LOST_CAUSES
from acd.core.lines import line, waiting
from acd.core.lines.entry import Entry
from acd.core.offers import accepting, offering
from acd.core.offers.offer import Offer
from acd.core.outside import callback_ending, callback_merging, callback_turns, callbacks, outbound
from acd.core.outside.callback import Attempt, Callback, CallbackOutcome, CallbackState
from acd.core.outside.callback_policy import CUSTOMER_FIRST, CallbackPolicy
from acd.core.outside.gate import FOR_GOOD, Refused
from acd.core.staff import wrapping
from acd.core.staff.wrap_up import WrapUp
from acd.core.talking.talk import Talk
from acd.words import EntryState, LegId, OfferOutcome, OfferState, Owner, leg_id, node_of

S, E, O = CallbackState, EntryState, CallbackOutcome

SPARE_S = 5.0
"""The switch ends a customer's ringing by itself; this much later we do."""
BUSY = frozenset({"USER_BUSY"})
NO_ANSWER = frozenset({"NO_ANSWER", "ALLOTTED_TIMEOUT", "NO_USER_RESPONSE", "PROGRESS_TIMEOUT", "ORIGINATOR_CANCEL"})


def of(draft: Draft, call: Call) -> Callback | None:
    """The callback whose contact this is."""
    return draft.callback(call.id) if call.is_callback else None


# -- the agent's side --------------------------------------------------------------------------------------------------


def reserves(draft: Draft, entry: Entry) -> bool:
    """Whether an agent is only reserved and not rung: the customer is called first, and is not there."""
    call = draft.state.calls.get(entry.call)
    rules = callbacks.rules_of(draft, entry.queue)
    return call is not None and call.is_callback and not call.is_here and rules is not None and rules.mode == CUSTOMER_FIRST


def reserved(draft: Draft, offer: Offer) -> None:
    """An agent is reserved: the customer's phone is called, unless it rings already."""
    callback = draft.callback(offer.call)
    if callback.state is S.WAITING:
        _dial(draft, callback)
    if callback.state in (S.WAITING, S.DIALLING) and (now := draft.offer(offer.id)).is_live:
        draft.put(replace(now, deadline=_until(draft, draft.callback(offer.call))))


def _agent_is_ready(draft: Draft, offer: Offer) -> None:
    """The agent is on the line, has confirmed and been told what there was to tell, and waits for the customer."""
    callback = draft.callback(offer.call)
    if callback.state is S.WAITING:
        _dial(draft, callback)
    if (now := draft.offer(offer.id)).is_live and draft.callback(offer.call).state is S.DIALLING:
        draft.put(replace(now, deadline=_until(draft, draft.callback(offer.call))))


def _until(draft: Draft, callback: Callback) -> float:
    """The customer's side decides first."""
    return max(callback.wake_at or draft.at, draft.at) + SPARE_S


# -- the customer's side -----------------------------------------------------------------------------------------------


def _dial(draft: Draft, callback: Callback) -> None:
    entry, rules = callbacks.stay(draft, callback), callbacks.rules_of(draft, callback.queue) or CallbackPolicy()
    assert entry is not None
    name = str(uuid5(NAMESPACE_OID, f"{callback.id}.{len(callback.attempts) + 1}@{draft.at}"))
    leg = leg_id(node_of(entry.leg), name)
    marks = {"call": callback.call}
    out = outbound.call(draft, callback_turns.wanted(callback, rules, name), leg, ring_s=round(rules.ring_s), marks=marks)
    if isinstance(out, Refused):
        return _not_let_out(draft, callback, out)
    draft.put(replace(entry, leg=leg))
    draft.put(replace(draft.call(callback.call), leg=leg, leg_at=draft.at, answered_at=None))
    attempts = (*callback.attempts, Attempt(at=draft.at))
    draft.put(callback.move(S.DIALLING, leg=leg, attempts=attempts, wake_at=draft.at + rules.ring_s + SPARE_S, says=""))


def _not_let_out(draft: Draft, callback: Callback, refused: Refused) -> None:
    """No attempt: nobody was called."""
    if refused.rule in FOR_GOOD:
        return callback_ending.end(draft, callback, O.REFUSED, why=refused.why)
    callback_turns.hold(draft, callback, _let_go(draft, callback), refused.until, refused.why)


def _let_go(draft: Draft, callback: Callback) -> Entry:
    """The agents who are asked for it are wanted no more, and lose nothing; the entry is back in its place."""
    entry = callbacks.stay(draft, callback)
    assert entry is not None
    offering.caller_gone(draft, entry, OfferOutcome.NOT_REACHED)
    entry = draft.entry(entry.id)
    return draft.put(entry.move(E.WAITING, rung=(), offer=None, music_at=None, music_on=False))


def parked(draft: Draft, call: Call) -> None:
    """The customer picked up, and the leg stands parked."""
    callback = draft.callback(call.id)
    if callback.state is not S.DIALLING:
        return draft.late()
    failsafe_s = draft.state.policy.failsafe_s
    entry = callbacks.stay(draft, callback)
    assert entry is not None
    draft.put(callback.move(S.HERE, wake_at=None))
    call = replace(call, is_here=True, answered_at=call.answered_at or draft.at, arm_at=draft.at + failsafe_s / 2)
    call = draft.put(call)
    draft.do(Mark(leg=call.leg, values={"call": call.id, **line.marks(call, entry)}), Arm(leg=call.leg, after_s=failsafe_s))
    _meet(draft, call, draft.entry(entry.id))


def _meet(draft: Draft, call: Call, entry: Entry) -> None:
    """Joined to the agent who is ready; else a caller like any other, whose agent is rung now, or who waits for one."""
    offer = draft.offer(entry.offer) if entry.offer else None
    if offer is not None:
        if offer.ready_at is not None:
            accepting.join(draft, draft.put(replace(offer, deadline=None)))
        return
    waiting.begin(draft, entry)
    rings_s = draft.state.queue(entry.queue).ring_s
    for id in entry.rung:
        if (each := draft.offer(id)).reserved:
            each = draft.put(replace(each, reserved=False, rung_at=draft.at, deadline=draft.at + rings_s))
            offering.ring(draft, each, rings_s)


def not_answered(draft: Draft, callback: Callback) -> None:
    """Nobody told us of the end of the ringing."""
    assert callback.leg is not None
    if not draft.state.reachable(node_of(callback.leg)):
        draft.put(callback.move(S.DIALLING, wake_at=draft.at + SPARE_S))  # nobody can say; the snapshot will
        return
    draft.do(HangUp(leg=callback.leg, cause="ORIGINATOR_CANCEL"))
    _failed(draft, callback, "NO_ANSWER", "no_answer")


def leg_ended(draft: Draft, call: Call, event: LegEnded) -> None:
    """The customer's leg is gone, and no agent talked to them on it."""
    callback = draft.callback(call.id)
    if event.cause in LOST_CAUSES:
        outcome = "lost"
    elif callback.state is S.HERE or call.answered_at is not None:
        outcome = "hung_up"
    else:
        outcome = "busy" if event.cause in BUSY else "no_answer" if event.cause in NO_ANSWER else "failed"
    _failed(draft, callback, event.cause, outcome)


def _failed(draft: Draft, callback: Callback, cause: str, outcome: str) -> None:
    """The place is kept; after the last attempt it is over."""
    entry = _let_go(draft, callback)
    _leave_the_line(draft, draft.call(callback.call))
    callback = draft.put(replace(draft.callback(callback.id), attempts=_closed(draft, callback, cause, outcome)))
    _next(draft, callback, entry)


def _leave_the_line(draft: Draft, call: Call) -> Call:
    return draft.put(replace(call, leg=LegId(""), is_here=False, arm_at=None, answered_at=None, leg_at=None, ending=""))


def _closed(draft: Draft, callback: Callback, cause: str, outcome: str) -> tuple[Attempt, ...]:
    """The last attempt with its end, which is that of the customer's leg; what is said of it later changes no time."""
    *before, last = callback.attempts
    ended_at = draft.at if last.ended_at is None else last.ended_at
    return (*before, replace(last, ended_at=ended_at, cause=cause or last.cause, outcome=outcome or last.outcome))


def _next(draft: Draft, callback: Callback, entry: Entry) -> None:
    rules = callbacks.rules_of(draft, callback.queue) or CallbackPolicy()
    if callback_merging.already_here(draft, callback):
        return
    tried = len(callback.attempts)
    if tried > len(rules.retries):
        return callback_ending.end(draft, callback, O.NOT_REACHED)
    callback_turns.hold(draft, callback, entry, draft.at + rules.retries[tried - 1], callback_turns.NEXT_ATTEMPT)


# -- the talk, and after it --------------------------------------------------------------------------------------------


def follow(draft: Draft) -> None:
    """What a decision means for callbacks: somebody talks, or has said what came of it."""
    for record in list(draft.changes.values()):
        match record:
            case Offer(state=OfferState.ANSWERED) if record.ready_at is not None and draft.call(record.call).is_callback:
                _agent_is_ready(draft, record)
            case Entry(state=E.CONNECTED) if record.offer is not None:
                _talks(draft, record)
            case WrapUp():
                _said(draft, record)


def _talks(draft: Draft, entry: Entry) -> None:
    call = draft.call(entry.call)
    callback = of(draft, call)
    if callback is None:
        callback_merging.was_served(draft, call, entry.queue)
    elif callback.state is S.HERE and callback.attempts and not callback.attempts[-1].outcome:
        *before, last = callback.attempts
        draft.put(replace(callback, attempts=(*before, replace(last, outcome="talked")), agent=entry.agent))


def _said(draft: Draft, wrap_up: WrapUp) -> None:
    callback = draft.state.callbacks.get(wrap_up.call)
    if callback is None or callback.state not in (S.HERE, S.AFTER):
        return
    callback = draft.callback(callback.id)
    rules = callbacks.rules_of(draft, callback.queue) or CallbackPolicy()
    if wrap_up.disposition in rules.no_success and callback.says != wrap_up.disposition:
        callback = draft.put(replace(callback, says=wrap_up.disposition))
    if not wrap_up.is_live and callback.state is S.AFTER:
        conclude(draft, callback)


def talked(callback: Callback) -> bool:
    return bool(callback.attempts) and callback.attempts[-1].outcome == "talked"


def talk_over(draft: Draft, call: Call, cause: str) -> None:
    """The customer's leg is gone after a talk. Until the wrap-up is over the agent may say that nobody was reached (ACD.md 71)."""
    callback = draft.callback(call.id)
    call = _leave_the_line(draft, replace(call.move(Owner.FLOW, entry=None, talk=Talk(), transfer=None), cause=cause))
    wrap_up_s = wrapping.lasts_s(draft.state.queue(callback.queue))
    attempts = _closed(draft, callback, cause, "") if callback.attempts else ()
    callback = draft.put(callback.move(S.AFTER, leg=None, wake_at=draft.at + wrap_up_s, attempts=attempts))
    if wrap_up_s <= 0:
        conclude(draft, callback)


def conclude(draft: Draft, callback: Callback) -> None:
    """Served; or, by the agent's word, once more."""
    if not callback.says:
        return callback_ending.end(draft, callback, O.SERVED)
    callback = draft.put(replace(callback, attempts=_closed(draft, callback, "", callback.says)))
    entry = callbacks.stand_again(draft, callback)
    _next(draft, callback, entry)


def woken(draft: Draft, callback: Callback) -> None:
    match callback.state:
        case S.HELD | S.WAITING:
            callback_turns.review(draft, callback)
        case S.DIALLING:
            not_answered(draft, callback)
        case S.AFTER:
            conclude(draft, callback)

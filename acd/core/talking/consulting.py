"""Consult: an agent asks a colleague while the customer holds; toggles between them; puts the customer through, or calls it off.

The agent stands in a line like any caller (an entry of the kind consult, whose leg is the agent's own), so that one match, one
kind of offer and one set of races serve everybody. Whoever drops out of a consult has put the customer through: to the colleague
if one has answered, else into the line in which the colleague was asked for (ACD.md 59). Nobody is ever left holding.
"""

from dataclasses import replace
from typing import Any

from acd.core import calls
from acd.core.call import Call
from acd.core.commands import Bridge, Disarm, Mark
from acd.core.draft import Draft
from acd.core.interpreter import EnterQueue
from acd.core.lines import line
from acd.core.lines.entry import Entry
from acd.core.offers import offering, reaching
from acd.core.offers.offer import Offer
from acd.core.staff import agents
from acd.core.talking import hearing, outsiders, targets, transferring
from acd.core.talking.transfer import TargetKind, Transfer, why_not
from acd.words import AgentId, EndedBy, EntryKind, EntryOutcome, EntryState, OfferOutcome, Owner, TalkState

S, E = TalkState, EntryState
BLIND = transferring.BLIND
ALL_GONE = frozenset({"SWITCH_CRASH", "NODE_DOWN"})
"""With the customer's leg everybody's is gone."""
ANY_EXIT = frozenset({"otherwise"})
"""An agent who waits for a colleague goes back to the customer, whatever the reason."""
NOBODY_YET = "nobody has answered yet"


def begin(draft: Draft, call: Call, agent: AgentId, named: str) -> str:
    if call.talk.state not in BLIND:
        return "a colleague is being consulted already"
    try:
        target = targets.find(draft, agent, named)
    except targets.Unknown as unknown:
        return str(unknown)
    if target.kind is TargetKind.NUMBER:
        return outsiders.begin(draft, call, agent, target.id)
    if target.kind is TargetKind.FLOW:
        return "a flow cannot be consulted; transfer to it"
    if why := targets.refusal(draft, agent, target):
        return why
    own, stood_apart = hearing.own_offer(draft, call), call.talk.state is S.HELD
    entry = line.stand_for(draft, call, own.leg, EnterQueue(queue=targets.queue_of(target), exits=ANY_EXIT))
    call = draft.put(replace(call, consults=call.consults + 1))
    hearing.turn(draft, call, S.CONSULTING, consult=entry.id)
    if stood_apart:
        hearing.heard_in_line(draft, draft.entry(entry.id))
    return ""


def follow(draft: Draft) -> None:
    """After each decision: an agent who waits for a colleague hears whether a phone rings there."""
    for entry in [each for each in draft.changes.values() if isinstance(each, Entry) and each.kind is EntryKind.CONSULT]:
        waits = entry.state in (E.WAITING, E.OFFERED) and entry.plays > 0 and entry.music_on
        if waits and entry.rings is not (entry.state is E.OFFERED):
            line.music(draft, entry)


def reached(draft: Draft, call: Call) -> None:
    """The colleague and the agent hear each other: from now on each leg outlives what it is joined to."""
    who = hearing.parties(draft, call)
    assert who.asked is not None
    hearing.keep(draft, who)


def toggle(draft: Draft, call: Call) -> str:
    match call.talk.state:
        case S.CONSULTING if hearing.parties(draft, call).asked is None:
            return NOBODY_YET
        case S.CONSULTING:
            hearing.turn(draft, call, S.TOGGLED)
        case S.TOGGLED:
            hearing.turn(draft, call, S.CONSULTING)
        case _:
            return "nobody is being consulted"
    return ""


def cancel(draft: Draft, call: Call) -> str:
    """Back to the customer; the colleague is released, or rings no more."""
    if not _is_asked(call):
        return "nobody is being consulted"
    if call.outsider is not None:
        call = outsiders.let_go(draft, call)
    elif call.talk.consult is not None:
        _call_off(draft, draft.entry(call.talk.consult), EndedBy.AGENT)
    hearing.turn(draft, call, S.TALKING, consult=None)
    return ""


def complete(draft: Draft, call: Call) -> str:
    if not _is_asked(call):
        return "nobody is being consulted"
    own = hearing.own_offer(draft, call)
    put_through(draft, call, EndedBy.TRANSFER, "")
    reaching.let_go(draft, own)
    return ""


def _is_asked(call: Call) -> bool:
    return call.talk.state is not S.INTERNAL and (call.talk.consult is not None or call.outsider is not None)


def put_through(draft: Draft, call: Call, by: EndedBy, cause: str) -> None:
    """The customer goes to the colleague, or to who was asked outside; the agent's part is over (ACD.md 38, 59, 60)."""
    if call.outsider is not None:
        return outsiders.put_through(draft, call, by, cause)
    own, entry = hearing.own_offer(draft, call), hearing.consult_of(draft, call)
    assert entry is not None
    transfer = transferring.remembered(draft, own, targets.asked_in(entry.queue))
    if entry.state is not E.CONNECTED:
        offering.talk_ended(draft, own, by, cause)
        return _into_line(draft, call, entry, replace(call, transfer=transfer, waiting_since=None))
    are_joined = call.talk.state is S.CONFERENCE and call.talk.join_at is None
    offering.talk_ended(draft, own, by, cause)
    assert entry.offer is not None
    draft.put(replace(draft.offer(entry.offer), handed_at=draft.at))
    draft.put(replace(entry, handed_at=draft.at, **_of_customer(call, transfer)))
    call = hearing.ended(draft, call, Owner.AGENT, entry=entry.id, transfer=None)
    if not are_joined:
        hearing.ask(draft, call)


def _of_customer(call: Call, transfer: Transfer) -> dict[str, Any]:
    """The line is the customer's now, with the ways out that their flow has."""
    came_from = transfer.came_from
    return {"leg": call.leg, "exit_keys": came_from.exit_keys, "exits": tuple(sorted(came_from.exits))}


def _into_line(draft: Draft, call: Call, entry: Entry, changed: Call) -> None:
    """The offer that rings goes on ringing, for the customer now."""
    assert changed.transfer is not None
    entry = draft.put(replace(entry, kind=EntryKind.CALL, joined_at=draft.at, **_of_customer(call, changed.transfer)))
    for id in entry.outstanding:
        draft.put(replace(draft.offer(id), kind=EntryKind.CALL))
    call = hearing.ended(draft, changed, Owner.QUEUE, entry=entry.id)
    call = calls.arm(draft, call)
    draft.do(Mark(leg=call.leg, values=line.marks(call, entry)))
    if entry.state is not E.CONNECTING:
        line.music(draft, entry)
    elif entry.offer is not None:
        draft.do(Disarm(leg=call.leg), Bridge(leg=call.leg, other=draft.offer(entry.offer).leg))


def unreached(draft: Draft, entry: Entry, outcome: EntryOutcome, exit: str) -> None:
    """Nobody took it: the agent is with the customer again, and is told."""
    call = draft.call(entry.call)
    offering.caller_gone(draft, entry, OfferOutcome.EXITED_KEY)
    line.leave(draft, entry, outcome, exit)
    hearing.turn(draft, call, S.TALKING, consult=None, why=why_not(targets.asked_in(entry.queue).id, exit))


def colleague_left(draft: Draft, call: Call, other: Offer, by: EndedBy, cause: str) -> None:
    """The colleague has hung up, or leaves the conference: the agent is with the customer again."""
    _release(draft, draft.entry(other.entry), by, cause)
    if call.talk.state is S.INTERNAL:
        raise AssertionError("whoever goes first ends an internal talk: see talks")
    hearing.turn(draft, call, S.TALKING, consult=None)


def _call_off(draft: Draft, entry: Entry, by: EndedBy) -> None:
    if entry.state is not E.CONNECTED:
        offering.caller_gone(draft, entry)
        line.leave(draft, entry, EntryOutcome.WITHDRAWN, "")
    elif entry.offer is not None:
        reaching.let_go(draft, draft.offer(entry.offer))
        _release(draft, entry, by, "")


def _release(draft: Draft, entry: Entry, by: EndedBy, cause: str) -> None:
    """A consult that did not take the customer over earns no wrap-up."""
    assert entry.offer is not None
    other = draft.offer(entry.offer)
    offering.end(draft, other, OfferOutcome.ANSWERED, ended_by=by, cause=cause)
    line.leave(draft, entry, EntryOutcome.ANSWERED, "consulted")
    agents.after_work(draft, draft.agent(other.agent))


def customer_gone(draft: Draft, call: Call, *, lost: bool, cause: str) -> bool:
    """The customer hung up while a colleague was asked (ACD.md 58). True when the two agents go on, by the house's policy."""
    goes_on, entry = draft.state.policy.consult_continues and cause not in ALL_GONE, hearing.consult_of(draft, call)
    if call.outsider is not None:
        return outsiders.customer_gone(draft, call, lost=lost, cause=cause, goes_on=goes_on)
    if entry is None:
        return False
    if entry.state is E.CONNECTED and goes_on:
        own = hearing.own_offer(draft, call)
        draft.put(own.abandoned(draft.at))
        hearing.turn(draft, call, S.INTERNAL, left_at=draft.at, left_cause=cause, left_by=EndedBy.SYSTEM if lost else EndedBy.CUSTOMER)
        return True
    _call_off(draft, entry, EndedBy.SYSTEM if lost else EndedBy.CUSTOMER)
    return False

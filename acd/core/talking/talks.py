"""What happens to the legs of a talk: one ends, stands parked, is joined, plays out; and what becomes of the others then."""

from dataclasses import replace

from acd.core import calls, closing
from acd.core.call import Call
from acd.core.commands import HangUp
from acd.core.draft import Draft
from acd.core.events import LegEnded, MusicLost, PlayEnded
from acd.core.gone import LOST_CAUSES
from acd.core.lines import line
from acd.core.lines.entry import Entry
from acd.core.offers import offering, reaching
from acd.core.offers.offer import Offer
from acd.core.outside import calling_back
from acd.core.staff import agents, wrapping
from acd.core.talking import consulting, hearing, holding, outsiders
from acd.words import EndedBy, EntryOutcome, EntryState, LegId, OfferOutcome, OfferState, Owner, TalkState

S = TalkState
APART = frozenset({S.TALKING, S.HELD})
"""No colleague has been asked."""


def agent_left(draft: Draft, offer: Offer, event: LegEnded) -> None:
    """The leg of somebody who talks is gone."""
    call, by = draft.call(offer.call), calls.ended_by(event)
    if call.talk.state is S.INTERNAL:
        return _internal_over(draft, call, offer, event.cause)
    if offer.entry == call.talk.consult:
        return consulting.colleague_left(draft, call, offer, by, event.cause)
    if call.talk.state in APART:
        return calls.given_back(draft, offer, event.cause, by)
    consulting.put_through(draft, call, EndedBy.TRANSFER, event.cause)
    if event.cause in offering.DEAD_PHONE_CAUSES:
        wrapping.broke_off(draft, offer.agent)


def outsider_left(draft: Draft, call: Call, event: LegEnded) -> None:
    """The leg of whoever was asked outside is gone."""
    if call.talk.state is S.INTERNAL:
        return _outside_over(draft, call, event.leg, event.cause)
    outsiders.left(draft, call, event.cause, lost=event.cause in LOST_CAUSES)


def _internal_over(draft: Draft, call: Call, gone: Offer, cause: str) -> None:
    """The customer left before; now one of the two agents has, and the other is released."""
    who, talk = hearing.parties(draft, call), call.talk
    if who.other is None:
        return _outside_over(draft, call, gone.leg, cause)
    assert talk.left_at is not None and call.entry is not None
    by = EndedBy.AGENT
    draft.put(replace(who.own, alone_s=max(0.0, draft.at - talk.left_at)))
    for each in (who.own, who.other):
        offering.end(draft, each, OfferOutcome.ANSWERED, ended_by=talk.left_by if each is who.own else by, cause=cause)
        if each.id != gone.id:
            reaching.let_go(draft, each)
    line.leave(draft, draft.entry(call.entry), EntryOutcome.ANSWERED, "served", at=talk.left_at)
    line.leave(draft, draft.entry(who.other.entry), EntryOutcome.ANSWERED, "consulted")
    wrapping.begin(draft, who.own, talk.left_at - (who.own.bridged_at or talk.left_at))
    agents.after_work(draft, draft.agent(who.other.agent))
    if call.is_callback:
        return calling_back.talk_over(draft, draft.call(call.id), talk.left_cause)
    closing.close(draft, call, at=talk.left_at, cause=talk.left_cause, by=talk.left_by or EndedBy.CUSTOMER)


def _outside_over(draft: Draft, call: Call, gone: LegId, cause: str) -> None:
    """The customer left before; now the agent or whoever was asked outside has, and the other one is released."""
    own, talk = hearing.own_offer(draft, call), call.talk
    assert call.outsider is not None and talk.left_at is not None
    draft.put(replace(own, alone_s=max(0.0, draft.at - talk.left_at)))
    offering.end(draft, own, OfferOutcome.ANSWERED, ended_by=talk.left_by, cause=cause)
    if own.leg == gone:
        call = outsiders.let_go(draft, call)
    else:
        reaching.let_go(draft, own)
        call = draft.put(replace(call, outsider=None))
    line.leave(draft, draft.entry(own.entry), EntryOutcome.ANSWERED, "served", at=talk.left_at)
    wrapping.begin(draft, own, talk.left_at - (own.bridged_at or talk.left_at))
    if call.is_callback:
        return calling_back.talk_over(draft, call, talk.left_cause)
    closing.close(draft, call, at=talk.left_at, cause=talk.left_cause, by=talk.left_by or EndedBy.CUSTOMER)


def parked(draft: Draft, call: Call, leg: LegId, offer: Offer | None = None) -> None:
    """A leg of the talk stands parked; ``offer``: whose it is, of an agent's."""
    if offer is not None and outsiders.awaited(call) and leg == hearing.own_offer(draft, call).leg:
        return outsiders.ring_back(draft, call, leg)
    if not hearing.parked(draft, call, leg):
        return
    if call.talk.state is S.INTERNAL:
        who = hearing.parties(draft, call)
        if leg == who.asked and who.other is None:
            draft.do(HangUp(leg=leg))
        else:
            reaching.let_go(draft, who.own if leg == who.own.leg or who.other is None else who.other)
    elif call.talk.state in APART and offer is None:
        own = hearing.own_offer(draft, call)
        reaching.let_go(draft, own)
        calls.given_back(draft, own, "NORMAL_CLEARING", EndedBy.AGENT)
    elif call.talk.state in APART and offer is not None:
        reaching.let_go(draft, offer, stands=True)  # its customer is gone, whose own end is on its way
    else:
        hearing.ask(draft, call)


def bridged(draft: Draft, offer: Offer, legs: frozenset[object]) -> None:
    """Two legs are joined, one of them the offer's."""
    entry, call = draft.entry(offer.entry), draft.call(offer.call)
    if offer.state is OfferState.BRIDGED:
        return hearing.joined(draft, call, frozenset(legs))  # type: ignore[arg-type]
    theirs = next((leg for leg in offer.legs if legs == {entry.leg, leg}), None)
    if theirs is None:
        return draft.late()
    offering.bridged(draft, offer, theirs)
    if call.talk.consult == entry.id:
        consulting.reached(draft, draft.call(call.id))


def woken(draft: Draft, call: Call) -> None:
    """The talk's own time has come."""
    outsiders.woken(draft, call)
    holding.woken(draft, draft.call(call.id))
    call = draft.call(call.id)
    if not hearing.overdue(draft, call):
        return
    call = draft.call(call.id)
    if call.talk.state is S.INTERNAL:
        who = hearing.parties(draft, call)
        reaching.let_go(draft, who.own)
        return _internal_over(draft, call, who.own, "NORMAL_CLEARING")
    _fell_apart(draft, call)


def _fell_apart(draft: Draft, call: Call) -> None:
    """Nobody can be joined to this customer: back into the line, with the age from before the talk (ACD.md I6)."""
    if call.talk.consult is not None or call.outsider is not None:
        consulting.cancel(draft, call)
        call = draft.call(call.id)
    own = hearing.own_offer(draft, call)
    reaching.let_go(draft, own)
    calls.given_back(draft, own, "BRIDGE_FAILED", EndedBy.SYSTEM, again=True)


def play_ended(draft: Draft, call: Call, event: PlayEnded) -> None:
    entry = _waits_for_colleague(draft, call, event)
    if entry is not None and event.play.startswith(f"{entry.id}.m"):
        line.music_stopped(draft, entry, event.play)
    elif _waits_for_outsider(draft, call, event):
        outsiders.stopped(draft, call, event)
    else:
        hearing.music_stopped(draft, call, event.leg, event.play)


def silent(draft: Draft, call: Call, event: MusicLost) -> None:
    entry = _waits_for_colleague(draft, call, event)
    if entry is not None:
        line.music(draft, entry)
    elif _waits_for_outsider(draft, call, event):
        outsiders.stopped(draft, call, event)
    elif event.leg == hearing.listener(call.talk, hearing.parties(draft, call)):
        hearing.play(draft, call)
    else:
        draft.late()


def _waits_for_colleague(draft: Draft, call: Call, event: PlayEnded | MusicLost) -> Entry | None:
    entry = hearing.consult_of(draft, call)
    waits = entry is not None and entry.leg == event.leg and entry.state in (EntryState.WAITING, EntryState.OFFERED)
    return entry if waits else None


def _waits_for_outsider(draft: Draft, call: Call, event: PlayEnded | MusicLost) -> bool:
    return outsiders.awaited(call) and event.leg == hearing.own_offer(draft, call).leg


def is_talk(call: Call) -> bool:
    return call.owner is Owner.AGENT

"""Hold and resume: by a wish, or by the agent's phone itself. How long the customer holds is counted apart from the talk."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.commands import Signal
from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.talking import hearing
from acd.words import OfferState, TalkState, node_of

S = TalkState
LONGEST = "the customer held for the longest time allowed"


def hold(draft: Draft, call: Call) -> str:
    if call.talk.state is not S.TALKING:
        return "the customer holds already" if call.talk.state is not S.CONFERENCE else "nobody holds in a conference"
    rules = draft.state.policy.hold
    hearing.turn(draft, call, S.HELD, remind_at=_after(draft, rules.remind_s), limit_at=_after(draft, rules.limit_s))
    return ""


def resume(draft: Draft, call: Call) -> str:
    if call.talk.state is not S.HELD:
        return "the customer does not hold"
    hearing.turn(draft, call, S.TALKING)
    return ""


def _after(draft: Draft, seconds: float | None) -> float | None:
    return None if seconds is None else draft.at + seconds


def woken(draft: Draft, call: Call) -> None:
    """The customer has held for as long as the house allows, or for so long that the agent is reminded."""
    talk, is_there = call.talk, draft.state.reachable(node_of(call.leg))
    is_over = talk.limit_at is not None and talk.limit_at <= draft.at
    if is_over and is_there:
        hearing.turn(draft, call, S.TALKING, why=LONGEST)
        return
    if is_over:  # nobody could be joined now
        talk = replace(talk, limit_at=draft.at + hearing.JOIN_S)
    if talk.remind_at is not None and talk.remind_at <= draft.at:
        if is_there:
            draft.do(Signal(leg=hearing.own_offer(draft, call).leg, tone="beep"))
        talk = replace(talk, remind_at=_after(draft, draft.state.policy.hold.remind_s), reminded=talk.reminded + is_there)
    if talk is not call.talk:
        draft.put(replace(call, talk=talk))


def by_phone(draft: Draft, call: Call, offer: Offer, *, holds: bool) -> None:
    """The phone's own hold: the switch gives the other side music by itself, and nobody is moved."""
    is_own = offer.state is OfferState.BRIDGED and offer.entry == call.entry
    if is_own and holds and offer.held_at is None and call.talk.state is S.TALKING:
        draft.put(offer.held(draft.at, by_phone=True))
    elif is_own and not holds and offer.held_by_phone and call.talk.state is S.TALKING:
        draft.put(offer.unheld(draft.at))
    else:
        draft.late()

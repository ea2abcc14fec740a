"""Three who talk: the agent, the customer and the colleague; any of the two agents may leave, and the other has the customer."""

from dataclasses import replace

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.offers import reaching
from acd.core.offers.offer import Offer
from acd.core.talking import consulting, hearing
from acd.words import EndedBy, TalkState

S = TalkState


def begin(draft: Draft, call: Call) -> str:
    if call.talk.state not in (S.CONSULTING, S.TOGGLED):
        return "nobody is being consulted"
    if hearing.parties(draft, call).asked is None:
        return consulting.NOBODY_YET
    apart = call.talk.join_at is not None  # the two agents are not joined yet, so the first one stands parked and is not reported again
    call = hearing.turn(draft, call, S.CONFERENCE)
    if apart and call.talk.join_at is not None:
        draft.put(replace(call, talk=replace(call.talk, asked=call.talk.asked + 1)))
    return ""


def leave(draft: Draft, call: Call, offer: Offer) -> str:
    """Out of a conference, or out of a consult that one was asked into (ACD.md 60)."""
    if offer.entry == call.talk.consult and call.talk.state is not S.INTERNAL:
        reaching.let_go(draft, offer)
        consulting.colleague_left(draft, call, offer, EndedBy.AGENT, "")
        return ""
    if call.talk.state is not S.CONFERENCE:
        return "there is no conference to leave"
    return consulting.complete(draft, call)

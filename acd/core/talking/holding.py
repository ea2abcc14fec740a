"""Hold and resume: by a wish, or by the agent's phone itself. How long the customer holds is counted apart from the talk."""

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.talking import hearing
from acd.words import OfferState, TalkState

S = TalkState


def hold(draft: Draft, call: Call) -> str:
    if call.talk.state is not S.TALKING:
        return "the customer holds already" if call.talk.state is not S.CONFERENCE else "nobody holds in a conference"
    hearing.turn(draft, call, S.HELD)
    return ""


def resume(draft: Draft, call: Call) -> str:
    if call.talk.state is not S.HELD:
        return "the customer does not hold"
    hearing.turn(draft, call, S.TALKING)
    return ""


def by_phone(draft: Draft, call: Call, offer: Offer, *, holds: bool) -> None:
    """The phone's own hold: the switch gives the other side music by itself, and nobody is moved."""
    is_own = offer.state is OfferState.BRIDGED and offer.entry == call.entry
    if is_own and holds and offer.held_at is None and call.talk.state is S.TALKING:
        draft.put(offer.held(draft.at, by_phone=True))
    elif is_own and not holds and offer.held_by_phone and call.talk.state is S.TALKING:
        draft.put(offer.unheld(draft.at))
    else:
        draft.late()

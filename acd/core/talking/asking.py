"""What an agent may ask for in a talk, and who may. A wish that cannot be granted is told, and nothing changes."""

from acd.core.call import Call
from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.core.talking import conferencing, consulting, hearing, holding, transferring
from acd.words import AgentId, OfferState, Owner, TalkState, TalkWish

W = TalkWish
NEEDS_TARGET = frozenset({W.TRANSFER, W.CONSULT})


def ask(draft: Draft, id: AgentId, what: TalkWish, target: str) -> str:
    """Grant a wish, or say why not ('' = granted)."""
    if id not in draft.state.policy.agents:
        return f"no agent is called {id!r}"
    offer = talk_of(draft, id)
    if offer is None:
        return f"{id} does not talk to anybody"
    call = draft.call(offer.call)
    if call.owner is not Owner.AGENT or call.ending:
        return "the call is ending"
    if what in NEEDS_TARGET and not target.strip():
        return f"{what}: whom? name an agent, a queue, a flow or a number"
    return _grant(draft, call, offer, what, target)


def talk_of(draft: Draft, id: AgentId) -> Offer | None:
    agent = draft.agent(id)
    offer = draft.offer(agent.offer) if agent.offer in draft.state.offers and agent.offer else None
    return offer if offer is not None and offer.state is OfferState.BRIDGED else None


def _grant(draft: Draft, call: Call, offer: Offer, what: TalkWish, target: str) -> str:
    if what is W.LEAVE:
        return conferencing.leave(draft, call, offer)
    if offer.id != hearing.own_offer(draft, call).id:
        return "only the agent who consults may ask for that; leave, or hang up"
    if call.talk.state is TalkState.INTERNAL:
        return "the customer is gone"
    match what:
        case W.HOLD:
            return holding.hold(draft, call)
        case W.RESUME:
            return holding.resume(draft, call)
        case W.TRANSFER:
            return transferring.blind(draft, call, offer.agent, target)
        case W.CONSULT:
            return consulting.begin(draft, call, offer.agent, target)
        case W.TOGGLE:
            return consulting.toggle(draft, call)
        case W.COMPLETE:
            return consulting.complete(draft, call)
        case W.CANCEL:
            return consulting.cancel(draft, call)
        case W.CONFERENCE:
            return conferencing.begin(draft, call)
    raise AssertionError(what)

"""What an agent's talk looks like now, as plain JSON values: who holds, who is consulted."""

from typing import Any

from acd.core.state import State
from acd.words import AgentId, OfferState


def talk_view(state: State, id: AgentId) -> dict[str, Any]:
    """``state`` is '' for an agent who does not talk (any more)."""
    agent = state.agents.get(id)
    offer = state.offers.get(agent.offer) if agent and agent.offer else None
    call = state.calls.get(offer.call) if offer else None
    if offer is None or call is None or offer.state is not OfferState.BRIDGED:
        return {
            "agent": id,
            "state": "",
            "call": None,
            "colleague": None,
            "queue": None,
            "outside": None,
            "reminded": 0,
            "holds": False,
            "role": "",
            "why": "",
        }
    consult = state.entries.get(call.talk.consult) if call.talk.consult else None
    asked = state.offers.get(consult.offer) if consult and consult.offer else None
    return {
        "agent": id,
        "state": call.talk.state,
        "call": call.id,
        "colleague": asked.agent if asked else None,
        "queue": consult.queue if consult else None,
        "outside": call.outsider.number if call.outsider else None,
        "reminded": call.talk.reminded,
        "holds": offer.held_at is not None,
        "role": "asked" if consult and offer.entry == consult.id else "talks",
        "why": call.talk.why,
    }

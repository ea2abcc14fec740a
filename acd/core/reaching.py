"""How an agent is reached for an offer: which phone is rung, and how."""

from acd.core.commands import Ring
from acd.core.draft import Draft
from acd.core.offer import Offer

RING_SPARE_S = 3
"""The switch's own ring time is longer than ours by this: it is the backstop, ours decides."""


def ring(draft: Draft, offer: Offer, rings_s: float) -> None:
    """Ring the agent of an offer that has just been made, on the node of its leg."""
    call, policy = draft.call(offer.call), draft.state.policy.agents[offer.agent]
    draft.do(
        Ring(
            leg=offer.leg,
            phone=policy.phone,
            timeout_s=int(rings_s) + RING_SPARE_S,
            caller_number=call.caller_number,
            caller_name=call.caller_name,
            marks={"call": offer.call, "offer": offer.id},
        )
    )

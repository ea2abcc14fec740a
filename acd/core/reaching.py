"""How an agent is reached for an offer: which phone is rung, and how."""

from acd.core.call import Call
from acd.core.commands import Ring
from acd.core.draft import Draft
from acd.core.entry import Entry
from acd.core.offer import Offer
from acd.words import EntryKind

RING_SPARE_S = 3
"""The switch's own ring time is longer than ours by this: it is the backstop, ours decides."""


def ring(draft: Draft, offer: Offer, rings_s: float) -> None:
    """Ring the agent of an offer that has just been made, on the node of its leg."""
    policy = draft.state.policy.agents[offer.agent]
    number, name = shown(draft, draft.call(offer.call), draft.entry(offer.entry))
    draft.do(
        Ring(
            leg=offer.leg,
            phone=policy.phone,
            timeout_s=int(rings_s) + RING_SPARE_S,
            caller_number=number,
            caller_name=name,
            marks={"call": offer.call, "offer": offer.id},
        )
    )


def shown(draft: Draft, call: Call, entry: Entry) -> tuple[str, str]:
    """What the agent's phone shows: who calls; the colleague who asks; why a transfer came back (ACD.md 57)."""
    if entry.kind is EntryKind.CONSULT:
        asks = draft.offer(draft.state.offer_of_leg[entry.leg]).agent
        policy = draft.state.policy.agents.get(asks)
        return (policy.phone, f"{policy.name} asks") if policy else ("", asks)
    back = call.transfer.shown if call.transfer else ""
    return call.caller_number, f"{back} {call.caller_name or call.caller_number}".strip() if back else call.caller_name

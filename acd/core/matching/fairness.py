"""What an agent has done, counted as it ends, over all queues of the agent. The strategies look at it, and nothing else does.

A talk counts when it is over, with its seconds, for each agent who had a part in it (a transferred caller counts for both). One
that was shorter than SHORT_TALK_S is no call, though its seconds count: whoever was hung up on has not had their turn of work. A
ring that the agent did not take is no call: that is dealt with by ``max_missed``. But it was a turn (round robin): else the
same phone would be rung again first. What ended by no doing of the agent's is no turn either.
"""

from dataclasses import replace

from acd.core.draft import Draft
from acd.core.offers.offer import Offer
from acd.words import OfferOutcome

O = OfferOutcome

SHORT_TALK_S = 5.0
TURNS = frozenset({O.ANSWERED, O.NO_ANSWER, O.DECLINED, O.BUSY, O.DUMPED, O.DEVICE_DOWN, O.FORWARDED})
"""So ends an offer that was the agent's turn."""


def asked(draft: Draft, offer: Offer, outcome: OfferOutcome) -> None:
    if outcome in TURNS:
        draft.put(replace(draft.agent(offer.agent), asked_at=offer.offered_at))


def talked(draft: Draft, offer: Offer, talked_s: float) -> None:
    agent, half_life_s = draft.agent(offer.agent), draft.state.policy.fair_window_s
    calls = agent.calls.plus(1.0, draft.at, half_life_s) if talked_s >= SHORT_TALK_S else agent.calls
    talk = agent.talk_s.plus(max(0.0, talked_s), draft.at, half_life_s)
    draft.put(replace(agent, calls=calls, talk_s=talk))

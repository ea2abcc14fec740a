"""`round_robin`: the agent whose last turn is the longest ago; who never had one goes first, then by idle time.

A turn is an offer, also one that the agent did not take (acd.core.matching.fairness). So it goes round whatever becomes of the offers.
"""

from collections.abc import Mapping

from acd.core.matching.strategies.seen import Key, Seen


def key(seen: Seen) -> Key:
    return (seen.agent.asked_at, seen.agent.idle_since, seen.agent.id)


def told(seen: Seen, at: float) -> Mapping[str, float]:
    return {"last_turn_s": max(0.0, at - seen.agent.asked_at)} if seen.agent.asked_at else {}

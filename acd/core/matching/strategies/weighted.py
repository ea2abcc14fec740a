"""`weighted`: calls are shared out in proportion to the memberships' weights.

The agent with the fewest calls lately for their weight goes first (weighted fair queueing, Demers, Keshav and Shenker 1989), so
that who has weight 3 comes to three times as many as who has weight 1, over the fair window.
"""

from collections.abc import Mapping

from acd.core.matching.strategies.seen import Key, Seen


def key(seen: Seen) -> Key:
    return (seen.agent.calls.key(seen.half_life_s, seen.membership.weight), seen.agent.idle_since, seen.agent.id)


def told(seen: Seen, at: float) -> Mapping[str, float]:
    return {"calls": seen.agent.calls.amount_at(at, seen.half_life_s), "weight": float(seen.membership.weight)}

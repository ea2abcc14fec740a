"""`fewest_calls`: the agent with the fewest calls lately, over all queues (acd.core.matching.fading); then by idle time."""

from collections.abc import Mapping

from acd.core.matching.strategies.seen import Key, Seen


def key(seen: Seen) -> Key:
    return (seen.agent.calls.key(seen.half_life_s), seen.agent.idle_since, seen.agent.id)


def told(seen: Seen, at: float) -> Mapping[str, float]:
    return {"calls": seen.agent.calls.amount_at(at, seen.half_life_s)}

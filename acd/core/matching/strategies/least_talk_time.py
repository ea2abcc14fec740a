"""`least_talk_time`: the agent who has talked least lately, over all queues (acd.core.matching.fading); then by idle time."""

from collections.abc import Mapping

from acd.core.matching.strategies.seen import Key, Seen


def key(seen: Seen) -> Key:
    return (seen.agent.talk_s.key(seen.half_life_s), seen.agent.idle_since, seen.agent.id)


def told(seen: Seen, at: float) -> Mapping[str, float]:
    return {"talk_s": seen.agent.talk_s.amount_at(at, seen.half_life_s)}

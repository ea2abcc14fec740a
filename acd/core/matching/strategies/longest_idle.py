"""`longest_idle`: the agent who has been able to take a call for the longest (ACD.md 36)."""

from collections.abc import Mapping

from acd.core.matching.strategies.seen import Key, Seen


def key(seen: Seen) -> Key:
    return (seen.agent.idle_since, seen.agent.id)


def told(seen: Seen, at: float) -> Mapping[str, float]:
    return {"idle_s": max(0.0, at - seen.agent.idle_since)}

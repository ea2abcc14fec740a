"""`top_down`: always in the same order, by the membership's position; who stands first gets most."""

from collections.abc import Mapping

from acd.core.matching.strategies.seen import Key, Seen


def key(seen: Seen) -> Key:
    return (seen.membership.position, seen.agent.id)


def told(seen: Seen, at: float) -> Mapping[str, float]:
    return {"position": float(seen.membership.position)}

"""What a strategy sees of an agent."""

from dataclasses import dataclass

from acd.core.matching.routing_policy import PLAIN, Membership
from acd.core.staff.agent import Agent

Key = tuple[float | str, ...]


@dataclass(frozen=True, slots=True)
class Seen:
    agent: Agent
    membership: Membership = PLAIN
    half_life_s: float = 4 * 3600.0  # of the tallies (acd.core.matching.fading)

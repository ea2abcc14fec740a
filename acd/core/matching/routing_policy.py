"""How a queue's callers and its agents find each other, as plain frozen data. Durations are seconds."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True, kw_only=True)
class Relax:
    """After so long a wait less is asked for: lower levels, or a skill not at all (ACD.md 32). It never asks for more."""

    after_s: float
    requires: Mapping[str, int] = field(default_factory=dict)
    drop: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True, kw_only=True)
class Sticky:
    """Who was served by an agent within ``for_s`` first waits for that agent, at most ``wait_s``."""

    for_s: float
    wait_s: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Membership:
    """How an agent serves one queue."""

    tier: int = 1  # the tiers before it go first
    position: int = 0  # within the tier, where the queue goes top down
    weight: int = 1  # of the share of calls, where the queue is weighted
    delay_s: float = 0.0  # only callers who have waited this long
    order: int = 1  # of this queue among the agent's own: lower goes first


PLAIN = Membership()

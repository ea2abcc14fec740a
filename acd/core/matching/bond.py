"""A bond: who served a number last in a queue with ``sticky``, remembered until it expires (``acd.core.policy.Sticky``).

At most BONDS_MAX are kept; the one that was renewed the longest ago goes first. Numbers that say nothing of who calls make none.
"""

import re
from dataclasses import dataclass

from acd.words import AgentId, BondId, QueueId

BONDS_MAX = 50_000
KNOWN = re.compile(r"\+?[0-9]{4,20}")
"""A number that somebody can be known by; withheld ones are words (``anonymous``), extensions are shorter."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Bond:
    id: BondId
    agent: AgentId
    since: float
    until: float | None = None  # None: it is over

    @property
    def is_live(self) -> bool:
        return self.until is not None

    @property
    def deadline(self) -> float | None:
        return self.until


def bond_id(queue: QueueId, number: str) -> BondId | None:
    """None for a number by which nobody is known."""
    return BondId(f"{queue}/{number}") if KNOWN.fullmatch(number) else None

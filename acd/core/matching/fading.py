"""A sum that fades: every part of it counts half after each ``half_life_s``.

There is no window with an edge, and nothing is reset by a break, a log-out or a restart; a day off is forgotten in time. It is
kept as its amount at one moment, so that another half-life may be configured at any time. All tallies of a house fade alike:
which of two is larger does not change as time passes, so ``key`` (the logarithm of the amount, carried back to one common
moment) may stand in a sorted list. Half-life decay is exponential smoothing (R. G. Brown, 1956).
"""

from dataclasses import dataclass
from math import inf, log2


@dataclass(frozen=True, slots=True, kw_only=True)
class Fading:
    amount: float = 0.0
    at: float = 0.0  # when it was that much

    def amount_at(self, at: float, half_life_s: float) -> float:
        return self.amount * 2.0 ** ((self.at - at) / half_life_s) if self.amount else 0.0

    def plus(self, more: float, at: float, half_life_s: float) -> "Fading":
        return Fading(amount=self.amount_at(at, half_life_s) + more, at=at)

    def key(self, half_life_s: float, share: float = 1.0) -> float:
        """Orders tallies at any time, smaller first; ``share``: who is to have twice as much counts half."""
        return log2(self.amount / share) + self.at / half_life_s if self.amount > 0 else -inf


NOTHING = Fading()

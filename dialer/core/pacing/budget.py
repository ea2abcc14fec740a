"""How much risk the abandon budget bears: theta, closed on what may still be abandoned.

Theta is the chance, that one more line's answer finds nobody, up to which lines are launched. Two accounts bear it: what the ledgers
of the law have left, and the pacer's own of the recent past, so that a month's savings are not spent in one hour. A team that has
nothing left stands one-to-one until 1/limit persons more have answered, which costs far more than it saves: so theta falls in
proportion to what is left, and a little stays until the law says no. Its level is learnt slowly besides (an integral control on its
logarithm), because what a theta costs differs from team to team.
"""

from dataclasses import dataclass
from math import exp, inf, sqrt

from dialer.core.pacing.floor import Rang, Seen
from dialer.core.pacing.pacer import View

LEAST, MOST = 0.01, 0.25
SPEED = 0.01
"""How much the logarithm of the level moves with one answer for each agent, at most."""
USUAL = 0.03
"""The limit of the own account when no law is told: three in a hundred."""
AIM = 0.97
"""Of the limit: what the own account allows."""
SAVED, OWED = 2.0, 3.0
"""So many widths of savings and of debts are remembered."""
LITTLE, MUCH = 0.1, 1.4
"""Of the level: what stays while the law bears one abandon more, and what there is with ever so much left."""


@dataclass(slots=True)
class Budget:
    level: float = 0.03
    own: float = 0.0
    """Abandons that the recent past has left: ``AIM`` of the limit for each answer, less those that were."""
    answers: int = 0
    """Since the last question."""
    abandons: int = 0
    scarce: bool = False
    """Whether the law has less left than the buffer."""

    def saw(self, seen: Seen, abandoned: bool) -> None:
        self.answers += isinstance(seen, Rang) and seen.answered
        self.abandons += abandoned

    def theta(self, view: View, agents: int) -> float:
        brake = inf if view.left is None else LITTLE + max(0.0, view.left - 1.0) / _buffer(agents)
        self.scarce = brake < 1.0
        self._counts(min((ledger.limit for ledger in view.ledgers), default=USUAL), width(agents))
        spare = (self.own - reserve(agents)) / width(agents)
        if spare < 0.0 or not self.scarce:
            moved = SPEED * self.answers / max(1, agents) * max(-1.0, min(1.0, spare))
            self.level = min(MOST, max(LEAST, self.level * exp(moved)))
        self.answers = self.abandons = 0
        return self.level * min(MUCH, brake, max(LITTLE, 1.0 + spare))

    def _counts(self, limit: float, wide: float) -> None:
        self.own = max(-OWED * wide, min(SAVED * wide, self.own + AIM * limit * self.answers - self.abandons))


def _buffer(agents: int) -> float:
    """Abandons come in bursts, because lines ring beside each other: the more, the larger the team."""
    return 3.0 * sqrt(max(1, agents)) - 2.0


def width(agents: int) -> float:
    """Abandons too many or too few in the recent past that stop or double what is risked."""
    return 10.0 + agents / 10


def reserve(agents: int) -> float:
    """What the own account aims to keep, because a day ends wherever it happens to stand then. In a large team's day it is nothing."""
    return min(3.0, max(0.0, sqrt(max(1, agents)) - 1.5))

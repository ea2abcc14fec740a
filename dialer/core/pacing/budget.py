"""How much risk the abandon budget bears: theta, closed on what may still be abandoned.

Theta is the chance, that one more line's answer finds nobody, up to which lines are launched. Two accounts bear it: what the ledgers
of the law have left, and the pacer's own of the recent past, so that a month's savings are not spent in one hour. A team that has
nothing left stands one-to-one until 1/limit persons more have answered, which costs far more than it saves: so theta falls in
proportion to what is left, and a little stays until the law says no.

What a theta costs differs from team to team: where three of five are answered one line more is a great risk, so most lines
bear far less than theta. So its level is learnt twice over. Promptly, from what the forecast said of each line that was launched:
together they are to risk what the limit bears. And slowly, from the abandons that came (an integral control): for each that the
forecast reckoned with there are ``cost``, because agents go away and answers displace each other.
"""

from dataclasses import dataclass
from math import exp, inf, sqrt

from dialer.core.pacing.floor import Rang, Seen
from dialer.core.pacing.pacer import View

LEAST, MOST = 0.01, 0.25
SPEED = 0.01
"""How much the logarithm of the cost moves with one answer for each agent, at most."""
PROMPT = 0.02
"""How much the logarithm of the level of a small team moves with one answer that was to be expected of a line without any risk."""
SMALL = 10
"""Larger teams have more answers in the same time, and as many more in a burst."""
CHEAP, DEAR = 0.5, 5.0
"""What a cost may be."""
BURST = 10.0
"""Expected answers whose surprise counts at once, at most."""
USUAL = 0.03
"""The limit of the own account when no law is told: three in a hundred."""
AIM = 0.98
"""Of the limit: what the own account allows."""
SAVED, OWED = 2.0, 3.0
"""So many widths of savings and of debts are remembered."""
LITTLE, MUCH = 0.1, 1.4
"""Of the level: what stays while the law bears one abandon more, and what there is with ever so much left."""


@dataclass(slots=True)
class Budget:
    level: float = 0.03
    """Theta with nothing saved or owed."""
    cost: float = 1.2
    """Abandons for each with which the forecast reckoned, in a team of five."""
    own: float = 0.0
    """Abandons that the recent past has left: ``AIM`` of the limit for each answer, less those that were."""
    answers: int = 0
    """Since the last question."""
    abandons: int = 0
    scarce: bool = False
    """Whether the law has less left than the buffer."""
    part: float = 1.0
    """Of the level: what was borne at the last question."""
    prompt: float = PROMPT
    """By the size of the team at the last question."""
    bears: float = AIM * USUAL
    """The mean risk of a line that would spend the limit just so."""

    def saw(self, seen: Seen, abandoned: bool) -> None:
        self.answers += isinstance(seen, Rang) and seen.answered
        self.abandons += abandoned

    def theta(self, view: View, agents: int) -> float:
        brake = inf if view.left is None else LITTLE + max(0.0, view.left - 1.0) / _buffer(agents)
        self.scarce = brake < 1.0
        limit = min((ledger.limit for ledger in view.ledgers), default=USUAL)
        self._counts(limit, width(agents))
        spare = (self.own - reserve(agents)) / width(agents)
        if spare < 0.0 or not self.scarce:
            moved = SPEED * self.answers / max(1, agents) * max(-1.0, min(1.0, spare))
            self.cost = min(DEAR, max(CHEAP, self.cost * exp(-moved)))
        self.answers = self.abandons = 0
        self.prompt = PROMPT * min(1.0, sqrt(SMALL / max(1, agents)))
        self.bears = AIM * limit / (self.cost * crowding(agents))
        self.part = min(MUCH, brake, max(LITTLE, 1.0 + spare))
        return self.level * self.part

    def launched(self, answers: float, risk: float) -> None:
        """Lines of which so many answers are to be expected were launched, as many as were wanted, each with this risk in the mean."""
        if not self.scarce:
            less = answers * (self.part - risk / self.bears)
            self.level = min(MOST, max(LEAST, self.level * exp(self.prompt * max(-BURST, min(BURST, less)))))

    def _counts(self, limit: float, wide: float) -> None:
        self.own = max(-OWED * wide, min(SAVED * wide, self.own + AIM * limit * self.answers - self.abandons))


def _buffer(agents: int) -> float:
    """Abandons come in bursts, because lines ring beside each other: the more, the larger the team."""
    return 3.0 * sqrt(max(1, agents)) - 2.0


def crowding(agents: int) -> float:
    """By how much more abandons there are in a larger team for each that was reckoned with: more answers displace each other."""
    return 1.0 + min(0.25, max(0.0, 0.015 * (agents - 5)))


def width(agents: int) -> float:
    """Abandons too many or too few in the recent past that stop or double what is risked."""
    return 10.0 + agents / 10


def reserve(agents: int) -> float:
    """What the own account aims to keep, because a day ends wherever it happens to stand then. In a large team's day it is nothing."""
    return min(7.0, max(0.0, 0.3 * (agents - 3)))

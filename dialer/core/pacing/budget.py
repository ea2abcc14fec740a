"""How much risk the abandon budget bears: theta, closed on what may still be abandoned.

Theta is the chance, that one more line's answer finds nobody, up to which lines are launched. Two accounts bear it: what the ledgers
of the law have left, and the pacer's own of the recent past, so that a month's savings are not spent in one hour. A team that has
nothing left stands one-to-one until 1/limit persons more have answered, which costs far more than it saves: so theta falls in
proportion to what is left, and a little stays until the law says no.

What a theta costs differs from team to team: where three of five are answered one line more is a great risk, so most lines
bear far less than theta. So its level is learnt twice over. Promptly, from what the forecast said of each line that was launched:
together they are to risk what the limit bears. And slowly, from the abandons that came for each with which the forecast reckoned
(``cost``): agents go away, answers displace each other, and what is launched later makes up for what was launched before.
"""

from dataclasses import dataclass
from math import exp, inf, sqrt

from dialer.core.pacing.floor import Rang, Seen
from dialer.core.pacing.pacer import View

LEAST, MOST = 0.01, 0.25
PROMPT = 0.02
"""How much the logarithm of the level of a small team moves with one answer that was to be expected of a line without any risk."""
SMALL = 10
"""Larger teams have more answers in the same time, so each says less."""
FIRST, WEIGHS, REMEMBERED = 1.2, 30.0, 1_000.0
"""The cost before any abandon came, the forecast abandons as which that weighs, and how many are remembered."""
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
    came: float = 0.0
    """Abandons that are remembered."""
    reckoned: float = 0.0
    """Those with which the forecast reckoned when their lines were launched."""
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

    @property
    def cost(self) -> float:
        """Abandons for each with which the forecast reckoned."""
        return (FIRST * WEIGHS + self.came) / (WEIGHS + self.reckoned)

    def saw(self, seen: Seen, abandoned: bool) -> None:
        self.answers += isinstance(seen, Rang) and seen.answered
        self.abandons += abandoned
        self.came += abandoned

    def theta(self, view: View, agents: int) -> float:
        brake = inf if view.left is None else LITTLE + max(0.0, view.left - 1.0) / _buffer(agents)
        self.scarce = brake < 1.0
        limit = min((ledger.limit for ledger in view.ledgers), default=USUAL)
        self._counts(limit, width(agents))
        spare = (self.own - reserve(agents)) / width(agents)
        self.answers = self.abandons = 0
        self.prompt = PROMPT * min(1.0, SMALL / max(1, agents))
        self.bears = AIM * limit / self.cost
        self.part = min(MUCH, brake, max(LITTLE, 1.0 + spare))
        return self.level * self.part

    def launched(self, answers: float, risk: float, *, wanted: bool) -> None:
        """A line was: so many answers are to be expected of it, with this risk. ``wanted``: nothing else kept from more."""
        self._reckons(answers * risk)
        if wanted and not self.scarce:
            less = answers * (self.part - risk / self.bears)
            self.level = min(MOST, max(LEAST, self.level * exp(self.prompt * less)))

    def _reckons(self, abandons: float) -> None:
        self.reckoned += abandons
        if (much := max(self.came, self.reckoned) / REMEMBERED) > 1.0:
            self.came, self.reckoned = self.came / much, self.reckoned / much

    def _counts(self, limit: float, wide: float) -> None:
        self.own = max(-OWED * wide, min(SAVED * wide, self.own + AIM * limit * self.answers - self.abandons))


def _buffer(agents: int) -> float:
    """Abandons come in bursts, because lines ring beside each other: the more, the larger the team."""
    return 3.0 * sqrt(max(1, agents)) - 2.0


def width(agents: int) -> float:
    """Abandons too many or too few in the recent past that stop or double what is risked.

    Of a large team it grows with the team, as its bursts do: an account that each burst empties makes theta swing.
    """
    return max(10.0 + agents / 10, 0.3 * agents)


def reserve(agents: int) -> float:
    """What the own account aims to keep, because a day ends wherever it happens to stand then.

    Of a very large team it grows with the width; of what its day abandons that is less than two in a hundred.
    """
    return max(0.0, min(7.0, 0.4 * (agents - 3)), 0.07 * agents)

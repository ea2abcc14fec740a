"""The hit ratio of the last minutes beside the learnt one: a factor that follows a jump at once and keeps still without one."""

from dataclasses import dataclass
from math import exp, log

PRIOR = 4.0
"""Answers as expected, counted in before any was seen."""
DOUBT = 4.0
"""The square of a deviation, in standard deviations, that is believed by half."""


@dataclass(slots=True)
class Pursuit:
    memory: float = 40.0
    """Expected answers that are remembered."""
    seen: float = 0.0
    expected: float = 0.0

    def rang(self, answered: bool, expected: float) -> None:
        """One line stopped ringing; so many answers were expected of it."""
        stays = 1.0 - min(1.0, expected / self.memory)
        self.seen = self.seen * stays + answered
        self.expected = self.expected * stays + expected

    def learnt(self, before: float, after: float) -> None:
        """What was a surprise is expected now as far as the learnt hit ratio has moved."""
        self.expected *= after / before

    @property
    def factor(self) -> float:
        surprise = (self.seen - self.expected) ** 2 / (self.expected + PRIOR)
        believed = surprise / (surprise + DOUBT)
        return exp(believed * log((self.seen + PRIOR) / (self.expected + PRIOR)))

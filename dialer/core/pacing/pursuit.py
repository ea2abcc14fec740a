"""The hit ratio of the last minutes beside the learnt one: a factor that follows a jump at once and keeps still without one.

Answers that came are compared with those that were to be expected in the seconds that all lines rang, those too that ring still: lines
that were dialled together are answered together, and end without an answer together, so the lines that ended say little by themselves.
What is remembered is for how long lines rang, by age; so what was a surprise is none any more as soon as it is learnt.
"""

from dataclasses import dataclass, field
from math import ceil, exp, inf, log

import numpy as np
from numpy.typing import NDArray

from dialer.core.pacing.learnt import RING_CLASSES
from dialer.core.pacing.lifetimes import Floats

PRIOR = 4.0
"""Answers as expected, counted in before any was seen."""
DOUBT = 4.0
"""The square of a deviation, in standard deviations, that is believed by half."""
WIDEST_S = 1.0
"""Seconds of ringing that are taken for one age."""


@dataclass(slots=True)
class Pursuit:
    memory: float = 40.0
    """Expected answers that are remembered."""
    rang_s: Floats = field(default_factory=lambda: np.zeros(len(RING_CLASSES) - 1))
    answers: float = 0.0
    until: float = -inf
    """What rang before is counted."""

    def rang(self, at: float, ages: Floats, answered: bool = False) -> None:
        """Lines of these ages rang until ``at``; one that ended is told by itself, before the others."""
        lately = min(at - self.until, float(RING_CLASSES[-1]))
        steps = ceil(lately / WIDEST_S)
        for step in range(steps):
            seconds = np.clip(ages - step * lately / steps, 0.0, lately / steps)
            middles = ages - step * lately / steps - seconds / 2
            self.rang_s += np.bincount(_class_of(middles), seconds, len(self.rang_s))
        self.answers += answered

    def settles(self, at: float, ages: Floats, hazard: Floats) -> None:
        """Every line that rings has rung until ``at``. What is more than the memory holds is forgotten evenly."""
        self.rang(at, ages)
        self.until = max(self.until, at)
        expected = float(self.rang_s @ hazard)
        if expected > self.memory:
            self.rang_s *= self.memory / expected
            self.answers *= self.memory / expected

    def factor(self, hazard: Floats) -> float:
        """By which the learnt ``hazard`` of an answer, by age, is to be multiplied."""
        expected = float(self.rang_s @ hazard)
        surprise = (self.answers - expected) ** 2 / (expected + PRIOR)
        believed = surprise / (surprise + DOUBT)
        return exp(believed * log((self.answers + PRIOR) / (expected + PRIOR)))


def _class_of(ages: Floats) -> NDArray[np.intp]:
    place: NDArray[np.intp] = np.clip(np.searchsorted(RING_CLASSES, ages, side="right") - 1, 0, len(RING_CLASSES) - 2)
    return place

"""The hit ratio of the last minutes beside the learnt one: a factor that follows a jump at once and keeps still without one.

Answers that came are compared with those that were to be expected in the seconds that all lines rang, those too that ring still: lines
that were dialled together are answered together, and end without an answer together, so the lines that ended say little by themselves.
What is remembered is for how long lines rang, by age; so what was a surprise is none any more as soon as it is learnt.

A surprise is believed by the chance that the hit ratio has jumped (Bayes): the odds beforehand, which are in proportion to the seconds
that are remembered, times the likelihood ratio of a deviation of so many standard deviations. A large team's memory holds seconds, in
which luck often deviates by two and the ratio hardly ever jumps; a small team's holds minutes.
"""

from dataclasses import dataclass, field
from math import ceil, exp, inf, log

import numpy as np

from dialer.core.pacing.learnt import RING_CLASSES
from dialer.core.pacing.lifetimes import Floats

PRIOR = 4.0
"""Answers as expected, counted in before any was seen."""
JUMPS_S = 1200.0
"""Once in so many seconds the hit ratio jumps, as far as anybody knows beforehand: another list, another hour."""
FAR_S = JUMPS_S / 7
"""A memory that reaches back further is taken for no longer: however long, the odds that it holds a jump are one to seven."""
WIDEST_S = float(RING_CLASSES[1])
"""Seconds of ringing that are taken for one age: the classes of ringing are all as wide."""


@dataclass(slots=True)
class Pursuit:
    memory: float = 40.0
    """Expected answers that are remembered."""
    rang_s: Floats = field(default_factory=lambda: np.zeros(len(RING_CLASSES) - 1))
    answers: float = 0.0
    spans_s: float = FAR_S
    """How far back reaches what is remembered."""
    until: float = -inf
    """What rang before is counted."""

    def ended(self, at: float, age_s: float, answered: bool) -> None:
        """One line rang no longer; what it rang since all were settled is told by itself."""
        lately = min(at - self.until, age_s)
        if lately > WIDEST_S:
            self._rang(lately, np.array([age_s]))
        elif lately > 0.0:
            self.rang_s[min(int((age_s - lately / 2) / WIDEST_S), len(self.rang_s) - 1)] += lately
        self.answers += answered

    def _rang(self, lately: float, ages: Floats) -> None:
        """Lines of these ages rang for so long, or from their first second on, in steps within which one age is as good as another."""
        steps = ceil(lately / WIDEST_S)
        each = lately / steps if steps else 0.0
        for step in range(steps):
            until = ages - step * each
            seconds = np.minimum(np.maximum(until, 0.0), each)
            classes = np.minimum(np.maximum(until - seconds / 2, 0.0) / WIDEST_S, len(self.rang_s) - 1).astype(int)
            self.rang_s += np.bincount(classes, seconds, len(self.rang_s))

    def settles(self, at: float, ages: Floats, hazard: Floats) -> None:
        """Every line that rings has rung until ``at``. What is more than the memory holds is forgotten evenly."""
        self._rang(min(at - self.until, float(RING_CLASSES[-1])) if len(ages) else 0.0, ages)
        self.spans_s = min(FAR_S, self.spans_s + max(0.0, at - self.until))
        self.until = max(self.until, at)
        expected = float(self.rang_s @ hazard)
        if expected > self.memory:
            part = self.memory / expected
            self.rang_s *= part
            self.answers *= part
            self.spans_s *= part

    def factor(self, hazard: Floats) -> float:
        """By which the learnt ``hazard`` of an answer, by age, is to be multiplied."""
        expected = float(self.rang_s @ hazard)
        surprise = (self.answers - expected) ** 2 / (expected + PRIOR)
        jumped = 1.0 / (1.0 + JUMPS_S / self.spans_s * exp(-surprise / 2))
        return exp(jumped * log((self.answers + PRIOR) / (expected + PRIOR)))

"""What several shifts of one world came to: means with confidence intervals over the seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from dialer.core.pacing.pacer import Pacer
from dialer.sim.shift import Run, Shift
from dialer.sim.world import World

STUDENT_95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)
"""For 1, 2, … degrees of freedom; beyond these the value for 30 serves, a little wide of 1.96."""
MANY_95 = 2.04


@dataclass(frozen=True, slots=True, kw_only=True)
class Mean:
    """``half`` is half of the interval that holds the true mean with 95 %; infinite for a single value."""

    value: float
    half: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Mean":
        mean, free = sum(values) / len(values), len(values) - 1
        if not free:
            return cls(value=mean, half=inf)
        student = STUDENT_95[free - 1] if free <= len(STUDENT_95) else MANY_95
        variance = sum((value - mean) ** 2 for value in values) / free
        return cls(value=mean, half=student * sqrt(variance / len(values)))


@dataclass(frozen=True, slots=True, kw_only=True)
class Results:
    shifts: Sequence[Shift]

    @property
    def utilisation(self) -> Mean:
        return Mean.of([shift.utilisation for shift in self.shifts])

    @property
    def abandon_rate(self) -> Mean:
        return Mean.of([shift.abandon_rate for shift in self.shifts])

    def above(self, limit: float) -> int:
        """Shifts that ended with a higher abandon rate."""
        return sum(shift.abandon_rate > limit for shift in self.shifts)

    def by_quarter(self) -> dict[int, tuple[float, float]]:
        """By quarter-hour: answers in each shift (mean), and the abandon rate over all of them."""
        told: dict[int, tuple[float, float]] = {}
        for quarter in sorted({quarter for shift in self.shifts for quarter in shift.quarters}):
            answers = sum(shift.quarters.get(quarter, (0, 0))[0] for shift in self.shifts)
            abandons = sum(shift.quarters.get(quarter, (0, 0))[1] for shift in self.shifts)
            told[quarter] = (answers / len(self.shifts), abandons / answers if answers else 0.0)
        return told


def shifts(world: World, pacer: Callable[[], Pacer], seeds: Sequence[int]) -> Results:
    """One shift for each seed, each with a pacer that begins with nothing."""
    return Results(shifts=[Run(world, pacer(), seed).through() for seed in seeds])

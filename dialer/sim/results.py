"""What several shifts of one world came to: means with confidence intervals over the seeds."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from math import inf, sqrt

from dialer.core.pacing.pacer import Kept, Pacer
from dialer.sim.shift import Run, Shift
from dialer.sim.world import World

STUDENT_95 = (12.71, 4.30, 3.18, 2.78, 2.57, 2.45, 2.36, 2.31, 2.26)
"""For 1, 2, … degrees of freedom; beyond these the value for 30 serves, a little wide of 1.96."""
MANY_95 = 2.04
OTHER_DAY = 1_000_000
"""Between the seeds of one day and those of the next."""


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
        variance = sum((value - mean) ** 2 for value in values) / free
        return cls(value=mean, half=_student(free) * sqrt(variance / len(values)))

    @classmethod
    def share(cls, parts: Sequence[float], wholes: Sequence[float]) -> "Mean | None":
        """Of all wholes together, with the interval of a ratio (Cochran, Sampling Techniques, 6.3); None where there are none."""
        n, whole = len(wholes), sum(wholes)
        if not whole:
            return None
        share = sum(parts) / whole
        off = Mean.of([part - share * each for part, each in zip(parts, wholes, strict=True)])
        return cls(value=share, half=off.half * n / whole)


def _student(free: int) -> float:
    return STUDENT_95[free - 1] if free <= len(STUDENT_95) else MANY_95


@dataclass(frozen=True, slots=True, kw_only=True)
class Quarter:
    """A quarter-hour of all shifts. Shares are None where nobody answered, or nobody was there."""

    answers: Mean
    abandon_rate: Mean | None
    utilisation: Mean | None


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

    def by_quarter(self) -> dict[int, Quarter]:
        """Every quarter-hour of the shift, in order."""
        every = {n for shift in self.shifts for n in (*shift.quarters, *shift.present)}
        return {n: self._quarter(n) for n in sorted(every)}

    def _quarter(self, n: int) -> Quarter:
        told = [shift.quarters.get(n, (0, 0)) for shift in self.shifts]
        answers, abandons = ([each[of] for each in told] for of in (0, 1))
        worked = [shift.worked.get(n, 0.0) for shift in self.shifts]
        present = [shift.present.get(n, 0.0) for shift in self.shifts]
        return Quarter(answers=Mean.of(answers), abandon_rate=Mean.share(abandons, answers), utilisation=Mean.share(worked, present))


def shifts(world: World, pacer: Callable[[], Pacer], seeds: Sequence[int]) -> Results:
    """One shift for each seed, each with a pacer that begins with nothing."""
    return Results(shifts=[Run(world, pacer(), seed).through() for seed in seeds])


def days(world: World, pacer: Callable[[Kept | None], Pacer], seeds: Sequence[int], count: int) -> list[Results]:
    """Shifts that follow each other, by the day: each seed's ledger goes on, and so does what its pacer has learnt."""
    followed = [_followed(world, pacer, seed, count) for seed in seeds]
    return [Results(shifts=of_day) for of_day in zip(*followed, strict=True)]


def _followed(world: World, pacer: Callable[[Kept | None], Pacer], seed: int, count: int) -> list[Shift]:
    found: list[Shift] = []
    kept: Kept | None = None
    for day in range(count):
        run = Run(world, pacer(kept), seed + day * OTHER_DAY)
        found.append(shift := run.through())
        answers, abandons = world.earlier
        world, kept = replace(world, earlier=(answers + shift.answers, abandons + shift.abandons)), run.pacer.kept()
    return found

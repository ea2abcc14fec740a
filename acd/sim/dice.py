"""Chance, seeded: streams of random numbers by name, and the distributions that are drawn from them.

A stream has a name and a seed and nothing in common with any other: what one caller does never shifts what another draws. So two
configurations that are simulated with the same seed meet the same callers (common random numbers), and their difference is
that of the configurations.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt
from random import Random
from typing import Protocol

Dice = Random


def stream(*name: object) -> Dice:
    """The stream of this name; the same name gives the same numbers, on every machine."""
    return Random("/".join(map(str, name)))


class Draw(Protocol):
    """A distribution of seconds."""

    @property
    def mean_s(self) -> float: ...

    def __call__(self, dice: Dice) -> float: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Fixed:
    """Always the same."""

    mean_s: float

    def __call__(self, dice: Dice) -> float:
        return self.mean_s


NEVER = Fixed(mean_s=inf)
AT_ONCE = Fixed(mean_s=0.0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Exponential:
    mean_s: float

    def __call__(self, dice: Dice) -> float:
        return dice.expovariate(1.0 / self.mean_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lognormal:
    """``cv`` is the standard deviation as a multiple of the mean."""

    mean_s: float
    cv: float

    def __call__(self, dice: Dice) -> float:
        variance = log(1.0 + self.cv**2)
        return dice.lognormvariate(log(self.mean_s) - variance / 2, sqrt(variance))


@dataclass(frozen=True, slots=True, kw_only=True)
class Gamma:
    """``cv`` is the standard deviation as a multiple of the mean; 1 is the exponential."""

    mean_s: float
    cv: float

    def __call__(self, dice: Dice) -> float:
        shape = self.cv**-2
        return dice.gammavariate(shape, self.mean_s / shape)


@dataclass(frozen=True, slots=True)
class Empirical:
    """One of these, each as likely as the other. ``inf`` may stand among them: of patience, one who would never have left."""

    values: Sequence[float]

    @property
    def mean_s(self) -> float:
        return sum(self.values) / len(self.values)

    def __call__(self, dice: Dice) -> float:
        return self.values[int(dice.random() * len(self.values))]

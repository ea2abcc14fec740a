"""PURE: how likely somebody answers now, learnt from hour and weekday and from this number's own history.

Each count is tempered by a Beta prior: a few calls say little. The two are joined by their odds against the mean.
"""

from collections.abc import Mapping
from dataclasses import dataclass

PRIOR_ANSWERS, PRIOR_TRIES = 2.0, 10.0
STRENGTH_OF_HOUR, STRENGTH_OF_NUMBER = 50.0, 4.0
Cell = tuple[int, int]
"""Weekday from Monday = 0, hour; by the clock of who is called."""


@dataclass(frozen=True, slots=True)
class Count:
    tried: int = 0
    answered: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class Chance:
    """``of_hour`` and ``of_number`` are what went into ``value``, for whoever asks why."""

    value: float
    mean: float
    of_hour: float
    of_number: float


def mean_of(cells: Mapping[Cell, Count]) -> float:
    tried, answered = sum(c.tried for c in cells.values()), sum(c.answered for c in cells.values())
    return (answered + PRIOR_ANSWERS) / (tried + PRIOR_TRIES)


def chance(cells: Mapping[Cell, Count], cell: Cell, number: Count, mean: float | None = None) -> Chance:
    mean = mean_of(cells) if mean is None else mean
    of_hour = tempered(cells.get(cell, Count()), mean, STRENGTH_OF_HOUR)
    of_number = tempered(number, mean, STRENGTH_OF_NUMBER)
    odds = _odds(of_hour) * _odds(of_number) / _odds(mean)
    return Chance(value=odds / (1 + odds), mean=mean, of_hour=of_hour, of_number=of_number)


def tempered(count: Count, mean: float, strength: float) -> float:
    return (count.answered + mean * strength) / (count.tried + strength)


def _odds(share: float) -> float:
    share = min(max(share, 1e-6), 1 - 1e-6)
    return share / (1 - share)

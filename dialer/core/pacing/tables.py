"""What the learnt lifetimes say about the next seconds, tabulated by age and horizon, as logarithms of characteristic functions.

The number of answers minus the number of agents who come free within a horizon is a sum of independent yes-and-no's (a
Poisson-binomial). Its characteristic function is a product; so its logarithm is a sum over who is in which age class: one
product of a vector of counts and a table. The inverse Fourier transform gives the whole distribution, exactly but for what wraps
around the ends of the circle.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]


def survival(edges: Floats, hazard: Floats, ages: Floats, steps: Floats) -> Floats:
    """The chance that who is ``ages`` old (rows) lasts ``steps`` more (columns), by the total hazard of each class."""
    passed = np.concatenate(([0.0], np.cumsum(hazard * np.diff(edges))))
    last = hazard[-1]

    def cumulated(at: Floats) -> Floats:
        beyond: Floats = np.interp(at, edges, passed) + np.maximum(0.0, at - edges[-1]) * last
        return beyond

    lasts: Floats = np.exp(-(cumulated(ages[:, None] + steps[None, :]) - cumulated(ages)[:, None]))
    return lasts


def ends_within(edges: Floats, hazards: Floats, way: int, ages: Floats, grid: Floats) -> Floats:
    """The chance to have ended in this way ``grid`` seconds from now (columns), by the age now (rows). ``grid`` begins at 0."""
    total = hazards.sum(axis=0)
    lasts = survival(edges, total, ages, grid)
    middle = ages[:, None] + (grid[1:] + grid[:-1])[None, :] / 2
    at = np.clip(np.searchsorted(edges, middle, side="right") - 1, 0, len(total) - 1)
    share = hazards[way][at] / np.maximum(total[at], 1e-12)
    within: Floats = np.concatenate((np.zeros((len(ages), 1)), np.cumsum((lasts[:, :-1] - lasts[:, 1:]) * share, axis=1)), axis=1)
    return within


def at_times(grid: Floats, within: Floats, times: Floats) -> Floats:
    """Columns of ``within`` read at ``times``."""
    place = np.clip(times / (grid[1] - grid[0]), 0, len(grid) - 1.001)
    low = place.astype(int)
    part = place - low
    read: Floats = within[:, low] * (1 - part) + within[:, low + 1] * part
    return read


@dataclass(frozen=True, slots=True)
class Circle:
    """The unit circle in ``size`` points; a real distribution needs half of them."""

    size: int
    points: Complexes

    @classmethod
    def of(cls, size: int) -> "Circle":
        return cls(size, np.exp(-2j * np.pi * np.arange(size // 2 + 1) / size))

    def logs(self, chance: Floats, sign: int) -> Complexes:
        """Of a yes (which counts ``sign``) or no, for chances of any shape; the points of the circle come last."""
        points = self.points if sign > 0 else self.points.conj()
        logs: Complexes = np.log(1.0 + np.minimum(chance, 1.0 - 1e-9)[..., None] * (points - 1.0) + 1e-12)
        return logs

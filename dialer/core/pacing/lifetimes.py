"""How long things last, learnt as they end: the hazard of an end by age, with a prior, and a memory that fades.

A life table (actuarial estimate): of those who reached an age class, how many ended in it. Those who still last count as having
reached their age, or the first minutes would know only what ends quickly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


def classes(first_s: float, growth: float, last_s: float) -> Floats:
    """Edges of age classes: the first so wide, each wider than the one before."""
    edges = [0.0]
    width = first_s
    while edges[-1] < last_s:
        edges.append(edges[-1] + width)
        width *= growth
    return np.array(edges)


@dataclass(slots=True)
class Lifetimes:
    """``ways`` to end, each with its hazard. ``prior`` is the hazard per second of each way before anything was seen, and weighs as
    much as ``weight`` ends in every class; ``memory`` is the number of ends that are remembered."""

    edges: Floats
    prior: Sequence[float]
    weight: float
    memory: float
    pools: bool = False
    """The classes share a hazard where little was seen of them."""
    ends: Floats = field(init=False)
    seen: float = 0.0

    def __post_init__(self) -> None:
        self.ends = np.zeros((len(self.prior), len(self.edges) - 1))

    def ended(self, seconds: float, way: int = 0) -> None:
        at = int(np.searchsorted(self.edges, seconds, side="right")) - 1
        self.ends[way, min(at, len(self.edges) - 2)] += 1.0
        self.seen += 1.0

    def fades(self, to: float = 1.0) -> None:
        """Forgets evenly what is beyond this part of the memory."""
        total = float(self.ends.sum())
        if total > self.memory * to:
            self.ends *= self.memory * to / total

    def hazards(self, lasting: Floats) -> Floats:
        """Per second, by way and class; ``lasting`` are the ages of those that have not ended."""
        widths = np.diff(self.edges)
        gone = self.ends.sum(axis=0)
        still = np.histogram(np.minimum(lasting, self.edges[-1] - 1e-6), self.edges)[0]
        leave = gone + still
        reached = leave[::-1].cumsum()[::-1]
        exposed = (reached - 0.5 * leave) * widths
        prior = np.array(self.prior)
        if self.pools:
            prior = (self.ends.sum(axis=1) + prior * self.weight / prior.sum()) / (exposed.sum() + self.weight / prior.sum())
        pseudo = self.weight / prior.sum()
        result: Floats = (self.ends + (prior * pseudo)[:, None]) / (exposed + pseudo)
        return result

"""How long things last, learnt as they end: the hazard of an end by age, with a prior, and a memory that fades.

A life table (actuarial estimate): of those who reached an age class, which part ended in it. Those who still last count as having
reached their age, or the first minutes would know only what ends quickly.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]


SURE = 0.9995
"""At most this part of a class ends in it: what was always so may be otherwise once."""


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
        reached = (gone + still)[::-1].cumsum()[::-1] - 0.5 * still
        prior = self._prior(float(((reached - 0.5 * gone) * widths).sum()))
        ways = self.ends + (self.weight * prior / prior.sum())[:, None]
        ended = ways.sum(axis=0)
        of = np.maximum(reached, gone) + self.weight / -np.expm1(-prior.sum() * widths)
        result: Floats = ways / ended * -np.log1p(-np.minimum(ended / of, SURE)) / widths
        return result

    def _prior(self, exposed_s: float) -> Floats:
        prior = np.array(self.prior)
        if not self.pools:
            return prior
        worth = self.weight / prior.sum()
        pooled: Floats = (self.ends.sum(axis=1) + prior * worth) / (exposed_s + worth)
        return pooled

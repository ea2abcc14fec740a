"""How long callers would have waited, told from some who left and many who were served first. PURE.

The estimator is that of Kaplan and Meier (1958): whoever was served is known to have been more patient than their wait, and no more.
"""

from bisect import bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from math import inf

from acd.sim.dice import Dice


@dataclass(frozen=True, slots=True, kw_only=True)
class Survival:
    """``left[i]``: the share whose patience is longer than ``at[i]``. Longer than any wait that was seen is inf: nobody knows."""

    at: Sequence[float]
    left: Sequence[float]

    @property
    def mean_s(self) -> float:
        """Of what is known: the mean of the patience up to the longest at which anybody left."""
        spans = zip((0.0, *self.at), self.at, (1.0, *self.left), strict=False)
        return sum((end - begin) * share for begin, end, share in spans)

    def beyond(self, waited_s: float) -> float:
        """The share whose patience is longer."""
        n = bisect_right(self.at, waited_s)
        return self.left[n - 1] if n else 1.0

    def __call__(self, dice: Dice, longer_than_s: float = -1.0) -> float:
        """A patience, of those that are longer than a wait which was borne."""
        level = self.beyond(longer_than_s) * dice.random()  # so many of all are more patient than this one
        low, high = 0, len(self.left)
        while low < high:
            middle = (low + high) // 2
            if self.left[middle] <= level:
                high = middle
            else:
                low = middle + 1
        return self.at[low] if low < len(self.at) else inf


def kaplan_meier(waits: Iterable[tuple[float, bool]]) -> Survival:
    """``waits``: (seconds, whether the caller left then); of the others it is only known that they waited so long."""
    leaving: dict[float, int] = {}
    ending: dict[float, int] = {}
    total = 0
    for waited_s, left in waits:
        total += 1
        ending[waited_s] = ending.get(waited_s, 0) + 1
        if left:
            leaving[waited_s] = leaving.get(waited_s, 0) + 1
    at, shares, share, there = list[float](), list[float](), 1.0, total
    for waited_s in sorted(ending):
        if waited_s in leaving:
            share *= 1 - leaving[waited_s] / there
            at.append(waited_s)
            shares.append(share)
        there -= ending[waited_s]
    return Survival(at=at, left=shares)

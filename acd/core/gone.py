"""Legs that we have just let go of: a list of channels that was asked for before that may still show them. Derived, never saved.

What it shows then is no stranger: a caller who has hung up must not be adopted, and a phone that was told to stop is no orphan. One
that stands there still at the next look is what it seems.
"""

from acd.words import LegId

KEPT_S = 60.0


class Gone:
    def __init__(self) -> None:
        self._at: dict[LegId, float] = {}  # the longest gone first

    def add(self, leg: LegId, at: float) -> None:
        self._at.pop(leg, None)
        self._at[leg] = at
        while (first := next(iter(self._at))) and self._at[first] < at - KEPT_S:
            del self._at[first]

    def since(self, leg: LegId, at: float) -> bool:
        """Whether we let go of it then or later."""
        gone = self._at.get(leg)
        return gone is not None and gone >= at

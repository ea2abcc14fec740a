"""Legs that we have just let go of: what was sent or asked for before that may still speak of them. Derived, never saved.

A list of channels that shows one then shows no stranger: a caller who has hung up must not be adopted, and a phone that was told to
stop is no orphan. One that stands there still at the next look is what it seems.

Of some the switch itself has said that they ended. Their arrival, told again or late, opens nothing (FAULTS.md F18): a uuid is not
given twice. One that we only missed, as after a crash of the switch, may come back; whoever looks sees whether it stands. A new process
needs no such memory: it has a new connection, on which only what happens from then on is told.
"""

from acd.words import LegId

KEPT_S = 60.0
LOST_CAUSES = frozenset({"LOST", "SWITCH_CRASH", "NODE_DOWN"})
"""The switch or the line to it did it: the leg was not there when we looked again, or could not be asked for."""
NOT_TOLD = LOST_CAUSES | {"NAILED_UP"}
"""What a call ended with of whose leg the switch has not said that it is no more."""


class Gone:
    def __init__(self) -> None:
        self._at: dict[LegId, float] = {}  # the longest gone first
        self._told: set[LegId] = set()

    def __len__(self) -> int:
        return len(self._at)

    def add(self, leg: LegId, at: float, *, told: bool = False) -> None:
        """``told``: the switch has said so."""
        told = told or leg in self._told
        self._forget(leg)
        self._at[leg] = at
        if told:
            self._told.add(leg)
        while (first := next(iter(self._at))) and self._at[first] < at - KEPT_S:
            self._forget(first)

    def _forget(self, leg: LegId) -> None:
        self._at.pop(leg, None)
        self._told.discard(leg)

    def since(self, leg: LegId, at: float) -> bool:
        """Whether we let go of it then or later."""
        gone = self._at.get(leg)
        return gone is not None and gone >= at

    def has_ended(self, leg: LegId, at: float) -> bool:
        """Whether the switch has said, in the last minute, that it is no more."""
        return leg in self._told and self.since(leg, at - KEPT_S)

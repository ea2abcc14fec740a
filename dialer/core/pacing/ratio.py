"""A fixed number of lines for each free agent; ``Progressive`` is the one with one line. They learn nothing."""

from dataclasses import dataclass, field
from typing import Self

from dialer.core.pacing.events import Event
from dialer.core.pacing.floor import Floor
from dialer.core.pacing.pacer import Kept, View, Why
from dialer.core.pacing.room import bounded, nothing_asked

VERSION = 1


@dataclass(slots=True)
class Ratio:
    """``per_agent`` lines ring for each ready agent whom no waiting person will take. Below one it would leave agents alone."""

    per_agent: float
    _floor: Floor = field(default_factory=Floor)
    _why: Why | None = None

    def __post_init__(self) -> None:
        if not self.per_agent >= 1.0:
            raise ValueError(f"lines per agent are at least 1, not {self.per_agent}")

    def feed(self, event: Event) -> None:
        self._floor.feed(event)

    def lines(self, now: float, view: View) -> int:
        free = max(0, self._floor.ready - len(self._floor.waiting))
        self._why = bounded(int(self.per_agent * free + 1e-9) - len(self._floor.ringing), now, view, self._floor)
        return self._why.lines

    def why(self) -> Why:
        return self._why or nothing_asked(self._floor)

    def kept(self) -> Kept:
        return {"version": VERSION, "per_agent": self.per_agent}

    @classmethod
    def from_kept(cls, kept: Kept, per_agent: float = 1.0) -> Self:
        """What was set counts, not what was kept: nothing is learnt here."""
        return cls(per_agent)


class Progressive(Ratio):
    """One line for each free agent: nobody is abandoned, but for agents who leave while their line rings."""

    __slots__ = ()

    def __init__(self) -> None:
        super().__init__(1.0)

    @classmethod
    def from_kept(cls, kept: Kept, per_agent: float = 1.0) -> Self:
        return cls()

"""What a pacer is, what it is told, and what it says of itself. Whoever answers to ``Pacer`` can be tried in ``dialer.sim``."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Protocol

from dialer.core.pacing.events import Event

Kept = Mapping[str, object]
"""What was learnt, as plain data (JSON), with its ``version``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ledger:
    """The abandons of one period of the law, of one campaign. ``limit`` is a fraction: 0.03 is three in a hundred answered persons.

    The rate is held under the limit from the first answer on, so a campaign stays one-to-one until 1/limit persons have answered.
    """

    answers: int
    abandons: int
    limit: float

    @property
    def left(self) -> float:
        """Abandons that the limit still bears, as a fraction of a person; negative when it is passed."""
        return self.limit * self.answers - self.abandons

    @property
    def bears_one_more(self) -> bool:
        """Whether a person who answers now, and is abandoned, leaves the rate within the limit."""
        return self.abandons + 1 <= self.limit * (self.answers + 1) + 1e-9


@dataclass(frozen=True, slots=True, kw_only=True)
class View:
    """What is free at this moment. ``None`` is without a limit."""

    trunks: int | None = None
    calls_per_second: int | None = None
    ledgers: tuple[Ledger, ...] = ()

    @property
    def bears_one_more(self) -> bool:
        return all(ledger.bears_one_more for ledger in self.ledgers)

    def less(self, lines: int) -> "View":
        """With so many lines begun already; negative: with room for so many more."""
        trunks = None if self.trunks is None else self.trunks - lines
        return replace(self, trunks=trunks, calls_per_second=None if self.calls_per_second is None else self.calls_per_second - lines)

    def within(self, lines: int) -> int:
        """Of so many that are wanted those for which there is room."""
        return min(lines, *(max(0, each) for each in (self.trunks, self.calls_per_second) if each is not None), lines)

    @property
    def left(self) -> float | None:
        return min((ledger.left for ledger in self.ledgers), default=None)


class Binds(StrEnum):
    """What kept the pacer from launching one line more."""

    AGENTS = "agents"
    TRUNKS = "trunks"
    CALLS_PER_SECOND = "calls_per_second"
    ABANDON_BUDGET = "abandon_budget"
    NOTHING_LEARNT = "nothing_learnt"


@dataclass(frozen=True, slots=True, kw_only=True)
class Why:
    """The last decision. The forecast is for ``horizon_s`` from then; ``None`` for pacers that make none."""

    at: float
    lines: int
    binds: Binds
    ready: int
    busy: int
    ringing: int
    waiting: int
    abandons_left: float | None = None
    horizon_s: float | None = None
    expected_answers: float | None = None
    expected_free: float | None = None
    risk: float | None = None
    theta: float | None = None
    hit_ratio: float | None = None


class Pacer(Protocol):
    """Decides how many lines to launch. Deterministic: the same events and questions give the same lines."""

    def feed(self, event: Event) -> None:
        """One thing happened. Times never run backwards by more than the disorder of a network; a strange event is ignored."""

    def lines(self, now: float, view: View) -> int:
        """How many lines to launch at ``now``, beside those that ring. Whoever asks launches them all, or feeds what it did."""

    def why(self) -> Why:
        """What bound the last decision, and the forecast behind it."""

    def kept(self) -> Kept:
        """What was learnt, to be given to ``from_kept`` of its class after a restart or in the next shift."""

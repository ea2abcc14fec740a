"""Looks ahead by age and closes the loop on the abandon budget. One default for everyone: nothing here is to be tuned by hand.

Lines are launched while the chance that the answer of one more would find no agent (``forecast``) stays under theta (``budget``).
What the forecast knows is ``learnt`` from this campaign alone, beginning pessimistic; ``pursuit`` follows jumps of the hit ratio.
"""

from dataclasses import dataclass, field, replace
from math import log
from typing import Self

from dialer.core.pacing.budget import Budget
from dialer.core.pacing.events import Event, LineDialled, PersonAbandoned
from dialer.core.pacing.floor import Floor, Rang
from dialer.core.pacing.forecast import Forecast, Tables, build, look
from dialer.core.pacing.keeping import budget_from, kept_of, learnt_from, readable
from dialer.core.pacing.learnt import Learnt, ages
from dialer.core.pacing.pacer import Binds, Kept, View, Why
from dialer.core.pacing.pursuit import Pursuit
from dialer.core.pacing.room import bounded, nothing_asked

REBUILT_S = 60.0
"""Tables cost more than a hundred decisions; what much is known of changes slowly."""
GREW, FEW = 1.3, 10
"""At first it changes with every line: so many times as many that stopped ringing, and so many more, make new tables."""
SOONEST_S = 1.0
FOLLOWED_S = 5.0
NOTICEABLE = 0.1
"""A change of the pursued factor's logarithm for which tables are built before their time."""
MOST_LINES = 4096
MANY = 20
"""Of so many agents somebody comes free all the time."""
ENOUGH_LINES = 50
"""After fewer lines the forecast is mostly the prior."""


@dataclass(slots=True)
class Predictive:
    """``patience_s``: a person is abandoned after waiting so long, so agents who come free until then count."""

    patience_s: float = 2.0
    _floor: Floor = field(default_factory=Floor)
    _learnt: Learnt = field(default_factory=Learnt)
    _budget: Budget = field(default_factory=Budget)
    _pursuit: Pursuit = field(default_factory=Pursuit)
    _tables: Tables | None = None
    _why: Why | None = None
    _risk: float = 0.0
    """Of each line that the last decision launches, in the mean."""
    _all: bool = True
    """Whether it launches all that the forecast bears."""

    def feed(self, event: Event) -> None:
        seen = self._floor.feed(event)
        self._learnt.saw(seen)
        self._budget.saw(seen, isinstance(event, PersonAbandoned))
        if isinstance(seen, Rang) and self._tables is not None:
            self._pursuit.ended(event.at, seen.age_s, seen.answered)
        if isinstance(event, LineDialled) and self._tables is not None:
            self._budget.launched(self._tables.hit_ratio, self._risk, wanted=self._all)

    def lines(self, now: float, view: View) -> int:
        floor = self._floor
        forecast = look(self._current(now), floor, now)
        theta = self._budget.theta(view, floor.ready + floor.busy)
        theta *= _eagerness(forecast.free, floor.ready + floor.busy)
        wanted = max(forecast.most(theta, MOST_LINES), floor.one_to_one())
        self._why = self._explained(bounded(wanted, now, view, floor, self._binds()), forecast, theta)
        self._risk, self._all = forecast.mean_risk(self._why.lines), self._why.lines == wanted
        return self._why.lines

    def why(self) -> Why:
        return self._why or nothing_asked(self._floor)

    def kept(self) -> Kept:
        return kept_of(self._learnt, self._budget)

    @classmethod
    def from_kept(cls, kept: Kept, patience_s: float = 2.0) -> Self:
        """What was kept by another version, or is damaged, is not trusted: the pacer begins with nothing learnt."""
        if not readable(kept):
            return cls(patience_s)
        return cls(patience_s, _learnt=learnt_from(kept), _budget=budget_from(kept))

    def _current(self, now: float) -> Tables:
        tables = self._tables
        size = 1 << (self._floor.ready + self._floor.busy + 23).bit_length()
        if tables is not None:
            self._pursuit.settles(now, ages(self._floor.ringing, now), tables.hazard)
            if not self._outdated(tables, now, size):
                return tables
            size = max(size, tables.circle.size)
        self._learnt.fades()
        self._tables = build(self._learnt, self._floor, now, self._pursuit.factor, size, self.patience_s)
        return self._tables

    def _outdated(self, tables: Tables, now: float, size: int) -> bool:
        age = now - tables.at
        grew = age >= SOONEST_S and self._learnt.rings.seen > GREW * tables.seen + FEW
        jumped = age >= FOLLOWED_S and abs(log(self._pursuit.factor(tables.hazard) / tables.factor)) > NOTICEABLE
        return age >= REBUILT_S or grew or jumped or size > tables.circle.size

    def _binds(self) -> Binds:
        if self._learnt.rings.seen < ENOUGH_LINES:
            return Binds.NOTHING_LEARNT
        return Binds.ABANDON_BUDGET if self._budget.scarce else Binds.AGENTS

    def _explained(self, why: Why, forecast: Forecast, theta: float) -> Why:
        tables = forecast.tables
        return replace(
            why,
            horizon_s=float(tables.horizons[-1]),
            expected_answers=forecast.answers,
            expected_free=max(0, forecast.free) + forecast.comes_free,
            risk=forecast.now,
            theta=theta,
            hit_ratio=tables.hit_ratio,
        )


def _eagerness(free: int, agents: int) -> float:
    """A small team gains nothing by dialling for agents who are still busy, and most when many are free."""
    small = max(0.0, 1.0 - agents / MANY)
    return (1.0 - small) if free < 1 else float(free ** (0.35 * small))

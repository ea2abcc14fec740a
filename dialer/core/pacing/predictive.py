"""Looks ahead by age and closes the loop on the abandon budget."""

from dataclasses import dataclass, field, replace
from math import exp, log

import numpy as np

from dialer.core.pacing.events import Event
from dialer.core.pacing.floor import Floor, Rang
from dialer.core.pacing.forecast import Forecast, Tables, build, look
from dialer.core.pacing.learnt import RING_CLASSES, Learnt
from dialer.core.pacing.pacer import Kept, View, Why, Binds
from dialer.core.pacing.room import bounded, nothing_asked

@dataclass(slots=True)
class Predictive:
    patience_s: float = 2.0
    theta0: float = 0.03
    gain: float = 0.2
    buffer: float = 3.0
    memory: float = 40.0
    fixed: bool = False
    rebuild_s: float = 60.0
    _floor: Floor = field(default_factory=Floor)
    _learnt: Learnt = field(default_factory=Learnt)
    _why: Why | None = None
    _tables: Tables | None = None
    obs: float = 0.0
    exp: float = 0.0
    use_factor: bool = True

    def feed(self, event: Event) -> None:
        seen = self._floor.feed(event)
        if seen is None: return
        self._learnt.saw(seen)
        if isinstance(seen, Rang) and self._tables is not None:
            e = float(np.interp(seen.age_s, RING_CLASSES, self._tables.cumulated))
            f = 1 - min(1.0, e / self.memory)
            self.obs = self.obs * f + seen.answered
            self.exp = self.exp * f + e

    def factor(self) -> float:
        if not self.use_factor: return 1.0
        k = 4.0
        r = (self.obs + k) / (self.exp + k)
        z2 = (self.obs - self.exp) ** 2 / (self.exp + k)
        w = z2 / (z2 + 4.0)
        return exp(w * log(r))

    def theta(self, view: View) -> float:
        if self.fixed or not view.ledgers:
            return self.theta0
        return min(self.theta_of(l) for l in view.ledgers)

    def theta_of(self, l) -> float:
        t = self.theta0 * exp(self.gain * (l.left - self.buffer - 0.02 * l.limit * l.answers))
        return min(0.25, max(0.0005, t))

    def lines(self, now: float, view: View) -> int:
        floor = self._floor
        t = self._tables
        c = self.factor()
        size = 1 << (floor.ready + floor.busy + 24 - 1).bit_length()
        if t is None or now - t.at >= self.rebuild_s or size > t.circle.size or (now - t.at >= 5 and abs(log(c / t.factor)) > 0.1):
            self._learnt.fades()
            t = self._tables = build(self._learnt, floor, now, c, size if t is None else max(size, t.circle.size), self.patience_s)
        forecast = look(t, floor, now)
        theta = self.theta(view)
        n = max(forecast.most(theta, 4096), floor.one_to_one())
        self._why = bounded(n, now, view, floor)
        return self._why.lines

    def why(self) -> Why:
        return self._why or nothing_asked(self._floor)

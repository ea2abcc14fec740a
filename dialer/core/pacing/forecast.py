"""The next seconds as they look now: the chance that the answer of one more line would find no agent."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dialer.core.pacing.floor import BUSY, Floor, Stage
from dialer.core.pacing.learnt import ANSWERED, RING_CLASSES, WORK_CLASSES, Learnt, ages
from dialer.core.pacing.lifetimes import Floats
from dialer.core.pacing.tables import Circle, Complexes, at_times, ends_within, survival

HORIZONS = 6
GRID = np.arange(0.0, 120.25, 0.5)
Pursued = Callable[[Floats], float]
"""By what a learnt hazard is to be multiplied now."""
_MIDDLES = (WORK_CLASSES[1:] + WORK_CLASSES[:-1]) / 2


@dataclass(frozen=True, slots=True)
class Tables:
    """Built now and then from what was learnt; good until much has changed."""

    at: float
    hazard: Floats
    """Of an answer, per second, by the age of a line, as it is learnt: without the factor."""
    factor: float
    seen: float
    """Lines that had stopped ringing by then."""
    circle: Circle
    horizons: Floats
    new: Floats
    """By horizon: the chance that a new line was answered by then."""
    hit_ratio: float
    rings: Floats
    ring_logs: Floats
    new_logs: Complexes
    work: dict[Stage, Floats]
    work_logs: dict[Stage, Floats]
    leave: Floats
    leave_logs: Complexes


def _flat(circle: Circle, chance: Floats, sign: int) -> Floats:
    """Real and imaginary parts side by side, so that a vector of counts is multiplied with reals."""
    return np.ascontiguousarray(circle.logs(chance, sign).reshape(len(chance), -1)).view(np.float64)


def build(learnt: Learnt, floor: Floor, now: float, pursued: Pursued, size: int, patience_s: float) -> Tables:
    circle = Circle.of(size)
    hazards = learnt.ring_hazards(floor, now)
    hazard = hazards[ANSWERED].copy()
    factor = pursued(hazard)
    hazards[ANSWERED] *= factor * learnt.caution
    starts = np.concatenate(([0.0], (RING_CLASSES[1:] + RING_CLASSES[:-1]) / 2))
    answered = ends_within(RING_CLASSES, hazards, ANSWERED, starts, GRID)
    hit_ratio = float(answered[0, -1])
    times = np.interp((np.arange(HORIZONS) + 0.5) / HORIZONS * hit_ratio, answered[0], GRID)
    by_time = at_times(GRID, answered, times)
    work = _work(learnt, floor, now, times + patience_s)
    leave = 1.0 - np.exp(-learnt.leaving * times)
    return Tables(
        at=now,
        hazard=hazard,
        factor=factor,
        seen=learnt.rings.seen,
        circle=circle,
        horizons=times,
        new=by_time[0],
        hit_ratio=hit_ratio,
        rings=by_time[1:],
        ring_logs=_flat(circle, by_time[1:], 1),
        new_logs=circle.logs(by_time[0], 1),
        work=work,
        work_logs={stage: _flat(circle, chance, -1) for stage, chance in work.items()},
        leave=leave,
        leave_logs=circle.logs(leave, 1),
    )


def _work(learnt: Learnt, floor: Floor, now: float, by: Floats) -> dict[Stage, Floats]:
    """By stage and age: the chance to be ready by these times."""
    hazards = {stage: learnt.work_hazards(floor, stage, now)[0] for stage in BUSY}
    back = learnt.comes_back
    wrapped = 1.0 - survival(WORK_CLASSES, hazards[Stage.WRAP_UP], np.zeros(1), GRID)[0]
    lasts = survival(WORK_CLASSES, hazards[Stage.TALKING], _MIDDLES, GRID)
    talked = lasts[:, :-1] - lasts[:, 1:]
    since = by[None, :] - (GRID[1:] + GRID[:-1])[:, None] / 2
    then = np.where(since > 0, np.interp(since, GRID, wrapped), 0.0)
    return {
        Stage.TALKING: back * (talked @ then),
        Stage.WRAP_UP: back * (1.0 - survival(WORK_CLASSES, hazards[Stage.WRAP_UP], _MIDDLES, by)),
        Stage.ELSEWHERE: back * (1.0 - survival(WORK_CLASSES, hazards[Stage.ELSEWHERE], _MIDDLES, by)),
    }


@dataclass(slots=True)
class Forecast:
    """Of one moment. ``risk(n)``: of one more line beside ``n`` new ones."""

    tables: Tables
    logs: Complexes
    beyond: Floats
    """Which points of the distribution leave nobody for one answer more."""
    free: int
    answers: float
    comes_free: float
    now: float = 0.0
    """The risk of one line more."""

    def risk(self, new: int) -> float:
        tables = self.tables
        chances = np.fft.irfft(np.exp(self.logs + new * tables.new_logs if new else self.logs), tables.circle.size, axis=1)
        none_free = chances @ self.beyond
        return float(np.add.reduce(np.maximum.accumulate(none_free[::-1]))) / HORIZONS

    def mean_risk(self, lines: int) -> float:
        """Of so many new lines, which bear more each than the one before."""
        return (self.now + self.risk(lines - 1)) / 2 if lines > 1 else self.now

    def most(self, theta: float, at_most: int) -> int:
        """How many lines more, each with a risk of at most ``theta``."""
        self.now = self.risk(0)
        if at_most <= 0 or not self.now <= theta:
            return 0
        low, high = 1, 2
        while high <= at_most and self.risk(high - 1) <= theta:
            low, high = high, high * 2
        high = min(high, at_most + 1)
        while high - low > 1:
            middle = (low + high) // 2
            if self.risk(middle - 1) <= theta:
                low = middle
            else:
                high = middle
        return low


def work_class(ages: Floats) -> NDArray[np.intp]:
    """The row of the tables of work for each age."""
    place: NDArray[np.intp] = np.searchsorted(WORK_CLASSES, ages, side="right") - 1
    return np.minimum(place, len(WORK_CLASSES) - 2)


def look(tables: Tables, floor: Floor, now: float) -> Forecast:
    circle = tables.circle
    free = floor.ready - len(floor.waiting)
    flat = np.zeros(HORIZONS * (circle.size // 2 + 1) * 2)
    answers = comes = 0.0
    if floor.ringing:
        ringing = np.bincount(np.minimum(ages(floor.ringing, now), 89.0).astype(int)).astype(float)
        flat += ringing @ tables.ring_logs[: len(ringing)]
        answers = float(ringing @ tables.rings[: len(ringing), -1])
    for stage in BUSY:
        if since := floor.stages[stage]:
            counts = np.bincount(work_class(ages(since, now))).astype(float)
            flat += counts @ tables.work_logs[stage][: len(counts)]
            comes += float(counts @ tables.work[stage][: len(counts), -1])
    logs = flat.view(np.complex128).reshape(HORIZONS, -1)
    if free > 0 and tables.leave[-1] > 0:
        logs = logs + free * tables.leave_logs
    low = -min(floor.busy + 1, circle.size // 2)
    values = (np.arange(circle.size) - low) % circle.size + low
    beyond = (values >= min(free, circle.size + low - 1)).astype(float)
    return Forecast(tables, logs, beyond, free, answers, comes)

"""What a campaign has taught: when lines are answered or end, how long talks, wrap-ups and other work last, who goes away."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from acd.words import AgentId
from dialer.core.pacing.floor import Floor, Rang, Seen, Stage, Stayed
from dialer.core.pacing.lifetimes import Floats, Lifetimes, classes

ANSWERED, ENDED = 0, 1
RING_CLASSES = classes(1.0, 1.0, 90.0)
WORK_CLASSES = classes(1.0, 1.22, 4 * 3600.0)
PESSIMISTIC = (0.05, 0.02)
"""Hazards per second of an answer and of another end, before anything was seen: two of three lines are answered, quickly."""
LONG_S = 300.0
"""Work lasts so long before anything was seen: nobody is counted on."""


def _rings() -> Lifetimes:
    return Lifetimes(RING_CLASSES, PESSIMISTIC, weight=0.05, memory=20_000)


def _work() -> Lifetimes:
    return Lifetimes(WORK_CLASSES, (1 / LONG_S,), weight=2.0, memory=4_000, pools=True)


@dataclass(slots=True)
class Learnt:
    rings: Lifetimes = field(default_factory=_rings)
    work: dict[Stage, Lifetimes] = field(
        default_factory=lambda: {stage: _work() for stage in (Stage.TALKING, Stage.WRAP_UP, Stage.ELSEWHERE)}
    )
    ready_s: float = 0.0
    """Agent-seconds of being ready, and how often one went elsewhere from there."""
    ready_left: float = 0.0
    finished: float = 0.0
    """Work that ended, and after how much of it the agent went away instead of being ready."""
    finished_away: float = 0.0

    def saw(self, seen: Seen) -> None:
        if isinstance(seen, Rang):
            self.rings.ended(seen.age_s, ANSWERED if seen.answered else ENDED)
        elif isinstance(seen, Stayed):
            self._stayed(seen)

    def _stayed(self, seen: Stayed) -> None:
        away = seen.then in (Stage.GONE, Stage.ELSEWHERE)
        if seen.stage is Stage.READY:
            self.ready_s += seen.seconds
            self.ready_left += away
            return
        self.work[seen.stage].ended(seen.seconds)
        if seen.then is not Stage.WRAP_UP:
            self.finished += 1.0
            self.finished_away += away
        if seen.stage is Stage.TALKING and seen.then is Stage.READY:
            self.work[Stage.WRAP_UP].ended(0.0)

    def fades(self) -> None:
        self.rings.fades()
        for work in self.work.values():
            work.fades()
        for name, most in (("ready", 20_000.0), ("finished", 1_000.0)):
            self._fade(name, most)

    def _fade(self, name: str, most: float) -> None:
        if name == "ready" and self.ready_s > most:
            self.ready_left, self.ready_s = self.ready_left * most / self.ready_s, most
        elif name == "finished" and self.finished > most:
            self.finished_away, self.finished = self.finished_away * most / self.finished, most

    @property
    def leaving(self) -> float:
        """The hazard per second that a ready agent goes away without a person."""
        return self.ready_left / (self.ready_s + 60.0)

    @property
    def comes_back(self) -> float:
        """The chance that an agent who finishes is ready then."""
        return 1.0 - self.finished_away / (self.finished + 1.0)

    @property
    def caution(self) -> float:
        """By how much more answers are reckoned with than the few that were seen suggest: as if one more had been."""
        return 1.0 + 1.0 / (1.0 + float(self.rings.ends[ANSWERED].sum()))

    def ring_hazards(self, floor: Floor, now: float) -> Floats:
        return self.rings.hazards(ages(floor.ringing, now))

    def work_hazards(self, floor: Floor, stage: Stage, now: float) -> Floats:
        return self.work[stage].hazards(ages(floor.stages[stage], now))


def ages(since: Mapping[str, float] | Mapping[AgentId, float], now: float) -> Floats:
    return np.maximum(0.0, now - np.fromiter(since.values(), float, len(since)))

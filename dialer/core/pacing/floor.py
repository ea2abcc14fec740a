"""Who is where: lines that ring, persons who wait, agents by stage and since when. Learns nothing and decides nothing."""

from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum

from acd.words import AgentId
from dialer.core.pacing import events as ev


class Stage(StrEnum):
    READY = "ready"
    TALKING = "talking"
    WRAP_UP = "wrap_up"
    ELSEWHERE = "elsewhere"
    GONE = "gone"


BUSY = (Stage.TALKING, Stage.WRAP_UP, Stage.ELSEWHERE)


@dataclass(frozen=True, slots=True)
class Rang:
    """A line stopped ringing at this age."""

    age_s: float
    answered: bool


@dataclass(frozen=True, slots=True)
class Stayed:
    """An agent left a stage for another."""

    stage: Stage
    seconds: float
    then: Stage


Seen = Rang | Stayed | None


@dataclass(slots=True)
class Floor:
    ringing: dict[ev.LineId, float] = field(default_factory=dict)
    """When each line began to ring; the oldest first."""
    waiting: dict[ev.LineId, float] = field(default_factory=dict)
    """Persons who answered and have nobody yet."""
    stages: dict[Stage, dict[AgentId, float]] = field(default_factory=lambda: {stage: {} for stage in Stage})
    """Who is in each stage since when. Those who are gone are forgotten."""
    of: dict[AgentId, Stage] = field(default_factory=dict)

    @property
    def ready(self) -> int:
        return len(self.stages[Stage.READY])

    @property
    def busy(self) -> int:
        return sum(len(self.stages[stage]) for stage in BUSY)

    def one_to_one(self) -> int:
        """Lines that each have a free agent of their own."""
        return max(0, self.ready - len(self.waiting) - len(self.ringing))

    def feed(self, event: ev.Event) -> Seen:
        """Takes the event; gives what has ended with it, for those who learn."""
        return _TAKES[type(event)](self, event)

    def _dialled(self, event: ev.LineDialled) -> Seen:
        self.ringing[event.line] = event.at
        return None

    def _answered(self, event: ev.LineAnswered) -> Seen:
        since = self.ringing.pop(event.line, None)
        if since is None:
            return None
        self.waiting[event.line] = event.at
        return Rang(max(0.0, event.at - since), True)

    def _ended(self, event: ev.LineEnded) -> Seen:
        self.waiting.pop(event.line, None)
        since = self.ringing.pop(event.line, None)
        return None if since is None else Rang(max(0.0, event.at - since), False)

    def _abandoned(self, event: ev.PersonAbandoned) -> Seen:
        self.waiting.pop(event.line, None)
        return None

    def _served(self, event: ev.PersonServed) -> Seen:
        self.waiting.pop(event.line, None)
        return self._moves(event.agent, Stage.TALKING, event.at)

    def _moves(self, agent: AgentId, to: Stage, at: float) -> Seen:
        was = self.of.get(agent)
        if was is to:
            return None
        since = self.stages[was].pop(agent) if was else at
        if to is Stage.GONE:
            self.of.pop(agent, None)
        else:
            self.of[agent] = to
            self.stages[to][agent] = at
        return Stayed(was, max(0.0, at - since), to) if was else None


def _to(stage: Stage) -> Callable[[Floor, ev.AgentReady], Seen]:
    return lambda floor, event: floor._moves(event.agent, stage, event.at)


_TAKES: dict[type, Callable[..., Seen]] = {
    ev.LineDialled: Floor._dialled,
    ev.LineAnswered: Floor._answered,
    ev.LineEnded: Floor._ended,
    ev.PersonServed: Floor._served,
    ev.PersonAbandoned: Floor._abandoned,
    ev.AgentReady: _to(Stage.READY),
    ev.AgentTalking: _to(Stage.TALKING),
    ev.AgentWrapUp: _to(Stage.WRAP_UP),
    ev.AgentElsewhere: _to(Stage.ELSEWHERE),
    ev.AgentGone: _to(Stage.GONE),
}

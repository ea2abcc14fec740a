"""The floor of a queue: its agents, everybody who is dialled for them, and the pacers of the campaigns that share them.

Each pacer is told of all lines, whichever campaign they belong to: an agent is free for one of them only.
"""

from collections.abc import Callable, Collection, Mapping

from acd.campaign import Campaign, Mode
from acd.words import AgentId, QueueId
from dialer.core.pacing.events import (
    AgentElsewhere,
    AgentGone,
    AgentReady,
    AgentTalking,
    AgentWrapUp,
    Event,
    LineAnswered,
    LineDialled,
    LineEnded,
    PersonAbandoned,
    PersonServed,
)
from dialer.core.pacing.pacer import Kept, Pacer

Kind = tuple[Mode, float | None]
PacerOf = Callable[[Mode, float | None, Kept | None], Pacer]
"""A fresh pacer for a mode and its ratio, or one with what was learnt."""


class Floor:
    """``callers``: others who wait in the queue, and will have the next agents."""

    def __init__(self, queue: QueueId, pacer_of: PacerOf, learnt: Mapping[str, Kept]) -> None:
        self.queue, self.callers = queue, 0
        self.reserved: dict[AgentId, str] = {}  # agents who are kept for one attempt
        self._pacer_of, self._learnt = pacer_of, dict(learnt)
        self._pacers: dict[Kind, Pacer] = {}
        self._agents: dict[AgentId, Event] = {}
        self._lines: dict[str, list[Event]] = {}
        self.present: set[AgentId] = set()  # its agents at work, free or not
        self.comings = 0  # how often one of them came or went

    @property
    def lines(self) -> int:
        """Dialled, and nobody talks to them yet."""
        return len(self._lines)

    def has(self, line: str) -> bool:
        return line in self._lines

    @property
    def free(self) -> int:
        return sum(isinstance(each, AgentReady) for each in self._agents.values())

    @property
    def free_agents(self) -> list[str]:
        """Who has been so for longest first."""
        free = [each for each in self._agents.values() if isinstance(each, AgentReady)]
        return [str(each.agent) for each in sorted(free, key=lambda each: (each.at, each.agent))]

    def feed(self, event: Event) -> None:
        match event:
            case AgentReady() | AgentTalking() | AgentWrapUp() | AgentElsewhere() | AgentGone():
                self._agents[event.agent] = event
                self._comes_or_goes(event.agent, is_there=not isinstance(event, AgentGone))
            case LineDialled() | LineAnswered():
                self._lines.setdefault(event.line, []).append(event)
            case LineEnded() | PersonServed() | PersonAbandoned():
                self._lines.pop(event.line, None)
        for pacer in self._pacers.values():
            pacer.feed(event)

    def _comes_or_goes(self, agent: AgentId, *, is_there: bool) -> None:
        if is_there != (agent in self.present):
            (self.present.add if is_there else self.present.discard)(agent)
            self.comings += 1

    def leave(self, but: Collection[AgentId], at: float) -> None:
        """Who is not among these serves the queue no more."""
        for agent in [each for each in self._agents if each not in but]:
            self.feed(AgentGone(at=at, agent=agent))
            self.reserved.pop(agent, None)
            del self._agents[agent]

    def pacer(self, rules: Campaign) -> Pacer:
        """That of its mode. One that is made later than the floor is told what is there."""
        kind = (rules.mode, rules.ratio)
        if kind not in self._pacers:
            pacer = self._pacer_of(rules.mode, rules.ratio, self._learnt.get(rules.mode.value))
            there = [*self._agents.values(), *(event for line in self._lines.values() for event in line)]
            for event in sorted(there, key=lambda event: event.at):
                pacer.feed(event)
            self._pacers[kind] = pacer
        return self._pacers[kind]

    def learnt(self) -> dict[str, Kept]:
        """By mode, to be kept across restarts."""
        return {**self._learnt, **{mode.value: pacer.kept() for (mode, _), pacer in self._pacers.items()}}

"""How agents' phones behave when they ring: drawn by the manners of a house, or remembered from a day that was."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

from acd.sim.dice import AT_ONCE, Dice, Draw, stream
from acd.words import AgentId, PhoneId

NEAR_S = 900.0
"""An offer that is farther than this from every one that was is like any other of that agent."""
SAID_S = 3.0
"""So long is heard what is said to an agent before a talk."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ring:
    """What comes of one: picked up after ``answer_s`` and joined ``connect_s`` later; or over after ``end_s`` with ``cause``; or, when
    neither is known, it rings on. An agent who is not ready because of it comes back after ``back_s``.
    """

    answer_s: float | None = None
    connect_s: float = 0.0
    end_s: float | None = None
    cause: str = ""
    back_s: float | None = None
    told_s: float = SAID_S


class Phones(Protocol):
    def ring(self, at: float, agent: AgentId, phone: PhoneId) -> Ring: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Manners:
    """How agents deal with a ringing phone."""

    answer: Draw = AT_ONCE
    missed: float = 0.0  # the share of offers that nobody picks up
    back: Draw = field(default=AT_ONCE)  # how long it takes an agent who missed one to be ready again


class Drawn:
    """Each phone has dice of its own."""

    def __init__(self, manners: Manners, seed: object) -> None:
        self._manners, self._seed = manners, seed
        self._dice: dict[PhoneId, Dice] = {}

    def ring(self, at: float, agent: AgentId, phone: PhoneId) -> Ring:
        manners = self._manners
        dice = self._dice.get(phone) or self._dice.setdefault(phone, stream(self._seed, "phone", phone))
        back_s = manners.back(stream(self._seed, "back", agent, at))  # also of one whom the house gave up before they picked up
        if manners.missed and dice.random() < manners.missed:
            return Ring(back_s=back_s)
        return Ring(answer_s=manners.answer(dice), back_s=back_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Rung:
    """One offer of the day that was. ``at_least_s``: it was called off while it rang, so it is only known that nobody had picked up."""

    agent: AgentId
    at: float
    ring: Ring
    at_least_s: float | None = None


class Remembered:
    """Each offer behaves like the nearest one of that agent that no other has behaved like; who is away for a minute misses all
    of that minute, and a phone that failed once fails once.
    """

    def __init__(self, rung: Sequence[Rung], seed: object) -> None:
        self._of: dict[AgentId, list[Rung]] = {}
        for each in sorted(rung, key=lambda one: one.at):
            self._of.setdefault(each.agent, []).append(each)
        self._answers = {agent: _answers(of) for agent, of in self._of.items()}
        self._every = _answers(rung) or [0.0]
        self._seed = seed

    def ring(self, at: float, agent: AgentId, phone: PhoneId) -> Ring:
        of = self._of.get(agent, [])
        nearest = min(of, key=lambda one: abs(one.at - at), default=None)
        if nearest is None or abs(nearest.at - at) > NEAR_S:
            return Ring(answer_s=self._drawn(agent, at, 0.0), told_s=0.0, back_s=0.0)
        of.remove(nearest)
        if nearest.at_least_s is not None:
            back_s = nearest.ring.back_s or 0.0  # how they would have come back from a ring that was called off, nobody knows
            return replace(nearest.ring, answer_s=self._drawn(agent, at, nearest.at_least_s), told_s=0.0, back_s=back_s)
        return nearest.ring

    def _drawn(self, agent: AgentId, at: float, at_least_s: float) -> float:
        """How long this agent takes, of those times that were longer than what is known."""
        known = self._answers.get(agent) or self._every
        longer = [each for each in known if each > at_least_s] or [at_least_s + 1.0]
        return longer[int(stream(self._seed, "rings", agent, at).random() * len(longer))]


def _answers(rung: Iterable[Rung]) -> list[float]:
    return sorted(each.ring.answer_s for each in rung if each.ring.answer_s is not None and each.at_least_s is None)

"""A call that left the house, or was to and did not; and the tallies that limits are held against. They outlive us."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import AgentId, CallId, LegId, PlayId, QueueId


class OutgoingState(StrEnum):
    OUT = "out"  # asked for; rings, or talks
    ENDED = "ended"
    REFUSED = "refused"  # never left


S = OutgoingState

MOVES: dict[OutgoingState, frozenset[OutgoingState]] = {
    S.OUT: frozenset({S.OUT, S.ENDED}),
    S.ENDED: frozenset(),
    S.REFUSED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Outgoing:
    """``leg`` is the one that we made for it, or the caller's own that is joined to the outside by the dial ``play``."""

    id: str
    reason: str  # what it is for: transfer, agent, consult, callback, campaign
    number: str
    at: float
    state: OutgoingState = S.OUT
    leg: LegId | None = None
    play: PlayId | None = None
    trunk: str = ""
    shown: str = ""
    call: CallId | None = None
    agent: AgentId | None = None
    queue: QueueId | None = None
    refused: str = ""  # the rule that said no (acd.core.outside.gate.NotOut)
    why: str = ""  # the same in words, with its values
    answered_at: float | None = None
    ended_at: float | None = None
    cause: str = ""

    @property
    def is_live(self) -> bool:
        return self.state is S.OUT

    def move(self, state: OutgoingState, **changes: Any) -> "Outgoing":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"outgoing {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)


@dataclass(frozen=True, slots=True, kw_only=True)
class Tally:
    """How many calls were let out on somebody's account until ``until``; then it is gone and counts anew.

    ``recent`` is for limits in a second: when the last ones left.
    """

    id: str  # agent/anna, call/ID, caller/NUMBER, number/NUMBER, day, trunk/NAME
    count: int
    until: float
    recent: tuple[float, ...] = ()

    @property
    def is_live(self) -> bool:
        return self.count > 0

    @property
    def deadline(self) -> float:
        return self.until

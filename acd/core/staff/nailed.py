"""A nailed-up leg: an agent's own leg that stands all day. An offer then needs no ringing: a tone, and the two are joined."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import AgentId, LegId, PlayId


class NailedState(StrEnum):
    RINGING = "ringing"  # asked for by us; the phone rings
    STANDING = "standing"
    CLOSING = "closing"  # we have asked the switch to end it
    ENDED = "ended"


S = NailedState

MOVES: dict[NailedState, frozenset[NailedState]] = {
    S.RINGING: frozenset({S.RINGING, S.STANDING, S.CLOSING, S.ENDED}),
    S.STANDING: frozenset({S.STANDING, S.CLOSING, S.ENDED}),
    S.CLOSING: frozenset({S.CLOSING, S.ENDED}),
    S.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class NailedLeg:
    id: LegId
    agent: AgentId
    since: float
    state: NailedState = S.RINGING
    deadline: float | None = None  # of the ringing, or of an end that is asked for again
    play: PlayId | None = None  # the comfort noise between two calls
    played_from: float = 0.0
    plays: int = 0
    silent: int = 0  # calls in a row that were put through without a sign that somebody is there (ACD.md 25)
    cause: str = ""

    @property
    def leg(self) -> LegId:
        return self.id

    @property
    def is_live(self) -> bool:
        return self.state is not S.ENDED

    @property
    def is_kept(self) -> bool:
        """Rings, or stands, and is to stay."""
        return self.state in (S.RINGING, S.STANDING)

    @property
    def stands(self) -> bool:
        return self.state is S.STANDING

    def move(self, state: NailedState, **changes: Any) -> "NailedLeg":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"nailed-up leg {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **({"deadline": None} | changes))

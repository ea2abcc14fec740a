"""A desk: the program by which an agent sees and says things. It is there as long as it keeps saying so (ACD.md 24).

An agent may have one, or none: who works by phone alone has no record here. Several windows of one agent are one desk.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import AgentId


class DeskState(StrEnum):
    OPEN = "open"
    LOST = "lost"  # its lease is over, and it has not come back
    CLOSED = "closed"  # it said goodbye, or nobody needs it any more


S = DeskState

MOVES: dict[DeskState, frozenset[DeskState]] = {
    S.OPEN: frozenset({S.OPEN, S.LOST, S.CLOSED}),
    S.LOST: frozenset({S.OPEN, S.CLOSED}),
    S.CLOSED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Desk:
    id: AgentId
    since: float
    state: DeskState = S.OPEN
    until: float | None = None  # of an open one: its lease ends, unless it is heard of before
    rest_until: float | None = None  # of a lost one: its agent was left in peace until then

    @property
    def deadline(self) -> float | None:
        return self.until

    @property
    def is_live(self) -> bool:
        return self.state is not S.CLOSED

    @property
    def is_lost(self) -> bool:
        return self.state is S.LOST

    def move(self, state: DeskState, at: float, **changes: Any) -> "Desk":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"desk of {self.id}: {self.state} -> {state}")
        since = self.since if state is self.state else at
        return replace(self, state=state, since=since, **({"until": None, "rest_until": None} | changes))

"""An agent: a person who can take work. Holds at most one live offer or talk (ACD.md I1)."""

from dataclasses import dataclass, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import RNA, AgentId, AgentState, LegId, OfferId, Wish

S = AgentState

MOVES: dict[AgentState, frozenset[AgentState]] = {
    S.LOGGED_OUT: frozenset({S.NOT_READY, S.READY}),
    S.NOT_READY: frozenset({S.NOT_READY, S.READY, S.LOGGED_OUT}),
    S.READY: frozenset({S.READY, S.OFFERED, S.NOT_READY, S.LOGGED_OUT}),
    S.OFFERED: frozenset({S.TALKING, S.READY, S.NOT_READY, S.LOGGED_OUT}),
    S.TALKING: frozenset({S.WRAP_UP, S.READY, S.NOT_READY, S.LOGGED_OUT}),
    S.WRAP_UP: frozenset({S.READY, S.NOT_READY, S.LOGGED_OUT}),
}

PRESENT = frozenset({"", "logged_in", RNA})
"""Not ready, but there: just come, or somebody whose phone rang out. Any other reason is one to be away for (ACD.md 46)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    id: AgentId
    state: AgentState = S.LOGGED_OUT
    since: float = 0.0
    reason: str = ""
    idle_since: float = 0.0  # when able to take a call; an offer that came to nothing does not change it (ACD.md 1, 36)
    offer: OfferId | None = None
    deadline: float | None = None  # of the wrap-up, or of the rest after a busy phone
    resting: bool = False  # ready, but left in peace until the deadline
    pending: Wish | None = None  # asked for while busy; applied afterwards (ACD.md 17)
    pending_reason: str = ""
    missed: int = 0  # unanswered offers in a row
    own_leg: LegId | None = None  # a call the agent makes from the phone (ACD.md 20)

    @property
    def is_free(self) -> bool:
        return self.state is S.READY and not self.resting and self.own_leg is None

    @property
    def is_online(self) -> bool:
        """Logged in, whatever they do."""
        return self.state is not S.LOGGED_OUT

    def is_staffed(self, returning: frozenset[str]) -> bool:
        """Online, and not away: at work, or not ready for a reason that is a short break (``returning``), or for none."""
        return self.is_online and (self.state is not S.NOT_READY or self.reason in PRESENT or self.reason in returning)

    def move(self, state: AgentState, at: float, **changes: Any) -> "Agent":
        """The next version. What belongs to a state (offer, deadline, reason, rest) falls away unless it is given again."""
        if state not in MOVES[self.state]:
            raise IllegalMove(f"agent {self.id}: {self.state} -> {state}")
        fresh: dict[str, Any] = {"offer": None, "deadline": None, "reason": "", "resting": False}
        since = self.since if state is self.state and not changes.get("reason") else at
        return replace(self, state=state, since=since, **(fresh | changes))

"""An agent: a person who can take work. Holds at most one live offer or talk (ACD.md I1)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.core.matching.fading import NOTHING, Fading
from acd.words import DESK_LOST, LOGGED_IN, OWN_CALL, RNA, AgentId, AgentState, LegId, OfferId, OfferOutcome, Wish

S = AgentState

MOVES: dict[AgentState, frozenset[AgentState]] = {
    S.LOGGED_OUT: frozenset({S.NOT_READY, S.READY}),
    S.NOT_READY: frozenset({S.NOT_READY, S.READY, S.LOGGED_OUT}),
    S.READY: frozenset({S.READY, S.OFFERED, S.NOT_READY, S.LOGGED_OUT}),
    S.OFFERED: frozenset({S.TALKING, S.READY, S.NOT_READY, S.LOGGED_OUT}),
    S.TALKING: frozenset({S.WRAP_UP, S.READY, S.NOT_READY, S.LOGGED_OUT}),
    S.WRAP_UP: frozenset({S.WRAP_UP, S.READY, S.NOT_READY, S.LOGGED_OUT}),
}

PRESENT = frozenset({"", LOGGED_IN, RNA, "busy", "declined", "dumped", "network_error"})
"""Not ready, but there: just come, or somebody whose offer came to nothing. Any other reason is one to be away for (ACD.md 46)."""


NETWORK_ERRORS, OVERRUN, OVERSTAYED = "network_errors", "wrapup_overrun", "overstayed"
ALARMS = (NETWORK_ERRORS, OVERRUN, OVERSTAYED)
"""The network to a phone failed too often in a row (ACD.md 13); a wrap-up ran over (39); a break is longer than its reason allows."""
AT_WORK = frozenset({S.READY, S.OFFERED, S.TALKING, S.WRAP_UP})


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent:
    id: AgentId
    state: AgentState = S.LOGGED_OUT
    since: float = 0.0
    reason: str = ""
    by: str = ""  # who asked for this state; '' is the house itself
    idle_since: float = 0.0  # when able to take a call; an offer that came to nothing does not change it (ACD.md 1, 36)
    offer: OfferId | None = None
    deadline: float | None = None  # of a wrap-up, a rest, a reservation, a reason that may not last for ever, a phone to be tried again
    resting: bool = False  # ready, but left in peace until the deadline
    reserved_for: str = ""  # ready, but for one attempt of a campaign only (acd.core.outside.reserving); '' for whoever comes
    pending: Wish | None = None  # asked for while busy; applied afterwards (ACD.md 17)
    pending_reason: str = ""
    pending_by: str = ""
    failures: Mapping[OfferOutcome, int] = field(default_factory=dict)  # offers in a row that came to this, since the last talk
    alarm: str = ""  # what somebody should look at, as long as this stretch lasts: one of ALARMS
    asked_at: float = 0.0  # the last turn (acd.core.matching.fairness)
    calls: Fading = NOTHING
    talk_s: Fading = NOTHING
    own_leg: LegId | None = None  # a call the agent makes from the phone (ACD.md 20)
    own_since: float | None = None  # of a call of their own, to somebody: dialling a feature code is none
    own_over: float = 0.0  # the last one was over

    @property
    def is_free(self) -> bool:
        return self.is_idle and not self.reserved_for

    @property
    def may_be_reserved(self) -> bool:
        """Also while dialling a feature code, by which it may be asked for."""
        return self.state is S.READY and not self.resting and not self.reserved_for and self.own_since is None

    @property
    def is_idle(self) -> bool:
        """Could be rung: for somebody, if not for whoever comes."""
        return self.state is S.READY and not self.resting and self.own_leg is None

    @property
    def doing(self) -> str:
        """The state's word; but who is ready, and in a call of their own, is in that."""
        return OWN_CALL if self.state is S.READY and self.own_since is not None else self.state.value

    @property
    def doing_since(self) -> float:
        if self.state is not S.READY:
            return self.since
        return max(self.since, self.own_over if self.own_since is None else self.own_since)

    @property
    def missed(self) -> int:
        """Unanswered offers in a row."""
        return self.failures.get(OfferOutcome.NO_ANSWER, 0)

    @property
    def is_online(self) -> bool:
        """Logged in, whatever they do."""
        return self.state is not S.LOGGED_OUT

    def is_staffed(self, returning: frozenset[str]) -> bool:
        """Online, and not away: at work, or not ready for a reason that is a short break (``returning``), or for none.

        Whose desk is lost may only have to open it again: away after a while (``DeskPolicy.away_after_s``), not at once.
        """
        soon = self.reason == DESK_LOST and self.alarm != OVERSTAYED
        return self.is_online and (self.state is not S.NOT_READY or self.reason in PRESENT or self.reason in returning or soon)

    @property
    def is_able(self) -> bool:
        """At work: takes calls, now or when this one is done. On lunch, or about to go there, is not (ACD.md 33)."""
        return self.state in AT_WORK and self.pending not in (Wish.NOT_READY, Wish.LOG_OUT)

    def move(self, state: AgentState, at: float, **changes: Any) -> "Agent":
        """The next version. What belongs to a state (offer, deadline, reason, alarm …) falls away unless it is given again."""
        if state not in MOVES[self.state]:
            raise IllegalMove(f"agent {self.id}: {self.state} -> {state}")
        fresh: dict[str, Any] = {"offer": None, "deadline": None, "reason": "", "by": "", "resting": False, "alarm": ""}
        fresh["reserved_for"] = ""
        since = self.since if state is self.state and not changes.get("reason") else at
        return replace(self, state=state, since=since, **(fresh | changes))

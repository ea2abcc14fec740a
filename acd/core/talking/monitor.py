"""A monitor: a supervisor's leg at somebody's talk. It ends exactly once, and every turn of it is kept: it is its own audit.

It never keeps a customer on the line alone (ACD.md 61): it ends with what it listens to, unless its supervisor took over.
"""

from dataclasses import dataclass, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import AgentId, CallId, Follows, LegId, MonitorId, MonitorState, OfferId, QueueId, Supervise, SupervisorId

S = MonitorState

MOVES: dict[MonitorState, frozenset[MonitorState]] = {
    S.RINGING: frozenset({S.RINGING, S.LISTENING, S.ENDED}),
    S.LISTENING: frozenset({S.LISTENING, S.WAITING, S.TALKING, S.ENDED}),
    S.WAITING: frozenset({S.LISTENING, S.ENDED}),
    S.TALKING: frozenset({S.TALKING, S.ENDED}),
    S.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Turned:
    """What a supervisor did, or what was done to them, for the audit."""

    at: float
    what: str
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Monitor:
    id: MonitorId
    supervisor: SupervisorId
    leg: LegId
    call: CallId
    agent: AgentId
    queue: QueueId
    begun_at: float
    mode: Supervise
    state: MonitorState = S.RINGING
    follows: Follows = Follows.CONTACT
    offer: OfferId | None = None  # the talk that is listened to now; None between two
    play: str = ""  # the listening that runs
    plays: int = 0
    turned_at: float = 0.0  # when a listening began, or they were joined: an older picture of the switch says nothing of it
    parked: bool = False  # the leg was answered, and stands parked when nothing runs on it
    deadline: float | None = None
    turns: tuple[Turned, ...] = ()
    ended_at: float | None = None
    why: str = ""  # how it ended, or why it was refused

    @property
    def is_live(self) -> bool:
        return self.state is not S.ENDED

    def move(self, state: MonitorState, **changes: Any) -> "Monitor":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"monitor {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)

    def turn(self, at: float, what: str, by: str = "") -> "Monitor":
        return replace(self, turns=(*self.turns, Turned(at=at, what=what, by=by)))

"""Whether a campaign dials: its run, and the table of what a person may wish of it."""

from dataclasses import dataclass, replace
from enum import StrEnum

from acd.core.illegal import IllegalMove


class RunState(StrEnum):
    STOPPED = "stopped"
    RUNNING = "running"
    PAUSED = "paused"  # nothing new is dialled; what rings, rings on
    DRAINING = "draining"  # the same, and stopped when the last call is over


class RunWish(StrEnum):
    START = "start"
    PAUSE = "pause"
    DRAIN = "drain"
    STOP = "stop"  # and what rings is wanted no more, once it has rung its least


R, W = RunState, RunWish

MOVES: dict[tuple[RunState, RunWish], RunState] = {
    (R.STOPPED, W.START): R.RUNNING,
    (R.PAUSED, W.START): R.RUNNING,
    (R.DRAINING, W.START): R.RUNNING,
    (R.RUNNING, W.PAUSE): R.PAUSED,
    (R.DRAINING, W.PAUSE): R.PAUSED,
    (R.RUNNING, W.DRAIN): R.DRAINING,
    (R.PAUSED, W.DRAIN): R.DRAINING,
    (R.RUNNING, W.STOP): R.STOPPED,
    (R.PAUSED, W.STOP): R.STOPPED,
    (R.DRAINING, W.STOP): R.STOPPED,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    campaign: str
    state: RunState = R.STOPPED
    since: float = 0.0
    by: str = ""  # who wished it; '' is the house
    why: str = ""

    @property
    def dials(self) -> bool:
        return self.state is R.RUNNING

    def wished(self, wish: RunWish, at: float, by: str, why: str = "") -> "Run":
        """The next version. Raises IllegalMove; a wish for what it is already is one."""
        if (self.state, wish) not in MOVES:
            allowed = ", ".join(sorted(w.value for s, w in MOVES if s is self.state))
            raise IllegalMove(f"campaign {self.campaign} is {self.state}; allowed are: {allowed}")
        return replace(self, state=MOVES[self.state, wish], since=at, by=by, why=why)

"""What an agent asked for, told by two versions that follow each other. PURE.

What the house did with an agent (not ready after a missed call, ready again when a phone is back) is no act: it is decided again.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from acd.core.staff.agent import Agent
from acd.sim.picking_up import FAILED
from acd.words import DESK_LOST, DEVICE_DOWN, LOGGED_IN, SUPERVISOR_FORCED, SYSTEM_REASONS, AgentId, AgentState, Wish

S = AgentState
BUSY = frozenset({S.OFFERED, S.TALKING, S.WRAP_UP})
BY_THE_HOUSE = SYSTEM_REASONS - {SUPERVISOR_FORCED, LOGGED_IN, DESK_LOST} | FAILED


@dataclass(frozen=True, slots=True, kw_only=True)
class Act:
    agent: AgentId
    wish: Wish
    reason: str = ""


def acts_of(old: Agent, new: Agent, *, held_over: bool = False) -> Iterator[Act]:
    """``held_over``: the work that ``old`` is in began before the time that is looked at, so its end is an act."""
    if new.pending is not None and new.pending is not old.pending:
        yield Act(agent=new.id, wish=new.pending, reason=new.pending_reason)
    elif old.pending is not None and new.pending is None and new.state in BUSY and new.state is old.state:
        yield Act(agent=new.id, wish=Wish.READY)
    if (new.state, new.reason) == (old.state, old.reason):
        return
    wish = _wish(old, new, held_over)
    if wish is not None:
        yield Act(agent=new.id, wish=wish, reason=new.reason if wish is Wish.NOT_READY else "")


def _wish(old: Agent, new: Agent, held_over: bool) -> Wish | None:
    granted = old.pending if not held_over else None  # it was an act when it was asked for
    match new.state:
        case S.READY if old.state is S.LOGGED_OUT or (held_over and old.state in BUSY):
            return Wish.READY
        case S.READY if old.state is S.NOT_READY and old.reason not in FAILED | {DEVICE_DOWN}:
            return Wish.READY
        case S.NOT_READY if old.state is S.LOGGED_OUT:
            return Wish.LOG_IN if new.reason == LOGGED_IN else Wish.READY
        case S.NOT_READY if granted is not Wish.NOT_READY and new.reason not in BY_THE_HOUSE:
            return Wish.NOT_READY
        case S.LOGGED_OUT if granted is not Wish.LOG_OUT:
            return Wish.LOG_OUT
    return None


def came_back(old: Agent, new: Agent) -> bool:
    """Whether somebody whom an offer had made not ready is ready again by asking to."""
    return old.state is S.NOT_READY and old.reason in FAILED and new.state is S.READY

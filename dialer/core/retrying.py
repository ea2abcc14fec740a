"""PURE: what becomes of a lead when an attempt is over."""

from dataclasses import dataclass
from enum import StrEnum


class LeadState(StrEnum):
    READY = "ready"
    WAITING = "waiting"  # until its time comes
    LEASED = "leased"  # an attempt is under way
    DONE = "done"
    DO_NOT_CALL = "do_not_call"
    CAPPED = "capped"  # as often as it may be called at all
    SPLIT = "split"  # each campaign has a copy of its own


AFTER_AN_ATTEMPT = frozenset({LeadState.READY, LeadState.WAITING, LeadState.DONE, LeadState.DO_NOT_CALL})


@dataclass(frozen=True, slots=True, kw_only=True)
class Next:
    """``due_at`` for WAITING only; ``number_index`` None keeps the number; ``do_not_call`` is the scope in which it is listed."""

    state: LeadState
    why: str = ""
    due_at: float | None = None
    number_index: int | None = None
    lock_until: float | None = None
    reserved_until: float | None = None  # till then the number is dialled only with an agent reserved for it
    do_not_call: str = ""
    agent: str | None = None  # who promised to call back at due_at

    def __post_init__(self) -> None:
        if self.state not in AFTER_AN_ATTEMPT:
            raise ValueError(f"no lead is {self.state} because an attempt is over")
        if (self.state is LeadState.WAITING) != (self.due_at is not None):
            raise ValueError("who waits has a time, and nobody else has")


def retried(
    outcome: str, at: float, *, delay_s: float | None, turn: int, numbers: int, other_number: bool, lock_until: float | None = None
) -> Next:
    """After ``delay_s`` again, with the next number where the rule says so. None: the others in turn, once, and no more."""
    if delay_s is None:
        if other_number and turn + 1 < numbers:
            return Next(state=LeadState.READY, why=outcome, number_index=turn + 1, lock_until=lock_until)
        return Next(state=LeadState.DONE, why=outcome, lock_until=lock_until)
    index = (turn + 1) % numbers if other_number and numbers else turn
    return Next(state=LeadState.WAITING, why="retry", due_at=at + delay_s, number_index=index, lock_until=lock_until)

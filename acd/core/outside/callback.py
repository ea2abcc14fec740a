"""A callback: a customer who asked to be called, and the place that is kept for them. A contact of its own, from the wish to its end.

Its call and its entry live beside it under the same id: the entry stands in the queue as if its customer were on the line, and
leaves it for a while (``Entry.held``) when it is not its time. The record here knows the customer's side: when to look again, which
leg is being dialled, what became of each attempt. The agent's side is an offer like any other.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import AgentId, CallId, LegId, QueueId


class CallbackState(StrEnum):
    HELD = "held"  # not its time: closed, between two attempts, the first call not over, a limit reached
    WAITING = "waiting"  # in line; nobody has dialled
    DIALLING = "dialling"  # the customer's phone is called
    HERE = "here"  # the customer is on the line: waits for an agent, or talks to one
    AFTER = "after"  # the talk is over; whoever had it may still say that it was no success
    ENDED = "ended"


class CallbackOutcome(StrEnum):
    SERVED = "served"
    EXPIRED = "expired"
    CANCELLED = "cancelled"
    MERGED = "merged"  # the customer called in, and took the place
    NOT_REACHED = "not_reached"  # all attempts used up
    REFUSED = "refused"  # the house does not call that number
    DUPLICATE = "duplicate"  # one for that number and queue was there already
    FAILED = "failed"  # the queue is gone


NEVER_CAME_ABOUT = frozenset({CallbackOutcome.EXPIRED, CallbackOutcome.NOT_REACHED, CallbackOutcome.REFUSED, CallbackOutcome.FAILED})
"""A customer was promised a call, and had none: people should see to it (ACD.md 69, 71)."""

S, O = CallbackState, CallbackOutcome

MOVES: dict[CallbackState, frozenset[CallbackState]] = {
    S.HELD: frozenset({S.HELD, S.WAITING, S.ENDED}),
    S.WAITING: frozenset({S.WAITING, S.HELD, S.DIALLING, S.ENDED}),
    S.DIALLING: frozenset({S.DIALLING, S.HELD, S.HERE, S.ENDED}),
    S.HERE: frozenset({S.HERE, S.HELD, S.AFTER, S.ENDED}),
    S.AFTER: frozenset({S.AFTER, S.HELD, S.ENDED}),
    S.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    """One call to the customer: ``talked``, ``no_answer``, ``busy``, ``hung_up`` (before an agent was there), ``lost`` (we do not
    know), ``failed``, or the disposition that said it was no success (``voicemail``); '' while it lasts.
    """

    at: float
    ended_at: float | None = None
    outcome: str = ""
    cause: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback:
    id: str
    call: CallId  # its contact; the same text as ``id``
    queue: QueueId
    number: str
    asked_at: float
    since: float  # the place in the line that is kept
    expires_at: float
    priority: int = 0
    first: CallId | None = None  # the contact in which it was asked for; None: nobody called, somebody of the house asked
    state: CallbackState = S.HELD
    wake_at: float | None = None  # when to look at it again; None: something else will move it
    attempts: tuple[Attempt, ...] = ()
    leg: LegId | None = None  # the customer's, dialled or here
    not_before: float | None = None  # of one for a certain time
    says: str = ""  # the disposition of its talk, when that says it was no success
    agent: AgentId | None = None  # who talked last
    ended_at: float | None = None
    outcome: CallbackOutcome | None = None
    by: str = ""  # who cancelled it
    into: str = ""  # the contact or callback that took its place
    why: str = ""  # why it is held, or was when it ended; '' in line, and where the outcome says it all

    @property
    def deadline(self) -> float | None:
        return self.wake_at

    @property
    def is_live(self) -> bool:
        return self.state is not S.ENDED

    def move(self, state: CallbackState, **changes: Any) -> "Callback":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"callback {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)

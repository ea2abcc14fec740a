"""A recording: one stretch of a contact on tape, in one file named by its id. It ends exactly once.

On tape both sides have a channel of their own: left the customer, right whoever they hear. The switch records at the
customer's leg, so that a transfer, a hold or our own death does not stop it; each talk has a recording of its own all
the same, so that it belongs to one agent.
"""

from dataclasses import dataclass, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import AgentId, CallId, LegId, OfferId, QueueId, RecordingId, RecordingOutcome, RecordingState

S = RecordingState

MOVES: dict[RecordingState, frozenset[RecordingState]] = {
    S.ON: frozenset({S.ON, S.MASKED, S.STOPPING, S.BROKEN, S.ENDED}),
    S.MASKED: frozenset({S.MASKED, S.ON, S.STOPPING, S.BROKEN, S.ENDED}),
    S.STOPPING: frozenset({S.STOPPING, S.ENDED}),
    S.BROKEN: frozenset({S.ENDED}),
    S.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Masked:
    """A stretch that is silent on tape. ``by`` is who asked for it, ``until_by`` who or what ended it; kept for the audit."""

    at: float
    by: str
    until: float | None = None
    until_by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording:
    id: RecordingId
    call: CallId
    leg: LegId
    started_at: float
    state: RecordingState = S.ON
    offer: OfferId | None = None  # the talk; None: the flow, or a talk that no offer led to
    queue: QueueId | None = None
    agent: AgentId | None = None
    longest_s: int = 4 * 3600
    mask_longest_s: float = 300.0
    keep_s: float | None = None
    refuses: bool = False  # no talk without it
    masks: tuple[Masked, ...] = ()
    deadline: float | None = None  # of a mask, of the end that was asked for, of another try
    tries: int = 0  # how often in a row it could not be recorded
    stops: int = 0  # how often its end was asked for again
    by: str = ""  # who asked for it; '' is the policy
    ended_at: float | None = None
    seconds: float | None = None  # as the switch counts; None when nobody said
    outcome: RecordingOutcome | None = None
    why: str = ""

    @property
    def is_live(self) -> bool:
        return self.state is not S.ENDED

    @property
    def is_running(self) -> bool:
        return self.state in (S.ON, S.MASKED)

    def move(self, state: RecordingState, **changes: Any) -> "Recording":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"recording {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)

    def mask(self, at: float, by: str, until: float | None) -> "Recording":
        return self.move(S.MASKED, masks=(*self.masks, Masked(at=at, by=by)), deadline=until)

    def unmask(self, at: float, by: str, state: RecordingState = S.ON, **changes: Any) -> "Recording":
        """Also when it ends while it is masked."""
        masks = (*self.masks[:-1], replace(self.masks[-1], until=at, until_by=by))
        return self.move(state, masks=masks, **({"deadline": None} | changes))

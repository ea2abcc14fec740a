"""A call: one contact by voice, from INVITE to its record. Owned by exactly one of flow, queue, agent."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from acd.core.frame import Answered, CallbackWish, Frame, Message, Passed
from acd.core.illegal import IllegalMove
from acd.core.talking.outsider import Outsider
from acd.core.talking.talk import Talk
from acd.core.talking.transfer import Transfer
from acd.words import AgentId, CallId, EndedBy, EntryId, LegId, MonitorId, Owner, PhoneId, TapeWish

MOVES: dict[Owner, frozenset[Owner]] = {
    Owner.FLOW: frozenset({Owner.FLOW, Owner.QUEUE, Owner.NOBODY}),
    Owner.QUEUE: frozenset({Owner.QUEUE, Owner.FLOW, Owner.AGENT, Owner.NOBODY}),
    Owner.AGENT: frozenset({Owner.AGENT, Owner.FLOW, Owner.QUEUE, Owner.NOBODY}),
    Owner.NOBODY: frozenset(),
}
"""Who may hand a call to whom. An agent gives a caller back to the flow, which alone knows what comes next,
or puts them through into the line in which they asked for a colleague.
"""

TRAIL_MAX = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    id: CallId
    leg: LegId
    owner: Owner
    arrived_at: float
    dialled: str
    caller_number: str = ""
    caller_name: str = ""
    phone: PhoneId | None = None  # one of our own phones called
    agent: AgentId | None = None  # whose phone that is
    answered_at: float | None = None
    frame: Frame | None = None
    waiting: Frame | None = None  # in the flow that runs while the caller stands in line
    entry: EntryId | None = None  # the stay in a queue that is under way
    entries: int = 0
    talk: Talk = Talk()  # who hears whom, while an agent owns it
    consults: int = 0
    outsider: Outsider | None = None  # a number outside that is consulted, or to whom the customer was put through
    transfer: Transfer | None = None  # until somebody serves, or the flow has its caller back
    waiting_since: float | None = None  # age carried from queue to queue until somebody serves (ACD.md 50)
    trail: tuple[Passed, ...] = ()
    messages: tuple[Message, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)
    answers: tuple[Answered, ...] = ()
    callbacks: tuple[CallbackWish, ...] = ()
    arm_at: float | None = None  # when the dead man's switch is to be renewed
    ending: str = ""  # the cause with which we asked the switch to end it
    ended_at: float | None = None
    ended_by: EndedBy | None = None
    cause: str = ""
    linked_to: CallId | None = None  # the call that was given up before, and whose place in the line this one took (ACD.md 6)
    tape: TapeWish | None = None  # START, STOP or DECLINE, where somebody said so; None: as the queue's policy says
    told_of_tape: bool = False  # has heard to the end that the talk is recorded
    monitors: int = 0  # supervisors who were at its talks so far
    taken_by: MonitorId | None = None  # talks to a supervisor, in the place of an agent who is gone
    tapes: int = 0  # recordings so far
    recovered: bool = False  # rebuilt from its channel's marks
    is_callback: bool = False  # the contact of a callback: we call the customer
    is_here: bool = True  # its leg stands; of a callback: the customer is on the line
    attempt: str = ""  # a campaign dialled it (acd.core.outside.dialled_call)
    leg_at: float | None = None  # when we made its leg; None: it came by itself
    origin: CallId | None = None  # the contact from which it comes, through every callback

    @property
    def deadline(self) -> float | None:
        return min((t for t in (self.arm_at, None if self.ending else self._due_at) if t is not None), default=None)

    @property
    def _due_at(self) -> float | None:
        if self.owner is Owner.AGENT:
            return self._first(self.talk.deadline, self.outsider.deadline if self.outsider else None)
        if self.is_onward and self.transfer is not None:
            return self._first(self.transfer.onward_at, self.outsider.deadline if self.outsider else None)
        frame = {Owner.FLOW: self.frame, Owner.QUEUE: self.waiting}.get(self.owner)
        return frame.deadline if frame else None

    @staticmethod
    def _first(*at: float | None) -> float | None:
        return min((t for t in at if t is not None), default=None)

    @property
    def is_onward(self) -> bool:
        """Taken out of a talk, and on the way to where it was transferred, or with a number outside."""
        if self.owner is not Owner.FLOW or self.transfer is None:
            return False
        return self.transfer.onward_at is not None or self.transfer.play is not None or self.outsider is not None

    @property
    def is_live(self) -> bool:
        return self.owner is not Owner.NOBODY

    def move(self, owner: Owner, **changes: Any) -> "Call":
        """The next version, in the hands of ``owner``. Raises IllegalMove when the table does not allow it."""
        if owner not in MOVES[self.owner]:
            raise IllegalMove(f"call {self.id}: {self.owner} -> {owner}")
        return replace(self, owner=owner, **changes)

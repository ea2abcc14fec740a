"""What the core remembers of the house itself: which phones are registered, which switches are reachable, what is open by hand."""

from dataclasses import dataclass

from acd.words import NodeId, PhoneId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Phone:
    id: PhoneId
    registered: bool
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    id: NodeId
    reachable: bool
    since: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Forced:
    """A calendar that a supervisor has opened or closed by hand."""

    id: str  # the calendar's name
    state: str  # open, closed; '' is by its hours again
    since: float
    until: float | None = None
    by: str = ""

    @property
    def is_live(self) -> bool:
        return self.state != ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LineWatch:
    """What a line as a whole waits for: somebody to serve it again, or its closing time."""

    id: QueueId
    look_at: float | None = None  # None: nothing is waited for
    vacant_since: float | None = None  # nobody who could serve it is there

    @property
    def deadline(self) -> float | None:
        return self.look_at

    @property
    def is_live(self) -> bool:
        return self.look_at is not None

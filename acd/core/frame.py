"""Where a caller is in a flow, and what the flow left behind; all of it is saved with the call."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from acd.words import FlowId, PlayId


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A caller's place: (flow, step, tries, variables). The interpreter makes the next one; the core only keeps it."""

    flow: FlowId
    version: str  # the flow as it was when this caller began; a running flow never changes under a caller
    step: str
    since: float  # when the step was entered
    phase: str = ""  # the step's own word for what it waits for
    tries: int = 0
    digits: str = ""  # collected in this step, or typed ahead
    variables: Mapping[str, str] = field(default_factory=dict)
    play: PlayId | None = None  # what plays or records now, if the step waits for its end
    plays: int = 0  # how many this call has had, so that each gets an id of its own
    deadline: float | None = None  # when the step wants to be woken
    walked: int = 0  # steps since the last input from outside: the circuit breaker of loops


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One step that a caller went through, for the contact's record."""

    flow: FlowId
    step: str
    exit: str
    entered_at: float
    left_at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that a caller left; the file is named by ``id`` alone."""

    id: PlayId
    mailbox: str
    left_at: float
    seconds: float

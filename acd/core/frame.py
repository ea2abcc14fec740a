"""Where a caller is in a flow, and what the flow left behind; all of it is saved with the call."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from acd.words import FlowId, PlayId, QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class Return:
    """Where a caller goes on when the flow that a step called has come to its end."""

    flow: FlowId
    version: str
    step: str


HIDDEN = "?"
"""Stands in an event, or in a frame, for digits that must not be written down."""


class Private:
    """What a caller typed in confidence: in memory only. It is no dataclass on purpose, so that whoever writes a frame must
    say what becomes of it (the journal writes nothing), and shows nothing of itself.
    """

    __slots__ = ("digits", "values")

    def __init__(self, values: Mapping[str, str], digits: str = "") -> None:
        self.values, self.digits = dict(values), digits

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Private) and (self.values, self.digits) == (other.values, other.digits)

    def __hash__(self) -> int:
        return hash(self.digits)

    def __repr__(self) -> str:
        return f"Private({len(self.values)} values)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Frame:
    """A caller's place: (flow, step, tries, variables). The interpreter makes the next one; the core only keeps it."""

    flow: FlowId
    version: str  # the flow as it was when this caller began; a running flow never changes under a caller
    step: str
    since: float  # when the step was entered
    phase: str = ""  # the step's own word for what it waits for
    tries: int = 0
    digits: str = ""  # collected in this step, or typed ahead; HIDDEN while they stand in ``private``
    variables: Mapping[str, str] = field(default_factory=dict)
    play: PlayId | None = None  # what plays or records now, if the step waits for its end
    plays: int = 0  # how many this call has had, so that each gets an id of its own
    deadline: float | None = None  # when the step wants to be woken
    language: str = ""  # chosen by the caller; '' is the flow's own
    stack: tuple[Return, ...] = ()  # the steps that called this flow, outermost first
    secrets: Mapping[str, str] = field(default_factory=dict)  # variable -> flow/step that asks for it; values stand in ``private``
    private: Private | None = None  # lost when the controller dies: what is needed again is asked again
    walked: int = 0  # steps since the last input from outside: the circuit breaker of loops
    position: int = 0  # the least place in the line that was told so far; 0: none (ACD.md 55)


@dataclass(frozen=True, slots=True, kw_only=True)
class Passed:
    """One step that a caller went through, for the contact's record."""

    flow: FlowId
    step: str
    exit: str
    entered_at: float
    left_at: float
    times: int = 1  # of a step in a flow that ran while its caller waited: how often; when is then of the first
    repeats_s: float = 0.0  # what the repeats took together

    def is_like(self, other: "Passed") -> bool:
        return (self.flow, self.step, self.exit) == (other.flow, other.step, other.exit)

    def again(self, other: "Passed") -> "Passed":
        took_s = other.left_at - other.entered_at
        return replace(self, times=self.times + 1, repeats_s=self.repeats_s + took_s)


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """A message that a caller left; the file is named by ``id`` alone."""

    id: PlayId
    mailbox: str
    left_at: float
    seconds: float
    kind: str = "voicemail"  # or recording: kept for a flow, in no mailbox


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    """A caller's answer to one question of a survey. ``score`` is None for an answer that is no number."""

    survey: str
    question: str
    kind: str  # csat, nps, choice
    answer: str
    at: float
    score: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackWish:
    """A caller asks to be called back. ``since`` and ``priority`` are the place in the line that is kept for them."""

    id: str
    queue: QueueId
    number: str
    asked_at: float
    since: float
    priority: int = 0
    at: float | None = None  # the time for which it is wished; None: as soon as it is their turn
    is_automatic: bool = False  # the queue calls back by itself (acd.core.outside.callback_wishes); else people of the house do

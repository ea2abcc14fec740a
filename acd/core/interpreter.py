"""The door between the core and the flows. The core knows this protocol and nothing of steps or YAML."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from acd.core.commands import Command
from acd.core.events import DigitPressed, ErrandDone, Event, PlayEnded, TimePassed
from acd.core.frame import Answered, CallbackWish, Frame, Message, Passed
from acd.core.lines.forecast import Wait
from acd.words import AgentId, EntryOutcome, FlowId, OwnCallback, PlayId, QueueId, Supervise, TapeWish, Wish

if TYPE_CHECKING:
    from acd.core.call import Call


@dataclass(frozen=True, slots=True, kw_only=True)
class EnterQueue:
    """The flow hands its caller to a queue; the frame stays at the queue step and is resumed with QueueExit."""

    queue: QueueId
    priority: int | None = None  # None: the queue's own
    max_wait_s: float | None = None  # None: the queue's own
    music: str | None = None
    exit_keys: str = ""  # digits that leave the queue
    exits: frozenset[str] = frozenset()  # the exits this step has targets for
    waiting: FlowId | None = None  # the flow that runs while the caller waits; None: music
    agent: AgentId | None = None  # this agent and nobody else; ``max_wait_s`` None: only if they are free now
    ring_s: float | None = None  # None: the queue's own
    outcomes: Mapping[str, EntryOutcome] = field(default_factory=dict)  # how the stay ends that is left by this exit
    is_back: bool = False  # out of a talk that broke off: they were in line, and nobody turns them away
    via: tuple[QueueId, ...] = ()  # the queues from which it has overflowed
    requires: Mapping[str, int] = field(default_factory=dict)  # skill -> level, before what the queue asks; 0: not at all
    prefer: AgentId | None = None  # this agent first,
    prefer_s: float | None = None  # for so long; None: as long as the queue's sticky callers


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveQueue:
    """A flow that runs while its caller waits takes them out of the queue, by one of the queue step's exits."""

    exit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWish:
    """A flow dialled from an agent's phone asks for a state; resumed with WishDone."""

    wish: Wish
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class TapeAsk:
    """The flow asks for something of a recording: its caller's, or that of the talk of the agent who dialled; WishDone."""

    wish: TapeWish


@dataclass(frozen=True, slots=True, kw_only=True)
class SuperviseAsk:
    """The supervisor whose phone this is wants to be at the talk of the agent with that phone; WishDone."""

    wish: Supervise
    extension: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOutAsk:
    """Whoever a campaign has dialled wants to be called no more; WishDone, refused to anybody else."""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallbackAsk:
    """The flow asks for the callback that its caller has in a queue; WishDone, refused where there is none that is surely theirs."""

    wish: OwnCallback
    queue: QueueId
    number: str = ""  # to CHANGE: this number from now on; '' as it is
    at: float | None = None  # to CHANGE: not before this time; None: as it is


@dataclass(frozen=True, slots=True, kw_only=True)
class CallNumber:
    """The caller is to be joined to a number outside; ends with PlayEnded(play), or at once with NotDialled."""

    number: str
    play: PlayId
    ring_s: int
    trunks: tuple[str, ...] = ()  # in this order; none named: all of the house
    skip: int = 0  # so many of those that take the number have failed


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall:
    cause: str = "NORMAL_CLEARING"


Ask = EnterQueue | LeaveQueue | AgentWish | TapeAsk | SuperviseAsk | OptOutAsk | CallbackAsk | CallNumber | EndCall


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueExit(Event):
    """The caller comes back from a queue by a named exit.

    ``served``, ``timed_out``, ``full``, ``closed``, ``no_agents``, ``failed``, the exit key that was pressed, or what LeaveQueue said;
    of somebody who asked for one agent also ``no_answer``, ``busy``, ``not_there``.
    """

    exit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WishDone(Event):
    """What became of an agent's wish: the agent's state word now, and why it was refused ('' if granted)."""

    state: str
    why: str = ""
    agent: AgentId | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDialled(Event):
    """The house lets no call to that number out: by this rule, for this reason (acd.core.outside.gate)."""

    rule: str
    why: str = ""


Happening = PlayEnded | ErrandDone | DigitPressed | TimePassed | QueueExit | WishDone | NotDialled


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far the interpreter got: the next frame, what to tell the switch, and what it asks of the core, if anything."""

    frame: Frame
    commands: tuple[Command, ...] = ()
    ask: Ask | None = None
    passed: tuple[Passed, ...] = ()
    messages: tuple[Message, ...] = ()
    tags: Mapping[str, str] = field(default_factory=dict)  # new or changed; '' takes one away
    answers: tuple[Answered, ...] = ()
    callbacks: tuple[CallbackWish, ...] = ()
    tells_wait: bool = False  # how long the caller will wait is said
    is_private: bool = False  # the digit that led here must not be written down


class Surroundings(Protocol):
    """What a flow may know of the house around its call; asked only when a flow asks."""

    def forced(self, calendar: str) -> str:
        """``open`` or ``closed`` when a supervisor has said so, else ''."""
        ...

    def waiting(self, queue: QueueId) -> int:
        """Callers in line."""
        ...

    def staffed(self, queue: QueueId) -> int:
        """Agents who are logged in and not away."""
        ...

    def online(self, queue: QueueId) -> int:
        """Agents who are logged in, whatever they do."""
        ...

    def available(self, queue: QueueId) -> int:
        """Agents who could take a call now."""
        ...

    def agent_at(self, extension: str) -> AgentId | None:
        """Whose phone has this number; None when nobody's."""
        ...

    def calls_out(self) -> bool:
        """Whether there is any way outside."""
        ...

    def callable(self, number: str, region: str = "") -> str:
        """The number as it is kept for a call later, if the house would ever let it out; else ''. ``region`` '' is the house's."""
        ...

    def callback_hours(self, queue: QueueId) -> str:
        """The calendar in which a queue calls its customers back; '' is always."""
        ...

    def position(self, call: "Call") -> int:
        """Place in the line, from 1; 0 for a call that is in none."""
        ...

    def expected_wait(self, call: "Call") -> Wait | None:
        """None while nothing honest can be said."""
        ...


class Interpreter(Protocol):
    """Pure: the same call and happening give the same walk."""

    def begin(self, at: float, call: "Call", flow: FlowId, around: Surroundings) -> Walk:
        """The first steps of a flow. What the call's frame knows (variables, language) is known there too.

        Raises KeyError when there is no such flow."""
        ...

    def resume(self, at: float, call: "Call", happening: Happening, around: Surroundings) -> Walk:
        """Go on from ``call.frame``. A happening that the step does not wait for leaves the frame as it is."""
        ...

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        """What a caller leaves who is gone in the middle of this step: the message that was being recorded, say."""
        ...

    def is_sensitive(self, frame: Frame) -> bool:
        """Whether what the caller does in this step is on no tape and in no log."""
        ...

    def knows(self, flow: FlowId) -> bool: ...

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        """A frame standing at a step, for a call rebuilt from its channel's marks; None when that step is not there."""
        ...

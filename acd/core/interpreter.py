"""The door between the core and the flows. The core knows this protocol and nothing of steps or YAML."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from acd.core.commands import Command
from acd.core.events import DigitPressed, Event, PlayEnded, TimePassed
from acd.core.frame import Frame, Message, Passed
from acd.words import AgentId, FlowId, QueueId, Wish

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


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentWish:
    """A flow dialled from an agent's phone asks for a state; resumed with WishDone."""

    wish: Wish
    reason: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class EndCall:
    cause: str = "NORMAL_CLEARING"


Ask = EnterQueue | AgentWish | EndCall


@dataclass(frozen=True, slots=True, kw_only=True)
class QueueExit(Event):
    """The caller comes back from a queue by a named exit.

    ``served``, ``timed_out``, ``full``, ``no_agents``, ``failed``, or the exit key that was pressed.
    """

    exit: str


@dataclass(frozen=True, slots=True, kw_only=True)
class WishDone(Event):
    """What became of an agent's wish: the agent's state word now, and why it was refused ('' if granted)."""

    state: str
    why: str = ""
    agent: AgentId | None = None


Happening = PlayEnded | DigitPressed | TimePassed | QueueExit | WishDone


@dataclass(frozen=True, slots=True, kw_only=True)
class Walk:
    """How far the interpreter got: the next frame, what to tell the switch, and what it asks of the core, if anything."""

    frame: Frame
    commands: tuple[Command, ...] = ()
    ask: Ask | None = None
    passed: tuple[Passed, ...] = ()
    messages: tuple[Message, ...] = ()


class Interpreter(Protocol):
    """Pure: the same call and happening give the same walk."""

    def begin(self, at: float, call: "Call", flow: FlowId) -> Walk:
        """The first steps of a flow for a call that has just arrived. Raises KeyError when there is no such flow."""
        ...

    def resume(self, at: float, call: "Call", happening: Happening) -> Walk:
        """Go on from ``call.frame``. A happening that the step does not wait for leaves the frame as it is."""
        ...

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        """What a caller leaves who is gone in the middle of this step: the message that was being recorded, say."""
        ...

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        """A frame standing at a step, for a call rebuilt from its channel's marks; None when that step is not there."""
        ...

"""In place of the flows: every caller goes straight into the queue for which they came, and on as ``onward`` says.

A flow that a recipe offers while they wait is one in which they may ask to be called back; who does not waits on.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

from acd.core.call import Call
from acd.core.events import TimePassed
from acd.core.frame import CallbackWish, Frame, Message
from acd.core.interpreter import EndCall, EnterQueue, Happening, LeaveQueue, QueueExit, Surroundings, Walk
from acd.words import CallId, FlowId, QueueId

STRAIGHT = FlowId("straight")
END = EndCall()
CALL_ME = "call_me"
"""The exit of who has asked to be called back in a flow that a recipe offered."""
OWN = "own"
"""Dialled by an agent's phone: a call of the agent's own, which stays until somebody hangs up."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Onward:
    """Where a caller goes who is out of a queue: home, or into another queue so many seconds later."""

    ask: EnterQueue | None = None
    after_s: float = 0.0
    wishes: tuple[CallbackWish, ...] = ()


HOME = Onward()


class Straight:
    """Implements ``acd.core.interpreter.Interpreter``. ``asks`` says what each caller who is about to arrive came for."""

    def __init__(self) -> None:
        self.asks: dict[CallId, EnterQueue] = {}
        self.onward: Callable[[float, Call, str], Onward] = lambda at, call, exit: HOME
        self.offered: Callable[[float, Call, FlowId], tuple[CallbackWish, ...]] = lambda at, call, flow: ()
        self._on_the_way: dict[CallId, EnterQueue] = {}

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        frame = Frame(flow=flow, version="", step="queue", since=at)
        if call.dialled == OWN and call.phone is not None:
            return Walk(frame=frame)
        if flow != STRAIGHT:
            wishes = self.offered(at, call, flow)
            return Walk(frame=frame, ask=LeaveQueue(exit=CALL_ME) if wishes else END, callbacks=wishes)
        return Walk(frame=frame, ask=self.asks.pop(call.id, None) or EnterQueue(queue=QueueId(call.dialled)))

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        assert call.frame is not None
        match happening:
            case QueueExit(exit=exit):
                return self._on(at, call, call.frame, self.onward(at, call, exit))
            case TimePassed() if call.id in self._on_the_way:
                return Walk(frame=replace(call.frame, since=at, deadline=None), ask=self._on_the_way.pop(call.id))
        return Walk(frame=call.frame)

    def _on(self, at: float, call: Call, frame: Frame, onward: Onward) -> Walk:
        if onward.ask is None:
            return Walk(frame=frame, ask=END, callbacks=onward.wishes)
        if onward.after_s <= 0:
            return Walk(frame=replace(frame, since=at), ask=onward.ask, callbacks=onward.wishes)
        self._on_the_way[call.id] = onward.ask
        return Walk(frame=replace(frame, since=at, deadline=at + onward.after_s), callbacks=onward.wishes)

    def is_sensitive(self, frame: Frame) -> bool:
        return False

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        return ()

    def knows(self, flow: FlowId) -> bool:
        return False

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        return Frame(flow=flow, version="", step=step, since=at)

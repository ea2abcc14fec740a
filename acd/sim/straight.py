"""In place of the flows: every caller goes straight into the queue for which they came, and home after it."""

from acd.core.call import Call
from acd.core.frame import Frame, Message
from acd.core.interpreter import EndCall, EnterQueue, Happening, QueueExit, Surroundings, Walk
from acd.words import CallId, FlowId, QueueId

STRAIGHT = FlowId("straight")
END = EndCall()


class Straight:
    """Implements ``acd.core.interpreter.Interpreter``. ``asks`` says what each caller who is about to arrive came for."""

    def __init__(self) -> None:
        self.asks: dict[CallId, EnterQueue] = {}

    def begin(self, at: float, call: Call, flow: FlowId, around: Surroundings) -> Walk:
        ask = self.asks.pop(call.id, None) or EnterQueue(queue=QueueId(call.dialled))
        return Walk(frame=Frame(flow=flow, version="", step="queue", since=at), ask=ask)

    def resume(self, at: float, call: Call, happening: Happening, around: Surroundings) -> Walk:
        assert call.frame is not None
        return Walk(frame=call.frame, ask=END if isinstance(happening, QueueExit) else None)

    def is_sensitive(self, frame: Frame) -> bool:
        return False

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        return ()

    def knows(self, flow: FlowId) -> bool:
        return False

    def place(self, at: float, flow: FlowId, step: str) -> Frame | None:
        return Frame(flow=flow, version="", step=step, since=at)

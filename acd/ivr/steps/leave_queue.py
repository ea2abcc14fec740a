"""`leave_queue`: a flow that runs while its caller waits takes them out of the line, by an exit of the queue step they stand in."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.interpreter import LeaveQueue as Leave
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn

LEAVING = "leaving"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeaveQueue(Step):
    """It leads nowhere in its own flow. Of a caller who stands in no line it ends the call, as the end of a flow does."""

    verb: ClassVar[str] = "leave_queue"

    exit: str

    def enter(self, scene: Scene) -> Turn:
        return scene.ask(Leave(exit=self.exit), LEAVING)

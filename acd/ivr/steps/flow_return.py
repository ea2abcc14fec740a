"""`return`: back to the step that called this flow, by an exit of that step. In a flow that nobody called the call ends."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class FlowReturn(Step):
    verb: ClassVar[str] = "return"

    exit: str = "done"  # of the calling step

    def enter(self, scene: Scene) -> Turn:
        return replace(scene.leave(self.exit), is_return=True)

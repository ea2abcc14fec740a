"""`flow`: another flow is called, and the caller comes back to this step when it is over, by the exit it returns by.

Variables belong to the call: the called flow sees them all and what it sets stays. It runs in the version that was in force
when it was called. `return` in it says by which exit; its end without one is `done`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.set import put
from acd.ivr.template import Template
from acd.words import FlowId

CALLED = "flow"
FAILED = "failed"
MAX_DEPTH = 8


@dataclass(frozen=True, slots=True, kw_only=True)
class CallFlow(Step):
    """``exits`` are named by the called flow; any without a target goes by ``otherwise``. ``failed`` is when it cannot be called."""

    verb: ClassVar[str] = "flow"
    open_exits: ClassVar[bool] = True

    flow: FlowId
    values: Mapping[str, Template] = field(default_factory=dict)

    @property
    def names(self) -> dict[str, str]:
        return {"flow": self.flow}

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(name for value in self.values.values() for name in value.names)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset(self.values)

    def target(self, exit: str) -> str | None:
        """An exit that nobody thought of (the called flow has changed since) never passes for ``done``."""
        return self.exits.get(exit) or self.exits.get("otherwise") or self.exits.get(FAILED)

    def enter(self, scene: Scene) -> Turn:
        stack = scene.frame.stack
        if len(stack) >= MAX_DEPTH or self.flow in (scene.flow.id, *(one.flow for one in stack)):
            return scene.leave(FAILED)
        turn = put(scene, self.values).leave(CALLED)
        return replace(turn, flow=self.flow, returns_here=True)

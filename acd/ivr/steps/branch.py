"""`branch`: the first condition that is true decides; its exit is named after the step it leads to."""

from dataclasses import dataclass
from typing import ClassVar

from acd.ivr.expressions import Expression
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Step):
    verb: ClassVar[str] = "branch"
    needs: ClassVar[frozenset[str]] = frozenset({"otherwise"})

    when: tuple[tuple[Expression, str], ...]

    @property
    def reads(self) -> frozenset[str]:
        return frozenset(name for condition, _ in self.when for name in condition.names)

    def enter(self, scene: Scene) -> Turn:
        variables = scene.variables
        for condition, exit in self.when:
            if condition.is_true(variables):
                return scene.leave(exit)
        return scene.leave("otherwise")

"""What the verbs' shapes have in common. The same keys mean the same in every verb.

``next`` is where callers go when all went well, ``exits`` names the other ways out, ``otherwise`` stands for every exit that
needs a target and has none.
"""

from typing import ClassVar

from acd.config.kinds import Name, Prose
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.flow import Step


class StepShape(Shape):
    makes: ClassVar[type[Step]]
    step: str
    note: Prose = ""  # for people

    def targets(self) -> dict[str, str]:
        """Exits with their targets."""
        return {}

    def build(self, name: str, known: Known) -> Step:
        raise NotImplementedError


class Onward(StepShape):
    next: Name | None = None

    def targets(self) -> dict[str, str]:
        return {"done": self.next} if self.next else {}


class WithExits(StepShape):
    exits: dict[str, Name] = {}
    otherwise: Name | None = None

    def targets(self) -> dict[str, str]:
        rest = dict.fromkeys(sorted(self.makes.needs - {"done"}), self.otherwise) if self.otherwise else {}
        return {**{exit: target for exit, target in rest.items() if target}, **self.exits}


class OnwardWithExits(WithExits):
    next: Name | None = None

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **({"done": self.next} if self.next else {})}

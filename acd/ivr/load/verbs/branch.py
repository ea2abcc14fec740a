"""`branch` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import Name
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import Condition
from acd.ivr.load.shape import StepShape
from acd.ivr.steps.branch import Branch


class When(Shape):
    condition: Condition = Field(alias="if")
    go: Name


class BranchShape(StepShape):
    makes = Branch
    when: Annotated[list[When], Field(min_length=1, max_length=100)]
    otherwise: Name | None = None

    def targets(self) -> dict[str, str]:
        last = {"otherwise": self.otherwise} if self.otherwise else {}
        return {**{one.go: one.go for one in self.when}, **last}

    def build(self, name: str, known: Known) -> Step:
        return Branch(name=name, exits=self.targets(), when=tuple((one.condition, one.go) for one in self.when))

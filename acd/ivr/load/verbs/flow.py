"""`flow` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import Name, Variable
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.flow import CallFlow
from acd.words import FlowId


class CallFlowShape(OnwardWithExits):
    makes = CallFlow
    flow: Name
    with_: Annotated[dict[Variable, TemplateText], Field(max_length=50)] = Field({}, alias="with")

    def targets(self) -> dict[str, str]:
        """Which exits there are the called flow says, so ``otherwise`` stands as it is."""
        rest = {"otherwise": self.otherwise} if self.otherwise else {}
        return {**rest, **super().targets()}

    def build(self, name: str, known: Known) -> Step:
        return CallFlow(name=name, exits=self.targets(), flow=FlowId(self.flow), values=self.with_)

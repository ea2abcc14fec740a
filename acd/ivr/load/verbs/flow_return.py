"""`return` as it is written."""

from acd.config.kinds import Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import StepShape
from acd.ivr.steps.flow_return import FlowReturn


class FlowReturnShape(StepShape):
    makes = FlowReturn
    exit: Name = "done"

    def build(self, name: str, known: Known) -> Step:
        return FlowReturn(name=name, exit=self.exit)

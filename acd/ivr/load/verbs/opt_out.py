"""`opt_out` as it is written."""

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.opt_out import OptOut


class OptOutShape(OnwardWithExits):
    makes = OptOut

    def build(self, name: str, known: Known) -> Step:
        return OptOut(name=name, exits=self.targets())

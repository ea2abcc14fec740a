"""`set` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import Variable
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import Onward
from acd.ivr.steps.set import Set


class SetShape(Onward):
    makes = Set
    values: Annotated[dict[Variable, TemplateText], Field(min_length=1, max_length=50)]

    def build(self, name: str, known: Known) -> Step:
        return Set(name=name, exits=self.targets(), values=self.values)

"""`ringing` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import duration
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import Onward
from acd.ivr.steps.ringing import Ringing


class RingingShape(Onward):
    makes = Ringing
    for_: Annotated[float, duration(1, 120)] = Field(5.0, alias="for")

    def build(self, name: str, known: Known) -> Step:
        return Ringing(name=name, exits=self.targets(), for_s=self.for_)

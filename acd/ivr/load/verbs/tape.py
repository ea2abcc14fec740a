"""`recording` as it is written."""

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.tape import Tape
from acd.words import TapeWish


class TapeShape(OnwardWithExits):
    makes = Tape
    do: TapeWish

    def build(self, name: str, known: Known) -> Step:
        return Tape(name=name, exits=self.targets(), do=self.do)

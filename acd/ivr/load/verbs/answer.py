"""`answer` as it is written."""

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import Onward
from acd.ivr.steps.answer import Answer


class AnswerShape(Onward):
    makes = Answer

    def build(self, name: str, known: Known) -> Step:
        return Answer(name=name, exits=self.targets())

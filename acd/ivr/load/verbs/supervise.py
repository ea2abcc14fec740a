"""`supervise` as it is written."""

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.supervise import Supervise
from acd.words import Supervise as Mode


class SuperviseShape(OnwardWithExits):
    makes = Supervise
    do: Mode = Mode.LISTEN
    extension: TemplateText

    def build(self, name: str, known: Known) -> Step:
        return Supervise(name=name, exits=self.targets(), do=self.do, extension=self.extension)

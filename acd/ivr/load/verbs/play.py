"""`play` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.digits import Interrupting
from acd.ivr.load.prompts import PromptParts, resolved
from acd.ivr.load.shape import Onward
from acd.ivr.steps.play import Play

Repeat = Annotated[int, Field(ge=1, le=100)]


class PlayShape(Onward):
    makes = Play
    prompt: PromptParts
    interruptible: Interrupting = ""
    repeat: Repeat = 1

    def build(self, name: str, known: Known) -> Step:
        prompt = resolved(self.prompt, known.recordings)
        return Play(name=name, exits=self.targets(), prompt=prompt, interruptible=self.interruptible, repeat=self.repeat)

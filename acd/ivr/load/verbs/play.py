"""`play` as it is written."""

from acd.config.kinds import Truth
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import PromptParts, resolved
from acd.ivr.load.shape import Onward
from acd.ivr.steps.play import Play


class PlayShape(Onward):
    makes = Play
    prompt: PromptParts
    interruptible: Truth = False

    def build(self, name: str, known: Known) -> Step:
        prompt = resolved(self.prompt, known.recordings)
        return Play(name=name, exits=self.targets(), prompt=prompt, interruptible=self.interruptible)

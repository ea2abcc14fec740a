"""`say` as it is written."""

from acd.config.kinds import Truth
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TextParts, resolved
from acd.ivr.load.shape import Onward
from acd.ivr.steps.say import Say


class SayShape(Onward):
    makes = Say
    text: TextParts
    interruptible: Truth = False

    def build(self, name: str, known: Known) -> Step:
        prompt = resolved(self.text, known.recordings)
        return Say(name=name, exits=self.targets(), prompt=prompt, interruptible=self.interruptible)

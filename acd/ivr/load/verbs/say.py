"""`say` as it is written."""

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.digits import Interrupting
from acd.ivr.load.prompts import PromptParts, resolved
from acd.ivr.load.shape import Onward
from acd.ivr.load.verbs.play import Repeat
from acd.ivr.steps.say import Say


class SayShape(Onward):
    makes = Say
    text: PromptParts
    interruptible: Interrupting = ""
    repeat: Repeat = 1

    def build(self, name: str, known: Known) -> Step:
        prompt = resolved(self.text, known.recordings)
        return Say(name=name, exits=self.targets(), prompt=prompt, interruptible=self.interruptible, repeat=self.repeat)

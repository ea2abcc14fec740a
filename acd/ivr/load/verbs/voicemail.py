"""`voicemail` as it is written."""

from typing import Annotated

from acd.config.kinds import Name, duration
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import PromptParts, resolved
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.voicemail import Voicemail


class VoicemailShape(OnwardWithExits):
    makes = Voicemail
    mailbox: Name
    greeting: PromptParts
    max: Annotated[float, duration(5, 1800)] = 180.0
    silence: Annotated[float, duration(2, 30)] = 5.0

    def build(self, name: str, known: Known) -> Step:
        return Voicemail(
            name=name,
            exits=self.targets(),
            mailbox=self.mailbox,
            prompt=resolved(self.greeting, known.recordings),
            max_s=round(self.max),
            silence_s=round(self.silence),
        )

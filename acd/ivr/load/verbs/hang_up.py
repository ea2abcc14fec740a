"""`hang_up` as it is written."""

from typing import Literal

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import PromptParts, resolved
from acd.ivr.load.shape import StepShape
from acd.ivr.steps.hang_up import HangUp

CAUSES = {"normal": "NORMAL_CLEARING", "busy": "USER_BUSY", "rejected": "CALL_REJECTED"}


class HangUpShape(StepShape):
    makes = HangUp
    prompt: PromptParts = ()
    cause: Literal["normal", "busy", "rejected"] = "normal"

    def build(self, name: str, known: Known) -> Step:
        return HangUp(name=name, cause=CAUSES[self.cause], prompt=resolved(self.prompt, known.recordings))

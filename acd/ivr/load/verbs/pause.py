"""`pause` as it is written."""

from typing import Annotated

from pydantic import Field, ValidationInfo, field_validator

from acd.config.kinds import Name, duration, spoken
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.digits import Interrupting
from acd.ivr.load.shape import Onward
from acd.ivr.steps.pause import SILENCE_MAX_S, Pause

SILENT = "none"


class PauseShape(Onward):
    makes = Pause
    for_: Annotated[float, duration(0.1, 3600)] = Field(alias="for")
    music: Name = "default"
    interruptible: Interrupting = ""

    @field_validator("music")
    @classmethod
    def not_long_in_silence(cls, music: str, info: ValidationInfo) -> str:
        length = info.data.get("for_", 0.0)
        if music == SILENT and length > SILENCE_MAX_S:
            allowed = f"{spoken(length)} with music none; a caller hears nothing for at most {spoken(SILENCE_MAX_S)}"
            raise ValueError(f"found {allowed}: give music, or a shorter time")
        return music

    def build(self, name: str, known: Known) -> Step:
        music = "" if self.music == SILENT else self.music
        return Pause(name=name, exits=self.targets(), for_s=self.for_, music=music, interruptible=self.interruptible)

"""`agent` as it is written."""

from pydantic import ValidationInfo, field_validator, model_validator

from acd.config.kinds import Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.agent import Agent
from acd.words import Wish


class AgentShape(OnwardWithExits):
    makes = Agent
    do: Wish
    reason: Name | None = None
    disposition: TemplateText | None = None

    @field_validator("reason")
    @classmethod
    def known_use(cls, reason: str | None, info: ValidationInfo) -> str | None:
        if reason and info.data.get("do") not in (None, Wish.NOT_READY):
            raise ValueError("a reason goes with not_ready only")
        return reason

    @model_validator(mode="after")
    def known_disposition(self) -> "AgentShape":
        if (self.disposition is not None) is not (self.do is Wish.DISPOSE):
            raise ValueError("a disposition goes with dispose, and dispose needs one")
        return self

    def build(self, name: str, known: Known) -> Step:
        return Agent(name=name, exits=self.targets(), do=self.do, reason=self.reason or "", disposition=self.disposition)

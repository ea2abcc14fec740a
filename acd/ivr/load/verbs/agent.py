"""`agent` as it is written."""

from pydantic import ValidationInfo, field_validator

from acd.config.kinds import Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.agent import Agent
from acd.words import Wish


class AgentShape(OnwardWithExits):
    makes = Agent
    do: Wish
    reason: Name | None = None

    @field_validator("reason")
    @classmethod
    def known_use(cls, reason: str | None, info: ValidationInfo) -> str | None:
        if reason and info.data.get("do") not in (None, Wish.NOT_READY):
            raise ValueError("a reason goes with not_ready only")
        return reason

    def build(self, name: str, known: Known) -> Step:
        return Agent(name=name, exits=self.targets(), do=self.do, reason=self.reason or "")

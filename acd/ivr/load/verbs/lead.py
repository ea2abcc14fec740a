"""`lead` as it is written."""

from pydantic import model_validator

from acd.config.kinds import Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.lead import Do, Lead


class LeadShape(OnwardWithExits):
    makes = Lead
    do: Do
    number: TemplateText | None = None
    campaign: Name | None = None

    @model_validator(mode="after")
    def known_number(self) -> "LeadShape":
        if (self.number is not None) is not (self.do is Do.CALL):
            raise ValueError("a number goes with call, and call needs one")
        if self.campaign is not None and self.do is not Do.CALL:
            raise ValueError("a campaign goes with call: the lead that an agent sees has its own")
        return self

    def build(self, name: str, known: Known) -> Step:
        return Lead(name=name, exits=self.targets(), do=self.do, number=self.number, campaign=self.campaign or "")

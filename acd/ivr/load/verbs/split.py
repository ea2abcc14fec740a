"""`split` as it is written."""

import re
from typing import Annotated, Any

from pydantic import BeforeValidator, Field, field_validator

from acd.config.kinds import Name, text
from acd.config.sentences import shown
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.shape import StepShape
from acd.ivr.steps.split import WHOLE, Split

PERCENT = re.compile(r"([0-9]{1,3})(?:\.([0-9]{1,2}))?")
NEEDED = "a percentage from 0 to 100, such as 30 or 12.5, is needed"


def percentage(found: Any) -> int:
    """In hundredths of a percent. Raises ValueError."""
    match = PERCENT.fullmatch(text(found, "a percentage such as 30 or 12.5"))
    size = int(match[1]) * 100 + int((match[2] or "0").ljust(2, "0")) if match else WHOLE + 1
    if size > WHOLE:
        raise ValueError(f"found {shown(found)}; {NEEDED}")
    return size


Percentage = Annotated[int, BeforeValidator(percentage)]


class SplitShape(StepShape):
    makes = Split
    shares: Annotated[dict[Name, Percentage], Field(min_length=1, max_length=100)]
    key: Name = ""

    @field_validator("shares")
    @classmethod
    def whole(cls, shares: dict[str, int]) -> dict[str, int]:
        if sum(shares.values()) != WHOLE:
            raise ValueError(f"the shares are {sum(shares.values()) / 100:g} percent together; they must be 100")
        return shares

    def targets(self) -> dict[str, str]:
        return {step: step for step in self.shares}

    def build(self, name: str, known: Known) -> Step:
        return Split(name=name, exits=self.targets(), shares=self.shares, key=self.key)

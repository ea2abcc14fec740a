"""`gather` as it is written."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from acd.config.kinds import Digit, Name, Truth, Variable
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import Patterns, resolved
from acd.ivr.load.verbs.asking import AskingShape
from acd.ivr.steps.gather import Gather


class GatherShape(AskingShape):
    makes = Gather
    into: Variable
    next: Name | None = None
    min: Annotated[int, Field(ge=1, le=60)] = 1
    max: Annotated[int, Field(ge=1, le=60)] = 32
    terminator: Digit | Literal["none"] = "#"
    pattern: Patterns = ()
    sensitive: Truth = False

    @model_validator(mode="after")
    def order(self) -> "GatherShape":
        if self.min > self.max:
            raise ValueError(f"min ({self.min}) is more than max ({self.max})")
        return self

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **({"done": self.next} if self.next else {})}

    def build(self, name: str, known: Known) -> Step:
        return Gather(
            name=name,
            exits=self.targets(),
            into=self.into,
            least=self.min,
            most=self.max,
            terminator="" if self.terminator == "none" else self.terminator,
            patterns=self.pattern,
            sensitive=self.sensitive,
            prompt=resolved(self.prompt, known.recordings),
            timeout_prompt=resolved(self.timeout_prompt, known.recordings),
            invalid_prompt=resolved(self.invalid_prompt, known.recordings),
            tries=self.tries,
            first_digit_s=self.first_digit,
            between_digits_s=self.between_digits,
            interruptible=self.interruptible,
            fresh=self.fresh,
        )

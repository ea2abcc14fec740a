"""`gather` as it is written."""

from typing import Annotated

from pydantic import Field, model_validator

from acd.config.kinds import Digit, Name, Truth, Variable
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.checks import Checks
from acd.ivr.load.digits import Terminator
from acd.ivr.load.own_words import OWN, prompt_or
from acd.ivr.load.prompts import Parts, Patterns, resolved
from acd.ivr.load.verbs.asking import AskingShape
from acd.ivr.steps.gather import Confirm, Gather

LONGEST = 32


class ConfirmShape(Shape):
    prompt: prompt_or("confirm") = OWN  # type: ignore[valid-type]
    yes: Digit = "1"
    no: Digit = "2"

    @model_validator(mode="after")
    def two_answers(self) -> "ConfirmShape":
        if self.yes == self.no:
            raise ValueError(f"yes and no are the same digit ({self.yes})")
        return self

    def built(self, known: Known) -> Confirm:
        prompt: Parts = self.prompt
        return Confirm(prompt=resolved(prompt, known.recordings), yes=self.yes, no=self.no)


class GatherShape(AskingShape):
    makes = Gather
    into: Variable
    next: Name | None = None
    min: Annotated[int, Field(ge=1, le=60)] | None = None
    max: Annotated[int, Field(ge=1, le=60)] | None = None
    terminator: Terminator = "#"
    pattern: Patterns = ()
    check: Checks = ()
    confirm: ConfirmShape | None = None
    sensitive: Truth = False

    @property
    def lengths(self) -> tuple[int, int]:
        """As it is said, or as a check knows it, or any."""
        known = next((check.length for check in self.check if check.length), None)
        return self.min or known or 1, self.max or known or max(LONGEST, self.min or 0)

    @model_validator(mode="after")
    def order(self) -> "GatherShape":
        least, most = self.lengths
        if least > most:
            raise ValueError(f"min ({least}) is more than max ({most})")
        if self.sensitive and self.confirm:
            raise ValueError("what is sensitive is not read back; leave out 'confirm', or say sensitive: false")
        return self

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **({"done": self.next} if self.next else {})}

    def build(self, name: str, known: Known) -> Step:
        least, most = self.lengths
        return Gather(
            name=name,
            exits=self.targets(),
            into=self.into,
            least=least,
            most=most,
            terminator="" if self.terminator == "none" else self.terminator,
            patterns=self.pattern,
            checks=self.check,
            confirm=self.confirm.built(known) if self.confirm else None,
            sensitive=self.sensitive,
            prompt=resolved(self.prompt, known.recordings),
            **self.patience(known),
        )

"""`menu` as it is written."""

from typing import Annotated

from pydantic import Field

from acd.config.kinds import Digits, Name
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import resolved
from acd.ivr.load.verbs.asking import AskingShape
from acd.ivr.steps.menu import Menu


class MenuShape(AskingShape):
    makes = Menu
    options: Annotated[dict[Digits, Name], Field(min_length=1)]

    def targets(self) -> dict[str, str]:
        return {**super().targets(), **self.options}

    def build(self, name: str, known: Known) -> Step:
        return Menu(
            name=name,
            exits=self.targets(),
            options=self.options,
            prompt=resolved(self.prompt, known.recordings),
            timeout_prompt=resolved(self.timeout_prompt, known.recordings),
            invalid_prompt=resolved(self.invalid_prompt, known.recordings),
            tries=self.tries,
            first_digit_s=self.first_digit,
            between_digits_s=self.between_digits,
            interruptible=self.interruptible,
            fresh=self.fresh,
        )

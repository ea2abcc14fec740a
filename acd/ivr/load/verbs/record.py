"""`record` as it is written."""

from typing import Annotated

from pydantic import BeforeValidator, Field, ValidationInfo, model_validator

from acd.config.kinds import Truth, Variable, duration, truth
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.digits import Terminator
from acd.ivr.load.own_words import OWN, own_words, prompt_or
from acd.ivr.load.prompts import Parts, PromptParts, parts, reading_of, resolved
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.record import Record
from acd.ivr.steps.recording import Recording

CHOICES = {"1": "", "2": "", "3": ""}


def _review(found: object, info: ValidationInfo) -> Parts:
    """``true`` asks in words of ours; a prompt is one; ``false`` does not ask."""
    if found in ("true", "false"):
        return own_words("review", "review", info) if truth(found) else ()
    return parts(found, reading_of(info))


class RecordShape(OnwardWithExits):
    makes = Record
    into: Variable = "recording"
    prompt: prompt_or("record") = OWN  # type: ignore[valid-type]
    beep: Truth = True
    max: Annotated[float, duration(2, 1800)] = 120.0
    silence: Annotated[float, duration(1, 30)] = 5.0
    terminator: Terminator = "#"
    review: Annotated[Parts, BeforeValidator(_review)] = ()
    timeout_prompt: PromptParts = ()
    invalid_prompt: PromptParts = ()
    tries: Annotated[int, Field(ge=1, le=10)] = 3

    @model_validator(mode="after")
    def what_is_reviewed(self) -> "RecordShape":
        if not self.review and (self.timeout_prompt or self.invalid_prompt):
            raise ValueError("timeout_prompt and invalid_prompt belong to the review; give 'review: true' with them")
        return self

    def build(self, name: str, known: Known) -> Step:
        prompt: Parts = self.prompt
        recording = Recording(
            name=name,
            into=self.into,
            prompt=resolved(prompt, known.recordings),
            beep=self.beep,
            max_s=round(self.max),
            silence_s=round(self.silence),
            terminator="" if self.terminator == "none" else self.terminator,
        )
        return Record(name=name, exits=self.targets(), recording=recording, review=self._menu(name, known))

    def _menu(self, name: str, known: Known) -> Menu | None:
        if not self.review:
            return None
        return Menu(
            name=name,
            options=CHOICES,
            prompt=resolved(self.review, known.recordings),
            timeout_prompt=resolved(self.timeout_prompt, known.recordings),
            invalid_prompt=resolved(self.invalid_prompt, known.recordings),
            tries=self.tries,
        )

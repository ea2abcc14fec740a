"""`language` as it is written."""

from typing import Self

from pydantic import Field, model_validator

from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.steps.language import Language


class LanguageShape(OnwardWithExits):
    makes = Language
    language: TemplateText = Field(alias="set")

    @model_validator(mode="after")
    def knows_a_way_out(self) -> Self:
        """A fixed language is checked when the flow is loaded; one that a caller or a system chose may be any text."""
        if (self.language.names or self.language.calls) and "failed" not in self.targets():
            raise ValueError("the language comes from a variable; say with exits: {failed: ...} where callers go when it is none")
        return self

    def targets(self) -> dict[str, str]:
        failed = {"failed": self.otherwise} if self.otherwise else {}
        return {**failed, **super().targets()}

    def build(self, name: str, known: Known) -> Step:
        return Language(name=name, exits=self.targets(), language=self.language)

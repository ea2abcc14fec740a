"""`tag` as it is written."""

from typing import Annotated

from pydantic import Field, model_validator

from acd.config.kinds import Variable
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import TemplateText
from acd.ivr.load.shape import Onward
from acd.ivr.steps.tag import DISPOSITION, Tag


class TagShape(Onward):
    makes = Tag
    tags: Annotated[dict[Variable, TemplateText], Field(max_length=20)] = {}
    disposition: TemplateText | None = None

    @model_validator(mode="after")
    def something(self) -> "TagShape":
        if not self.tags and self.disposition is None:
            raise ValueError("give 'tags', 'disposition' or both")
        if DISPOSITION in self.tags and self.disposition is not None:
            raise ValueError("the disposition is given twice; leave it out of 'tags'")
        return self

    def build(self, name: str, known: Known) -> Step:
        last = {} if self.disposition is None else {DISPOSITION: self.disposition}
        return Tag(name=name, exits=self.targets(), tags={**self.tags, **last})

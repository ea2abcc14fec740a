"""`survey` as it is written."""

from typing import Annotated, Literal

from pydantic import Field, model_validator

from acd.config.kinds import Digit, Name, Variable
from acd.config.shape import Shape
from acd.ivr.check import Known
from acd.ivr.flow import Step
from acd.ivr.load.prompts import PromptParts, resolved
from acd.ivr.load.shape import OnwardWithExits
from acd.ivr.load.verbs.asking import Patience
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.survey import SCALES, Question, Survey


class QuestionShape(Shape):
    id: Variable
    kind: Literal["csat", "nps", "choice"]
    prompt: PromptParts
    options: dict[Digit, Name] = {}

    @model_validator(mode="after")
    def answers(self) -> "QuestionShape":
        if (self.kind == "choice") != bool(self.options):
            scale = SCALES.get(self.kind)
            needed = f"{self.kind} is answered by {scale[0]} to {scale[-1]}; leave out 'options'" if scale else ""
            raise ValueError(needed or "a choice needs 'options', such as {1: yes_please, 2: no_thanks}")
        return self

    @property
    def digits(self) -> dict[str, str]:
        return dict(self.options) or {str(n): str(n) for n in SCALES[self.kind]}


class SurveyShape(Patience, OnwardWithExits):
    makes = Survey
    survey: Name | None = None
    consent: PromptParts = ()
    questions: Annotated[list[QuestionShape], Field(min_length=1, max_length=20)]

    @model_validator(mode="after")
    def once(self) -> "SurveyShape":
        ids = [question.id for question in self.questions]
        twice = sorted({id for id in ids if ids.count(id) > 1})
        if twice:
            raise ValueError(f"two questions are called {twice[0]!r}; each needs an id of its own")
        return self

    def build(self, name: str, known: Known) -> Step:
        asked = tuple(
            Question(id=one.id, kind=one.kind, asked=self._menu(name, one.prompt, one.digits, known), options=one.options)
            for one in self.questions
        )
        consent = self._menu(name, self.consent, {"1": "", "2": ""}, known) if self.consent else None
        return Survey(name=name, exits=self.targets(), survey=self.survey or name, questions=asked, consent=consent)

    def _menu(self, name: str, prompt: PromptParts, options: dict[str, str], known: Known) -> Menu:
        return Menu(name=name, options=options, prompt=resolved(prompt, known.recordings), **self.patience(known))

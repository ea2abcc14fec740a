"""`survey`: questions that callers answer by digits. Each answer is kept at once, so that of who hangs up the given ones count."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import ClassVar

from acd.core.frame import Answered
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.talk import Talk

SCALES = {"csat": range(1, 6), "nps": range(11)}
CONSENT = "consent?"
"""No question may be called so."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """``options``: digits -> the answer that they stand for."""

    id: str
    kind: str
    asked: Menu
    options: Mapping[str, str] = field(default_factory=dict)

    def answered(self, survey: str, digits: str, at: float) -> Answered:
        answer = self.options.get(digits, digits)
        score = float(digits) if self.kind in SCALES else None
        return Answered(survey=survey, question=self.id, kind=self.kind, answer=answer, at=at, score=score)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Talk):
    """Exits: ``done``, ``partial`` (a question was left unanswered, and no more are asked), ``declined``."""

    verb: ClassVar[str] = "survey"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "partial"})
    offers: ClassVar[frozenset[str]] = frozenset({"declined"})

    survey: str
    questions: tuple[Question, ...]
    consent: Menu | None = None  # 1 takes part, 2 does not

    @property
    def parts(self) -> Mapping[str, Step]:
        first: dict[str, Step] = {CONSENT: self.consent} if self.consent else {}
        return first | {question.id: question.asked for question in self.questions}

    @property
    def sets(self) -> frozenset[str]:
        return frozenset(question.id for question in self.questions)

    def enter(self, scene: Scene) -> Turn:
        return self.begin(scene, next(iter(self.parts)))

    def after(self, scene: Scene, part: str, exit: str) -> Turn:
        if part == CONSENT:
            return self.begin(scene, self.questions[0].id) if exit == "1" else self._declined(scene)
        n = next(n for n, question in enumerate(self.questions) if question.id == part)
        if exit not in self.questions[n].asked.options:
            return scene.leave("partial")
        return self._answered(scene, n, exit)

    def _answered(self, scene: Scene, n: int, digits: str) -> Turn:
        answer = self.questions[n].answered(self.survey, digits, scene.at)
        variables = {**scene.frame.variables, answer.question: answer.answer}
        more = replace(scene, frame=replace(scene.frame, variables=variables))
        turn = self.begin(more, self.questions[n + 1].id) if n + 1 < len(self.questions) else more.leave("done")
        return replace(turn, answers=(answer, *turn.answers))

    def _declined(self, scene: Scene) -> Turn:
        return scene.leave("declined" if "declined" in self.exits else "partial")

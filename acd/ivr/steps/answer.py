"""`answer`: the call is answered now, before anything is heard. An answered call goes on at once."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.commands import Answer as AnswerCall
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer(Step):
    verb: ClassVar[str] = "answer"
    needs: ClassVar[frozenset[str]] = frozenset({"done"})

    def enter(self, scene: Scene) -> Turn:
        turn = scene.leave("done")
        if scene.call.answered_at is not None:
            return turn
        return replace(turn, commands=(*turn.commands, AnswerCall(leg=scene.call.leg)))

"""`supervise`: the supervisor whose phone this is wants to be at the talk of an agent; their phone rings for it."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import TimePassed
from acd.core.interpreter import Happening, SuperviseAsk, WishDone
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template
from acd.words import Supervise as Mode

WISHING = "wish"
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Supervise(Step):
    verb: ClassVar[str] = "supervise"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "refused"})

    do: Mode
    extension: Template  # the agent's phone

    @property
    def reads(self) -> frozenset[str]:
        return self.extension.names

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({"supervise_why"})

    def enter(self, scene: Scene) -> Turn:
        extension = self.extension.text(scene.variables).strip()
        return scene.ask(SuperviseAsk(wish=self.do, extension=extension), WISHING, scene.at + LONGEST_S)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case WishDone(why=why):
                return scene.leave("refused" if why else "done", variables={**scene.frame.variables, "supervise_why": why})
            case TimePassed() if scene.is_due:
                return scene.leave("refused", variables={**scene.frame.variables, "supervise_why": "no answer"})
        return None

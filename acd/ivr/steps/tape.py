"""`recording`: whether this contact's talks are recorded, or the tape that runs now is masked.

Dialled by an agent who talks, from the same phone or another, it is the tape of that talk.
"""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import TimePassed
from acd.core.interpreter import Happening, TapeAsk, WishDone
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.words import TapeWish

WISHING = "wish"
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Tape(Step):
    verb: ClassVar[str] = "recording"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "refused"})

    do: TapeWish

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({"recording_why"})

    def enter(self, scene: Scene) -> Turn:
        return scene.ask(TapeAsk(wish=self.do), WISHING, scene.at + LONGEST_S)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case WishDone(why=why):
                return scene.leave("refused" if why else "done", variables={**scene.frame.variables, "recording_why": why})
            case TimePassed() if scene.is_due:
                return scene.leave("refused", variables={**scene.frame.variables, "recording_why": "no answer"})
        return None

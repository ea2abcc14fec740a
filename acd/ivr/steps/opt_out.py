"""`opt_out`: whoever a campaign has dialled wants to be called no more. It counts from this moment, for every campaign."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import TimePassed
from acd.core.interpreter import Happening, OptOutAsk, WishDone
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn

WISHING = "wish"
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class OptOut(Step):
    """``refused``: nobody dialled them, so that there is no number of which we know that it is theirs."""

    verb: ClassVar[str] = "opt_out"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "refused"})

    def enter(self, scene: Scene) -> Turn:
        return scene.ask(OptOutAsk(), WISHING, scene.at + LONGEST_S)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case WishDone(why=why):
                return scene.leave("refused" if why else "done")
            case TimePassed() if scene.is_due:
                return scene.leave("refused")
        return None

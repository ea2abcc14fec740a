"""`my_callback`: whether the caller is to be called back by a queue already; and if they like, no more."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import TimePassed
from acd.core.interpreter import CallbackAsk, Happening, WishDone
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.words import OwnCallback, QueueId

WISHING = "wish"
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class MyCallback(Step):
    """Exits: ``done`` (there is one; it is cancelled), ``none`` (there is none, or whose it is cannot be told)."""

    verb: ClassVar[str] = "my_callback"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "none"})

    queue: QueueId
    do: OwnCallback = OwnCallback.LOOK

    @property
    def names(self) -> dict[str, str]:
        return {"queue": self.queue}

    def enter(self, scene: Scene) -> Turn:
        return scene.ask(CallbackAsk(wish=self.do, queue=self.queue), WISHING, scene.at + LONGEST_S)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case WishDone(why=why):
                return scene.leave("none" if why else "done")
            case TimePassed() if scene.is_due:
                return scene.leave("none")
        return None

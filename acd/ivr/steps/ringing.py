"""`ringing`: the caller hears that it rings here, before the call is answered. After the answer it is a `pause` with music."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.commands import Ringback
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.pause import WAITING, Pause


@dataclass(frozen=True, slots=True, kw_only=True)
class Ringing(Pause):
    verb: ClassVar[str] = "ringing"

    def enter(self, scene: Scene) -> Turn:
        if scene.call.answered_at is not None:
            return Pause.enter(self, scene)
        turn = scene.wait(WAITING, self._until(scene))
        return replace(turn, commands=(*turn.commands, Ringback(leg=scene.call.leg)))

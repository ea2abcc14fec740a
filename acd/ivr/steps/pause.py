"""`pause`: the caller waits for a while, with music. Without music only for a moment: nobody is left in silence."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.events import DigitPressed, PlayEnded, TimePassed
from acd.core.interpreter import Happening
from acd.core.media import Music
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn

WAITING = "waiting"
SILENCE_MAX_S = 2.0
"""So long at most a caller hears nothing, also between a music that cannot be played and the next attempt."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pause(Step):
    """Digits pressed meanwhile are kept for the next step that asks for some; those in ``interruptible`` also end it."""

    verb: ClassVar[str] = "pause"
    needs: ClassVar[frozenset[str]] = frozenset({"done"})

    for_s: float
    music: str = "default"  # '' for none
    interruptible: str = ""

    @property
    def names(self) -> dict[str, str]:
        return {"music": self.music} if self.music else {}

    def enter(self, scene: Scene) -> Turn:
        if set(self.interruptible) & set(scene.frame.digits):
            return scene.leave("done")
        return self._music(scene) if self.music else scene.wait(WAITING, self._until(scene))

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                return self._music_ended(scene.played_out())
            case TimePassed() if scene.at >= self._until(scene):
                return scene.leave("done")
            case TimePassed() if scene.is_due and self.music:
                return self._music(scene)
            case DigitPressed(digit=digit):
                typed = scene.typed(digit)
                return scene.leave("done", digits=typed) if digit in self.interruptible else scene.stay(digits=typed)
        return None

    def _until(self, scene: Scene) -> float:
        return scene.frame.since + self.for_s

    def _music(self, scene: Scene) -> Turn:
        turn = scene.play((Music(name=self.music),), WAITING, tries=scene.frame.tries + 1)
        return replace(turn, frame=replace(turn.frame, deadline=self._until(scene)))

    def _music_ended(self, scene: Scene) -> Turn:
        """From its beginning again; one that ends at once cannot be played, and is tried again now and then only."""
        again_at = scene.frame.since + scene.frame.tries * SILENCE_MAX_S
        return self._music(scene) if again_at <= scene.at else scene.wait(WAITING, min(again_at, self._until(scene)))

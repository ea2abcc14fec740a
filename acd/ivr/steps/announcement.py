"""What `play` and `say` have in common: something is heard, then the caller goes on."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import DigitPressed, PlayEnded, TimePassed
from acd.core.interpreter import Happening
from acd.ivr.flow import Prompt, Step
from acd.ivr.scene import Scene, Turn

PLAYING = "playing"


@dataclass(frozen=True, slots=True, kw_only=True)
class Announcement(Step):
    """Digits pressed meanwhile are kept for the next step that asks for some; those in ``interruptible`` also end it."""

    needs: ClassVar[frozenset[str]] = frozenset({"done"})

    prompt: Prompt
    interruptible: str = ""
    repeat: int = 1  # so often in all

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.prompt,)

    def enter(self, scene: Scene) -> Turn:
        if set(self.interruptible) & set(scene.frame.digits):
            return scene.leave("done")
        return self._play(scene)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                over = scene.frame.tries >= self.repeat
                return scene.played_out().leave("done") if over else self._play(scene.played_out())
            case TimePassed() if scene.is_due:
                return scene.leave("done")
            case DigitPressed(digit=digit):
                typed = scene.typed(digit)
                return scene.leave("done", digits=typed) if digit in self.interruptible else scene.stay(digits=typed)
        return None

    def _play(self, scene: Scene) -> Turn:
        return scene.play(scene.media(self.prompt), PLAYING, tries=scene.frame.tries + 1)

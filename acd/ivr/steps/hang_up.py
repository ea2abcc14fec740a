"""`hang_up`: the call ends, with a last word if there is a prompt."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import PlayEnded, TimePassed
from acd.core.interpreter import EndCall, Happening
from acd.ivr.flow import ENDED, Prompt, Step
from acd.ivr.scene import Scene, Turn

PLAYING = "playing"


@dataclass(frozen=True, slots=True, kw_only=True)
class HangUp(Step):
    verb: ClassVar[str] = "hang_up"

    cause: str = "NORMAL_CLEARING"
    prompt: Prompt = ()

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.prompt,)

    def enter(self, scene: Scene) -> Turn:
        return scene.play(scene.media(self.prompt), PLAYING) if self.prompt else self._end(scene)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                return self._end(scene.played_out())
            case TimePassed() if scene.is_due:
                return self._end(scene)
        return None

    def _end(self, scene: Scene) -> Turn:
        return scene.ask(EndCall(cause=self.cause), ENDED)

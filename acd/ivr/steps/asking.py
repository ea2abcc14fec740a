"""What `menu` and `gather` have in common: a prompt, then digits, a few tries, and prompts for a time-out and a wrong answer."""

from abc import abstractmethod
from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.events import DigitPressed, PlayEnded, TimePassed
from acd.core.interpreter import Happening
from acd.ivr.flow import Prompt, Step
from acd.ivr.scene import Scene, Turn

PROMPT = "prompt"
DIGITS = "digits"


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking(Step):
    """The time for the first digit begins when the prompt has ended. Digits typed ahead count, unless ``fresh``."""

    needs: ClassVar[frozenset[str]] = frozenset({"timeout", "invalid"})
    asks: ClassVar[bool] = True

    prompt: Prompt = ()
    timeout_prompt: Prompt = ()
    invalid_prompt: Prompt = ()
    tries: int = 3
    first_digit_s: float = 6.0
    between_digits_s: float = 3.0
    interruptible: bool = True
    fresh: bool = False

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.prompt, self.timeout_prompt, self.invalid_prompt)

    def listens(self, phase: str) -> bool:
        return phase != PROMPT or self.interruptible

    @abstractmethod
    def judge(self, scene: Scene, typed: str, over: bool) -> Turn | None:
        """Leave when ``typed`` answers the question; None while more may come. ``over``: nothing more will.

        Raises WrongAnswer when it can no longer become an answer."""

    def enter(self, scene: Scene) -> Turn:
        typed = "" if self.fresh else scene.frame.digits
        scene = replace(scene, frame=replace(scene.frame, digits="", tries=1))
        return self._take(scene, typed) if typed else self._ask(scene)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case DigitPressed(digit=digit):
                return self._digit(scene, scene.typed(digit))
            case PlayEnded(play=play) if play == scene.frame.play:
                return self._listen(scene.played_out())
            case TimePassed() if scene.is_due:
                return self._listen(scene) if scene.frame.phase == PROMPT else self._silent(scene)
        return None

    def _ask(self, scene: Scene, first: Prompt = ()) -> Turn:
        return scene.play(scene.media(first, self.prompt), PROMPT)

    def _listen(self, scene: Scene) -> Turn:
        """The prompt is over; what was typed into one that may not be interrupted counts now."""
        if scene.frame.digits:
            return self._take(scene, scene.frame.digits)
        return scene.wait(DIGITS, scene.at + self.first_digit_s)

    def _digit(self, scene: Scene, typed: str) -> Turn:
        if scene.frame.phase == PROMPT and not self.interruptible:
            return scene.stay(digits=typed)
        return self._take(scene, typed)

    def _take(self, scene: Scene, typed: str) -> Turn:
        try:
            turn = self.judge(scene, typed, False)
        except WrongAnswer:
            return self._again(scene, "invalid")
        return turn or scene.wait(DIGITS, scene.at + self.between_digits_s, digits=typed)

    def _silent(self, scene: Scene) -> Turn:
        typed = scene.frame.digits
        if not typed:
            return self._again(scene, "timeout")
        try:
            return self.judge(scene, typed, True) or self._again(scene, "invalid")
        except WrongAnswer:
            return self._again(scene, "invalid")

    def _again(self, scene: Scene, why: str) -> Turn:
        """Once more with the word why, or out after the last try."""
        if scene.frame.tries >= self.tries:
            return scene.leave(why, digits="")
        more = replace(scene, frame=replace(scene.frame, tries=scene.frame.tries + 1, digits=""))
        return self._ask(more, self.timeout_prompt if why == "timeout" else self.invalid_prompt)


class WrongAnswer(Exception):
    """What was typed cannot become an answer any more."""

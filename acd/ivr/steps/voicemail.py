"""`voicemail`: greeting, a tone, and what the caller says is kept as a message. ``#`` ends it; so does silence."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.commands import Record
from acd.core.events import LOST, SILENCE, DigitPressed, PlayEnded, TimePassed
from acd.core.frame import Frame, Message
from acd.core.interpreter import Happening
from acd.core.media import Tone
from acd.ivr.flow import Prompt, Step
from acd.ivr.scene import Scene, Turn
from acd.words import PlayId

GREETING = "greeting"
RECORDING = "recording"
GRACE_S = 30.0
SHORTEST_S = 1.0
BEEP = Tone(name="beep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail(Step):
    """Exits: ``done`` with a message, ``failed`` when there is none (nothing was said, or it could not be recorded)."""

    verb: ClassVar[str] = "voicemail"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "failed"})
    waits: ClassVar[frozenset[str]] = frozenset({"done"})

    mailbox: str
    greeting: Prompt = ()
    max_s: int = 180
    silence_s: int = 5

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.greeting,)

    def enter(self, scene: Scene) -> Turn:
        return scene.play((*scene.media(self.greeting), BEEP), GREETING, digits="")

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        if scene.frame.phase == GREETING:
            return self._greeted(scene, happening)
        match happening:
            case PlayEnded(play=play, seconds=seconds, result=result) if play == scene.frame.play:
                if result == LOST and not seconds:
                    seconds = self._at_most_s(scene.at, scene.frame)
                silent_s = self.silence_s if result == SILENCE else 0
                return self._recorded(scene.played_out(), play, seconds, silent_s)
            case TimePassed() if scene.is_due and scene.frame.play:
                return self._recorded(scene, scene.frame.play, self._at_most_s(scene.at, scene.frame))
            case DigitPressed(digit="#"):
                return replace(scene.stay(), commands=scene.silence())
        return None

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        """The message of a caller who is gone and whose recording's own end nobody told; ``seconds`` they were in this step."""
        seconds = min(seconds, self._at_most_s(at, frame))
        if frame.phase != RECORDING or not frame.play or seconds < SHORTEST_S:
            return ()
        return (Message(id=frame.play, mailbox=self.mailbox, left_at=at, seconds=seconds),)

    def _at_most_s(self, at: float, frame: Frame) -> float:
        """How long a recording can be whose end was lost. Better a message of unknown length in the mailbox than a lost one."""
        began_at = (frame.deadline or at) - GRACE_S - self.max_s
        return max(0.0, min(at - began_at, float(self.max_s)))

    def _greeted(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                return self._record(scene.played_out())
            case DigitPressed(digit="#"):
                return scene.play((BEEP,), GREETING)  # who knows the greeting may skip it
            case TimePassed() if scene.is_due:
                return self._record(scene)
        return None

    def _record(self, scene: Scene) -> Turn:
        play = scene.next_play()
        turn = scene.wait(RECORDING, scene.at + self.max_s + GRACE_S)
        record = Record(leg=scene.call.leg, play=play, max_s=self.max_s, silence_s=self.silence_s)
        frame = replace(turn.frame, play=play, plays=scene.frame.plays + 1)
        return replace(turn, frame=frame, commands=(*turn.commands, record))

    def _recorded(self, scene: Scene, play: PlayId, seconds: float, silent_s: float = 0.0) -> Turn:
        """``silent_s``: so much of its end was the silence that ended it."""
        if seconds - silent_s < SHORTEST_S:
            return scene.leave("failed")
        message = Message(id=play, mailbox=self.mailbox, left_at=scene.at, seconds=seconds)
        return scene.leave("done", messages=(message,))

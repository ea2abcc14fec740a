"""The caller speaks, and it is kept: a tone, then the recording, until ``#``, silence or its longest. A part of other steps."""

from dataclasses import dataclass, replace

from acd.core.commands import Record
from acd.core.events import DigitPressed, PlayEnded, TimePassed
from acd.core.frame import Frame
from acd.core.interpreter import Happening
from acd.core.media import Kept, Tone
from acd.ivr.flow import Prompt, Step
from acd.ivr.scene import Scene, Turn

TELLING = "telling"
RECORDING = "recording"
PLAYING = "playing"
GRACE_S = 30.0
SHORTEST_S = 1.0
BEEP = Tone(name="beep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording(Step):
    """Left by ``done`` with the recording's id in ``into`` and its length in ``<into>_seconds``, or by ``failed``."""

    into: str
    prompt: Prompt = ()
    beep: bool = True
    max_s: int = 120
    silence_s: int = 5
    terminator: str = "#"  # '' for none

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.prompt,)

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({self.into, f"{self.into}_seconds"})

    def enter(self, scene: Scene) -> Turn:
        told = (*scene.media(self.prompt), *self._tone)
        return scene.play(told, TELLING, digits="") if told else self._record(scene)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        return (self._told if scene.frame.phase == TELLING else self._heard)(scene, happening)

    @property
    def _tone(self) -> tuple[Tone, ...]:
        return (BEEP,) if self.beep else ()

    def _told(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                return self._record(scene.played_out())
            case DigitPressed(digit=digit) if digit == self.terminator:
                return scene.play(self._tone, TELLING) if self._tone else self._record(scene)  # who knows the words may skip them
            case TimePassed() if scene.is_due:
                return self._record(scene)
        return None

    def _heard(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play, seconds=seconds) if play == scene.frame.play:
                return self._over(scene.played_out(), seconds)
            case TimePassed() if scene.is_due and scene.frame.play:
                return self._over(scene, float(self.max_s))  # its end was lost; what was said is not
            case DigitPressed(digit=digit) if digit == self.terminator:
                return replace(scene.stay(), commands=scene.silence())
        return None

    def _record(self, scene: Scene) -> Turn:
        play = scene.next_play()
        turn = scene.wait(RECORDING, scene.at + self.max_s + GRACE_S, digits="")
        record = Record(leg=scene.call.leg, play=play, max_s=self.max_s, silence_s=self.silence_s)
        variables = {**scene.frame.variables, self.into: play, f"{self.into}_seconds": ""}
        frame = replace(turn.frame, play=play, plays=scene.frame.plays + 1, variables=variables)
        return replace(turn, frame=frame, commands=(*turn.commands, record))

    def _over(self, scene: Scene, seconds: float) -> Turn:
        variables = {**scene.frame.variables, f"{self.into}_seconds": f"{seconds:g}"}
        if seconds < SHORTEST_S:
            variables[self.into] = ""
            return scene.leave("failed", variables=variables)
        return scene.leave("done", variables=variables)

    def taken(self, at: float, frame: Frame) -> tuple[str, float] | None:
        """Id and seconds of what there is by now, also of a recording under way; None for nothing worth keeping."""
        id, told = frame.variables.get(self.into, ""), frame.variables.get(f"{self.into}_seconds", "")
        began_at = (frame.deadline or at) - self.max_s - GRACE_S
        seconds = float(told) if told else at - began_at if frame.play == id else 0.0
        return (id, seconds) if id and seconds >= SHORTEST_S else None


@dataclass(frozen=True, slots=True, kw_only=True)
class Replaying(Step):
    """The caller hears what they recorded. A digit ends it, and waits for the next question."""

    what: str  # the variable with the recording's id

    def listens(self, phase: str) -> bool:
        return True

    def enter(self, scene: Scene) -> Turn:
        return scene.play((Kept(name=scene.frame.variables.get(self.what, "")),), PLAYING, digits="")

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play) if play == scene.frame.play:
                return scene.played_out().leave("done")
            case TimePassed() if scene.is_due:
                return scene.leave("done")
            case DigitPressed(digit=digit):
                return scene.leave("done", digits=digit)
        return None

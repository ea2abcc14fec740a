"""The caller speaks, and it is kept: words, a tone, then the recording, until ``#``, silence or its longest.

For `voicemail`, and a part of `record`.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from acd.core.commands import Record
from acd.core.events import LOST, SILENCE, DigitPressed, PlayEnded, TimePassed
from acd.core.frame import Frame
from acd.core.interpreter import Happening
from acd.core.media import Kept, Tone
from acd.ivr.flow import Prompt, Step
from acd.ivr.scene import Scene, Turn
from acd.words import PlayId

TELLING = "telling"
RECORDING = "recording"
PLAYING = "playing"
GRACE_S = 30.0
SHORTEST_S = 1.0
BEEP = Tone(name="beep")


@dataclass(frozen=True, slots=True, kw_only=True)
class Taking(Step):
    """Left by ``done`` when enough was said, else by ``failed``. What becomes of it is said by ``took``."""

    prompt: Prompt = ()
    beep: bool = True
    max_s: int = 120
    silence_s: int = 5
    terminator: str = "#"  # '' for none

    def began(self, scene: Scene, play: PlayId) -> Mapping[str, str]:
        """The flow's variables from now on; the recording will be named ``play``."""
        return scene.frame.variables

    def took(self, scene: Scene, play: PlayId, seconds: float, enough: bool) -> Turn:
        raise NotImplementedError

    @property
    def prompts(self) -> tuple[Prompt, ...]:
        return (self.prompt,)

    def enter(self, scene: Scene) -> Turn:
        told = (*scene.media(self.prompt), *self._tone)
        return scene.play(told, TELLING, digits="") if told else self._record(scene)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        return (self._heard if scene.frame.phase == RECORDING else self._told)(scene, happening)

    def under_way_s(self, at: float, frame: Frame) -> float:
        """How long a recording can be whose end was lost. Better one of unknown length than a lost one."""
        began_at = (frame.deadline or at) - GRACE_S - self.max_s
        return max(0.0, min(at - began_at, float(self.max_s)))

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
            case PlayEnded(play=play, seconds=seconds, result=result) if play == scene.frame.play:
                if result == LOST and not seconds:
                    seconds = self.under_way_s(scene.at, scene.frame)
                silent_s = self.silence_s if result == SILENCE else 0  # so much of its end
                return self.took(scene.played_out(), play, seconds, seconds - silent_s >= SHORTEST_S)
            case TimePassed() if scene.is_due and scene.frame.play:
                seconds = self.under_way_s(scene.at, scene.frame)
                return self.took(scene, scene.frame.play, seconds, seconds >= SHORTEST_S)
            case DigitPressed(digit=digit) if digit == self.terminator:
                return replace(scene.stay(), commands=scene.silence())
        return None

    def _record(self, scene: Scene) -> Turn:
        play = scene.next_play()
        turn = scene.wait(RECORDING, scene.at + self.max_s + GRACE_S, digits="")
        record = Record(leg=scene.call.leg, play=play, max_s=self.max_s, silence_s=self.silence_s)
        frame = replace(turn.frame, play=play, plays=scene.frame.plays + 1, variables=self.began(scene, play))
        return replace(turn, frame=frame, commands=(*turn.commands, record))


@dataclass(frozen=True, slots=True, kw_only=True)
class Recording(Taking):
    """The recording's id stands in ``into`` and its length in ``<into>_seconds``."""

    into: str

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({self.into, f"{self.into}_seconds"})

    def began(self, scene: Scene, play: PlayId) -> Mapping[str, str]:
        return {**scene.frame.variables, self.into: play, f"{self.into}_seconds": ""}

    def took(self, scene: Scene, play: PlayId, seconds: float, enough: bool) -> Turn:
        variables = {**scene.frame.variables, f"{self.into}_seconds": f"{seconds:g}"}
        if not enough:
            return scene.leave("failed", variables={**variables, self.into: ""})
        return scene.leave("done", variables=variables)

    def taken(self, at: float, frame: Frame) -> tuple[str, float] | None:
        """Id and seconds of what there is by now, also of a recording under way; None for nothing worth keeping."""
        id, told = frame.variables.get(self.into, ""), frame.variables.get(f"{self.into}_seconds", "")
        seconds = float(told) if told else self.under_way_s(at, frame) if frame.play == id else 0.0
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

"""`voicemail`: greeting, a tone, and what the caller says is kept as a message. ``#`` ends it; so does silence."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.frame import Frame, Message
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.recording import RECORDING, SHORTEST_S, Taking
from acd.words import PlayId


@dataclass(frozen=True, slots=True, kw_only=True)
class Voicemail(Taking):
    """Exits: ``done`` with a message, ``failed`` when there is none (nothing was said, or it could not be recorded)."""

    verb: ClassVar[str] = "voicemail"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "failed"})
    waits: ClassVar[frozenset[str]] = frozenset({"done"})

    mailbox: str
    max_s: int = 180

    @property
    def names(self) -> dict[str, str]:
        return {"mailbox": self.mailbox}

    def took(self, scene: Scene, play: PlayId, seconds: float, enough: bool) -> Turn:
        if not enough:
            return scene.leave("failed")
        return scene.leave("done", messages=(self._message(scene.at, play, seconds),))

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        """The message of a caller who is gone and whose recording's own end nobody told; ``seconds`` they were in this step."""
        seconds = min(seconds, self.under_way_s(at, frame))
        if frame.phase != RECORDING or not frame.play or seconds < SHORTEST_S:
            return ()
        return (self._message(at, frame.play, seconds),)

    def _message(self, at: float, play: PlayId, seconds: float) -> Message:
        return Message(id=play, mailbox=self.mailbox, left_at=at, seconds=seconds)

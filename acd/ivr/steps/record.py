"""`record`: what the caller says is kept, for the flow or for people; on request they hear it, and say it again."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.frame import Frame, Message
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.steps.menu import Menu
from acd.ivr.steps.recording import Recording, Replaying
from acd.ivr.steps.talk import Talk
from acd.words import PlayId

KIND = "recording"


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Talk):
    """Exits: ``done`` with a recording, ``failed`` without one. Who hangs up, or decides nothing, keeps what was said."""

    verb: ClassVar[str] = "record"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "failed"})
    waits: ClassVar[frozenset[str]] = frozenset({"done"})

    recording: Recording
    review: Menu | None = None  # 1 keeps, 2 plays, 3 records again

    @property
    def parts(self) -> Mapping[str, Step]:
        review = {"review": self.review, "hearing": Replaying(name=self.name, what=self.recording.into)} if self.review else {}
        return {"recording": self.recording, **review}

    def enter(self, scene: Scene) -> Turn:
        return self.begin(scene, "recording")

    def after(self, scene: Scene, part: str, exit: str) -> Turn:
        match part, exit:
            case "recording", "failed":
                return scene.leave("failed")
            case ("recording", "done") | ("hearing", _) if self.review:
                return self.begin(scene, "review")
            case "review", "2":
                return self.begin(scene, "hearing")
            case "review", "3":
                return self.begin(scene, "recording")
        return self._keep(scene)

    def left_behind(self, at: float, frame: Frame, seconds: float) -> tuple[Message, ...]:
        return self._messages(at, frame)

    def _keep(self, scene: Scene) -> Turn:
        return replace(scene.leave("done"), messages=self._messages(scene.at, scene.frame))

    def _messages(self, at: float, frame: Frame) -> tuple[Message, ...]:
        taken = self.recording.taken(at, frame)
        return (Message(id=PlayId(taken[0]), mailbox="", left_at=at, seconds=taken[1], kind=KIND),) if taken else ()

"""`transfer`: on to another flow, or to a number outside through a trunk, if the house allows numbers like it (S01)."""

from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.events import LOST, PlayEnded, TimePassed
from acd.core.interpreter import CallNumber, Happening, NotDialled
from acd.core.outside.dialled import TRUNK_FAILED, exit_of
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template
from acd.words import FlowId

DIALLING = "dialling"
LONGEST_TALK_S = 4 * 3600.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ToFlow(Step):
    verb: ClassVar[str] = "transfer"

    flow: FlowId

    @property
    def names(self) -> dict[str, str]:
        return {"flow": self.flow}

    def enter(self, scene: Scene) -> Turn:
        return replace(scene.leave("flow"), flow=self.flow)


@dataclass(frozen=True, slots=True, kw_only=True)
class ToNumber(Step):
    verb: ClassVar[str] = "transfer"
    needs: ClassVar[frozenset[str]] = frozenset({"busy", "no_answer", "failed"})
    offers: ClassVar[frozenset[str]] = frozenset({"done"})
    waits: ClassVar[frozenset[str]] = frozenset({"done", "busy", "no_answer"})

    number: Template
    trunks: tuple[str, ...] = ()  # in this order; none named: all of the house
    ring_s: int = 30

    @property
    def reads(self) -> frozenset[str]:
        return self.number.names

    def enter(self, scene: Scene) -> Turn:
        return self._dial(scene, 0)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play, cause=cause, result=result) if play == scene.frame.play:
                scene = scene.played_out()
                exit = exit_of(cause, lost=result == LOST)
                return self._dial(scene, scene.frame.tries + 1, after=exit) if cause in TRUNK_FAILED else scene.leave(exit)
            case NotDialled():
                return scene.played_out().leave(scene.frame.phase.partition(".")[2] or "failed")
            case TimePassed() if scene.is_due:
                return scene.leave("failed")
        return None

    def _dial(self, scene: Scene, nth: int, after: str = "failed") -> Turn:
        """Through the ``nth`` of the trunks that allow the number; whether there is one (left), the house says. If not: ``after``."""
        play, number = scene.next_play(), self.number.text(scene.variables).strip()
        turn = scene.wait(f"{DIALLING}.{after}", scene.at + self.ring_s + LONGEST_TALK_S, digits="")
        frame = replace(turn.frame, play=play, plays=scene.frame.plays + 1, tries=nth)
        ask = CallNumber(number=number, play=play, ring_s=self.ring_s, trunks=self.trunks, skip=nth)
        return replace(turn, frame=frame, ask=ask)

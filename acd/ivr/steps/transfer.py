"""`transfer`: on to another flow, or to a number outside through a trunk, if the house allows numbers like it (S01)."""

import re
from dataclasses import dataclass, replace
from typing import ClassVar

from acd.core.commands import Dial
from acd.core.events import PlayEnded, TimePassed
from acd.core.interpreter import Happening
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template
from acd.words import FlowId

DIALLING = "dialling"
NUMBER = re.compile(r"\+?[0-9]{1,20}", re.ASCII)
LONGEST_TALK_S = 4 * 3600.0
ANSWERED = frozenset({"", "SUCCESS", "NORMAL_CLEARING", "NONE"})
NO_ANSWER = frozenset({"NO_ANSWER", "NO_USER_RESPONSE", "ALLOTTED_TIMEOUT", "PROGRESS_TIMEOUT", "RECOVERY_ON_TIMER_EXPIRE"})


def may_dial(number: str, allowed: tuple[str, ...]) -> bool:
    """Only ASCII digits with perhaps a + before, and only below a prefix that the house allows; none allowed, none dialled."""
    return bool(NUMBER.fullmatch(number)) and any(number.startswith(prefix) for prefix in allowed)


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
    trunk: str
    ring_s: int = 30

    @property
    def names(self) -> dict[str, str]:
        return {"trunk": self.trunk} | ({} if self.number.names else {"number": self.number.text({})})

    @property
    def reads(self) -> frozenset[str]:
        return self.number.names

    def enter(self, scene: Scene) -> Turn:
        number = self.number.text(scene.variables).strip()
        if not may_dial(number, scene.outside):
            return scene.leave("failed")
        play = scene.next_play()
        turn = scene.wait(DIALLING, scene.at + self.ring_s + LONGEST_TALK_S, digits="")
        dial = Dial(leg=scene.call.leg, play=play, trunk=self.trunk, number=number, timeout_s=self.ring_s)
        return replace(turn, frame=replace(turn.frame, play=play, plays=scene.frame.plays + 1), commands=(dial,))

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case PlayEnded(play=play, cause=cause) if play == scene.frame.play:
                return scene.played_out().leave(_exit(cause))
            case TimePassed() if scene.is_due:
                return scene.leave("failed")
        return None


def _exit(cause: str) -> str:
    if cause in ANSWERED:
        return "done"
    if cause == "USER_BUSY":
        return "busy"
    return "no_answer" if cause in NO_ANSWER else "failed"

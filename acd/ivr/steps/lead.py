"""`lead`: what an agent asks of campaigns by phone: the lead that they see, and whether it is dialled; or a number of their own choice.

Asked once and never again, also after a restart: to dial twice would be worse than to say that nobody answered.
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import ClassVar

from acd.core.commands import AskCampaigns
from acd.core.events import DigitPressed, ErrandDone, TimePassed
from acd.core.interpreter import Happening
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template

ASKED = "asked"
TIMEOUT_S = 9.0
GRACE_S = 1.0
TOLD = ("lead_name", "lead_number", "lead_campaign")


class Do(StrEnum):
    LOOK = "look"
    ACCEPT = "accept"
    SKIP = "skip"
    CALL = "call"


@dataclass(frozen=True, slots=True, kw_only=True)
class Lead(Step):
    verb: ClassVar[str] = "lead"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "refused"})

    do: Do
    number: Template | None = None
    campaign: str = ""

    @property
    def reads(self) -> frozenset[str]:
        return self.number.names if self.number else frozenset()

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({*TOLD, "lead_why"})

    def enter(self, scene: Scene) -> Turn:
        if scene.call.agent is None:
            return self._leave(scene, "this phone belongs to no agent", {})
        play = scene.next_play()
        ask = AskCampaigns(
            leg=scene.call.leg,
            errand=play,
            timeout_s=TIMEOUT_S,
            agent=scene.call.agent,
            what=self.do.value,
            number=self.number.text(scene.variables).strip() if self.number else "",
            campaign=self.campaign,
        )
        deadline = scene.at + TIMEOUT_S + GRACE_S
        frame = replace(scene.frame, phase=ASKED, play=play, plays=scene.frame.plays + 1, deadline=deadline)
        return Turn(frame=frame, commands=(*scene.silence(), ask))

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case ErrandDone(errand=errand, why=why, values=values) if errand == scene.frame.play:
                return self._leave(scene.played_out(), why, values)
            case TimePassed() if scene.is_due:
                return self._leave(scene.played_out(), "no answer", {})
            case DigitPressed(digit=digit):
                return scene.stay(digits=scene.typed(digit))
        return None

    def _leave(self, scene: Scene, why: str, values: object) -> Turn:
        found = values if isinstance(values, dict) else {}
        told = {**scene.frame.variables, **{name: found.get(name, "") for name in TOLD}, "lead_why": why}
        return scene.leave("refused" if why else "done", variables=told)

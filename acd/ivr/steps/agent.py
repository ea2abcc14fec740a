"""`agent`: the agent whose phone this is asks for a state. The answer stands in ``agent_state`` and ``agent_why``."""

from dataclasses import dataclass
from typing import ClassVar

from acd.core.events import TimePassed
from acd.core.interpreter import AgentWish, Happening, WishDone
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn
from acd.ivr.template import Template
from acd.words import Wish

WISHING = "wish"
LONGEST_S = 10.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Agent(Step):
    verb: ClassVar[str] = "agent"
    needs: ClassVar[frozenset[str]] = frozenset({"done", "refused"})

    do: Wish
    reason: str = ""
    disposition: Template | None = None  # its name, or the digits that stand for it

    @property
    def reads(self) -> frozenset[str]:
        return self.disposition.names if self.disposition else frozenset()

    @property
    def sets(self) -> frozenset[str]:
        return frozenset({"agent_state", "agent_why"})

    @property
    def names(self) -> dict[str, str]:
        return {"reason": self.reason} if self.reason else {}

    def enter(self, scene: Scene) -> Turn:
        said = self.disposition.text(scene.variables).strip() if self.disposition else self.reason
        return scene.ask(AgentWish(wish=self.do, reason=said), WISHING, scene.at + LONGEST_S)

    def hear(self, scene: Scene, happening: Happening) -> Turn | None:
        match happening:
            case WishDone(state=state, why=why):
                told = {**scene.frame.variables, "agent_state": state, "agent_why": why}
                return scene.leave("refused" if why else "done", variables=told)
            case TimePassed() if scene.is_due:
                return scene.leave("refused", variables={**scene.frame.variables, "agent_why": "no answer"})
        return None

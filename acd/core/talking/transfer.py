"""A transfer under way: whither, and where the customer comes back to when nobody there takes them (ACD.md 57)."""

from dataclasses import dataclass
from enum import StrEnum

from acd.core.interpreter import EnterQueue
from acd.words import AgentId, PlayId


class TargetKind(StrEnum):
    AGENT = "agent"
    QUEUE = "queue"
    FLOW = "flow"
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Target:
    """To whom a customer is transferred, or who is consulted."""

    kind: TargetKind
    id: str

    def __str__(self) -> str:
        return f"{self.kind} {self.id}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer:
    by: AgentId
    to: Target
    came_from: EnterQueue  # the line from which the customer had come to the agent who transferred, and since when they waited
    since: float
    onward_at: float | None = None  # on the way: the customer's leg is being set free; at the latest then it goes on
    play: PlayId | None = None  # the number outside is being dialled, or is talked to
    dialled_at: float = 0.0
    tried: int = 0  # so many trunks had no way there
    back: str = ""  # on the way back to the agent, because of this exit

    @property
    def shown(self) -> str:
        """What the agent's phone shows in front of the caller's name when the customer comes back."""
        return f"Back: {self.to.id} {WORDS.get(self.back, self.back)}" if self.back else ""


WORDS = {
    "no_answer": "no answer",
    "timed_out": "no answer",
    "busy": "busy",
    "not_there": "not there",
    "no_agents": "nobody there",
    "full": "full",
    "failed": "failed",
}


def why_not(whom: str, exit: str) -> str:
    """Nobody there took it, in words."""
    return f"{whom}: {WORDS.get(exit, exit.replace('_', ' '))}"

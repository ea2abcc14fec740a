"""A wrap-up: an agent's work after a talk, and what came of that talk. It begins and ends once (ACD.md 38-41).

How long it may last stands on its agent, who is in it (``Agent.deadline``); its id is that of the talk's offer.
"""

from dataclasses import dataclass, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import AgentId, CallId, OfferId, QueueId, WrapUpEnd, WrapUpMode


@dataclass(frozen=True, slots=True, kw_only=True)
class WrapUp:
    id: OfferId
    agent: AgentId
    call: CallId
    queue: QueueId
    mode: WrapUpMode
    began_at: float
    attempt: str = ""  # a campaign had dialled the customer
    disposition: str = ""
    more: int = 0  # how often it was made longer
    ended_at: float | None = None
    ended_by: WrapUpEnd | None = None

    @property
    def is_live(self) -> bool:
        return self.ended_at is None

    @property
    def is_owed(self) -> bool:
        """Whether nothing but a disposition lets its agent go."""
        return not self.disposition and self.mode in (WrapUpMode.MANDATORY, WrapUpMode.MANDATORY_TIMED)

    def ended(self, at: float, by: WrapUpEnd, **changes: Any) -> "WrapUp":
        if not self.is_live:
            raise IllegalMove(f"wrap-up {self.id} has ended")
        return replace(self, ended_at=at, ended_by=by, **changes)

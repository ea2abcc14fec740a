"""What became of a lead before an agent, for programs beside the house."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from acd.words import AgentId, CallId, QueueId
from dialer.core.said import Said


class What(StrEnum):
    SHOWN = "lead_shown"  # before it is dialled
    WITHDRAWN = "lead_withdrawn"  # passed on, or taken back: nobody was dialled
    OFFERED = "lead_offered"  # they answered, and are this agent's next
    DISPOSED = "lead_disposed"


@dataclass(frozen=True, slots=True, kw_only=True)
class News:
    """``tags``: the lead and its fields, as strangers wrote them. ``queue``: whose dispositions may be said."""

    what: What
    attempt: str
    campaign: str
    agent: AgentId | None = None  # None: said afterwards by somebody who is none
    queue: QueueId | None = None
    number: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)
    guide: str = ""
    call: CallId | None = None
    said: Said | None = None

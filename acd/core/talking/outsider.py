"""Somebody outside whom an agent asked in a talk: the leg that we made to them, from its ringing until they and we part.

Part of the call's record. They may come to be with the customer alone: then the call is a flow's, on its way (``Call.is_onward``).
"""

from dataclasses import dataclass

from acd.words import AgentId, LegId, PlayId


@dataclass(frozen=True, slots=True, kw_only=True)
class Outsider:
    id: str  # of the call that was let out (Outgoing); a new one with each trunk that is tried
    leg: LegId
    number: str
    by: AgentId
    since: float  # when it was dialled, picked up, or joined to the customer
    tried: int = 0  # so many trunks had no way there
    rings_until: float | None = None  # None: they have picked up, and stand parked or are joined
    join_at: float | None = None  # put through, and it was not said that the two are joined: asked again then
    asked: int = 0  # how often in a row
    has_customer: bool = False  # put through, and joined: a talk of those two
    plays: int = 0  # what whoever waits for them was given to hear
    play: PlayId | None = None
    play_from: float = 0.0

    @property
    def is_here(self) -> bool:
        return self.rings_until is None

    @property
    def deadline(self) -> float | None:
        return min((t for t in (self.rings_until, self.join_at) if t is not None), default=None)

"""A talk: who hears whom while a call is in the hands of an agent. Part of the call's record, and kept with it."""

from dataclasses import dataclass, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.words import EndedBy, EntryId, TalkState

S = TalkState

MOVES: dict[TalkState, frozenset[TalkState]] = {
    S.TALKING: frozenset({S.HELD, S.CONSULTING}),
    S.HELD: frozenset({S.TALKING, S.CONSULTING}),
    S.CONSULTING: frozenset({S.CONSULTING, S.TALKING, S.TOGGLED, S.CONFERENCE, S.INTERNAL}),
    S.TOGGLED: frozenset({S.CONSULTING, S.TALKING, S.CONFERENCE, S.INTERNAL}),
    S.CONFERENCE: frozenset({S.TALKING, S.INTERNAL}),
    S.INTERNAL: frozenset(),
}
"""How a talk may turn. Who is put through to a colleague begins a talk of their own with them."""

WITH_CUSTOMER = frozenset({S.TALKING, S.TOGGLED, S.CONFERENCE})
"""The agent hears the customer; in the others the customer holds, or is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Talk:
    state: TalkState = S.TALKING
    since: float = 0.0  # when it turned, or two were joined for it
    consult: EntryId | None = None  # the line in which the agent stands, or stood, for a colleague
    join_at: float | None = None  # two were asked to be joined, and it was not said that they are: asked again then
    asked: int = 0  # how often in a row
    plays: int = 0  # pieces of music for whoever holds, and joinings of a conference
    music_from: float = 0.0
    music_at: float | None = None  # the music stopped by itself: it begins again then
    remind_at: float | None = None  # the customer holds: the agent is reminded of it then
    limit_at: float | None = None  # and is with them again then
    reminded: int = 0
    left_at: float | None = None  # the customer is gone (INTERNAL), and how
    left_cause: str = ""
    left_by: EndedBy | None = None
    why: str = ""  # nobody whom the agent asked for took it, and why: told when the agent is with the customer again

    @property
    def deadline(self) -> float | None:
        waking = (self.join_at, self.music_at, self.remind_at, self.limit_at)
        return min((t for t in waking if t is not None), default=None)

    def move(self, state: TalkState, at: float, **changes: Any) -> "Talk":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"talk: {self.state} -> {state}")
        over = {"music_at": None, "remind_at": None, "limit_at": None, "reminded": 0, "why": ""}
        return replace(self, state=state, since=at, join_at=None, asked=0, **(over | changes))

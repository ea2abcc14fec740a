"""An attempt: one number of one lead, dialled once. Its lead and its number are leased until its end is stored.

The core of the contact centre has the call; here is what the campaign knows of it. An attempt that is ENDED is kept until the
database has said that its end is stored, so that nothing that a campaign did is ever forgotten between the two.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from acd.core.illegal import IllegalMove


class AttemptState(StrEnum):
    WISHED = "wished"  # an agent wants to dial it; it is not leased yet
    CLAIMED = "claimed"  # leased; nothing was dialled
    SHOWN = "shown"  # to an agent, who may pass it on
    ASKED = "asked"  # the house was asked, and nothing rings yet
    RINGING = "ringing"
    ANSWERED = "answered"  # a person is there, and waits for an agent
    TOLD = "told"  # a person is there, in the flow of a campaign without agents
    TALKING = "talking"
    ABANDONED = "abandoned"  # the message is heard
    MACHINE = "machine"  # no person was there after all
    ENDED = "ended"
    STORED = "stored"


class Outcome(StrEnum):
    """How it ended; a closed set. The switch's own word and the SIP status stand beside it."""

    TALKED = "talked"
    DONE = "done"  # they heard the flow of a campaign without agents to its end
    DIALER_ABANDON = "dialer_abandon"
    HUNG_UP = "hung_up"
    MACHINE = "machine"
    FAX = "fax"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    INVALID = "invalid"
    BLOCKED = "blocked"
    CONGESTION = "congestion"
    DROPPED = "dropped"
    LOST = "lost"
    REFUSED = "refused"
    FAILED = "failed"
    RETURNED = "returned"  # claimed and never dialled: as if nothing had been


NO_PERSON = frozenset({Outcome.MACHINE, Outcome.FAX})
"""Who was taken for a person when they answered, and was none: they do not count for the law, unless they were abandoned first."""

S = AttemptState

MOVES: dict[AttemptState, frozenset[AttemptState]] = {
    S.WISHED: frozenset({S.CLAIMED, S.ENDED}),
    S.CLAIMED: frozenset({S.SHOWN, S.ASKED, S.ENDED}),
    S.SHOWN: frozenset({S.ASKED, S.ENDED}),
    S.ASKED: frozenset({S.RINGING, S.ANSWERED, S.ENDED}),
    S.RINGING: frozenset({S.ANSWERED, S.ENDED}),
    S.ANSWERED: frozenset({S.TOLD, S.TALKING, S.ABANDONED, S.MACHINE, S.ENDED}),
    S.TOLD: frozenset({S.TALKING, S.MACHINE, S.ENDED}),
    S.TALKING: frozenset({S.MACHINE, S.ENDED}),
    S.ABANDONED: frozenset({S.ENDED}),
    S.MACHINE: frozenset({S.ENDED}),
    S.ENDED: frozenset({S.STORED}),
    S.STORED: frozenset(),
}
UNANSWERED = frozenset({S.ASKED, S.RINGING})
UNDER_WAY = frozenset({S.WISHED, S.CLAIMED, S.SHOWN, S.ASKED, S.RINGING, S.ANSWERED, S.TOLD, S.TALKING, S.ABANDONED, S.MACHINE})
LATER = {each: n for n, each in enumerate(AttemptState)} | {S.ABANDONED: list(AttemptState).index(S.TALKING)}
"""How far it is. Who talks and who was abandoned are equally far."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Attempt:
    id: str
    campaign: str
    lead: int
    number: str
    claimed_at: float
    zones: tuple[str, ...] = ()
    country: str = ""
    tags: Mapping[str, str] = field(default_factory=dict)  # the lead's fields, as the agent's desk shows them
    state: AttemptState = S.CLAIMED
    promised_by: str = ""  # an agent, who calls back at the time that was agreed on
    needs_agent: bool = False  # by the law it is dialled only with an agent reserved for it
    reserved: str = ""  # an agent, kept for it by the house: they talk to whoever answers, and nobody else does
    reserved_at: float | None = None  # the house said so, the last time
    is_dropped: bool = False  # that agent is gone, and it is wanted no more
    shown_at: float | None = None
    is_passed_on: bool = False  # by that agent, or because they call us: it rests for a while
    asked_at: float | None = None
    answered_at: float | None = None
    bridged_at: float | None = None
    abandoned_at: float | None = None
    opted_out_at: float | None = None  # they said that they want to be called no more
    ended_at: float | None = None
    outcome: Outcome | None = None
    cause: str = ""
    sip_status: int = 0
    agent: str = ""
    why: str = ""  # why it was not dialled

    @property
    def is_under_way(self) -> bool:
        return self.state in UNDER_WAY

    def passed_on(self) -> "Attempt":
        return replace(self, is_passed_on=True)

    def move(self, state: AttemptState, **changes: Any) -> "Attempt":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"attempt {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)

"""A dialled call: somebody outside whom a campaign asked us to dial, for an agent of a queue once they answer, or for a flow that they
hear (ACD.md 37, 86-90).

It begins as a leg that rings somewhere. Only when a person has answered is there a contact: a call like any other, and its stay in
the queue, with a deadline. The record here is the campaign's side of it: when it rang, was answered, joined, and how it ended. It is
kept for a while after its end, so that the same attempt asked for again is never dialled twice, and who missed its end can see it.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import StrEnum
from typing import Any

from acd.core.gone import LOST_CAUSES
from acd.core.illegal import IllegalMove
from acd.core.outside.dialled import NO_ANSWER, TRUNK_FAILED
from acd.words import AgentId, CallId, FlowId, LegId, MachineTone, QueueId

KEPT_S = 600.0
"""So long an ended one is remembered here; the records keep it."""


class DialledState(StrEnum):
    DIALLING = "dialling"  # asked for; nothing rings yet that we know of
    RINGING = "ringing"
    ANSWERED = "answered"  # a person is there, and waits for an agent
    TOLD = "told"  # a person is there, in the flow of a campaign without agents
    TALKING = "talking"  # joined to one, or joined and handed on since
    ABANDONED = "abandoned"  # nobody was there in time: the message is heard
    MACHINE = "machine"  # no person: its message is left, or it is hung up
    ENDED = "ended"
    FORGOTTEN = "forgotten"  # by us; the records have it


class DialOutcome(StrEnum):
    """How it ended; a closed set. The switch's own word stands beside it."""

    TALKED = "talked"
    DIALER_ABANDON = "dialer_abandon"  # answered, and no agent within the time (ACD.md 86)
    DONE = "done"  # answered, and the flow of a campaign without agents came to its end
    HUNG_UP = "hung_up"  # answered, and they left before an agent was there, or before the flow's end
    MACHINE = "machine"  # an answering machine, known by its beep (ACD.md 89)
    FAX = "fax"
    BUSY = "busy"
    NO_ANSWER = "no_answer"
    REJECTED = "rejected"
    INVALID = "invalid"  # no such number
    CONGESTION = "congestion"  # the way there was at fault, not who was called
    DROPPED = "dropped"  # the campaign did not want it any more, and it was not answered
    LOST = "lost"  # it may have rung: nobody knows
    REFUSED = "refused"  # the house did not let it out
    FAILED = "failed"


S, O = DialledState, DialOutcome

MOVES: dict[DialledState, frozenset[DialledState]] = {
    S.DIALLING: frozenset({S.DIALLING, S.RINGING, S.ANSWERED, S.ENDED}),
    S.RINGING: frozenset({S.RINGING, S.ANSWERED, S.ENDED}),
    S.ANSWERED: frozenset({S.ANSWERED, S.TOLD, S.TALKING, S.ABANDONED, S.MACHINE, S.ENDED}),
    S.TOLD: frozenset({S.TOLD, S.TALKING, S.MACHINE, S.ENDED}),
    S.TALKING: frozenset({S.TALKING, S.MACHINE, S.ENDED}),
    S.ABANDONED: frozenset({S.ABANDONED, S.ENDED}),  # and stays so, whatever it turns out to be: the law counts it
    S.MACHINE: frozenset({S.MACHINE, S.ENDED}),
    S.ENDED: frozenset({S.FORGOTTEN}),
    S.FORGOTTEN: frozenset(),
}
RINGS = frozenset({S.DIALLING, S.RINGING})


@dataclass(frozen=True, slots=True, kw_only=True)
class DialledCall:
    id: str  # the attempt's, given by the campaign; also that of its ``Outgoing``
    number: str
    at: float
    queue: QueueId | None = None  # whose agents talk to them; None: nobody does,
    flow: FlowId | None = None  # and this is what they hear
    prefer: AgentId | None = None  # this agent first
    reserved: AgentId | None = None  # this agent, who is reserved for it, and nobody else
    leg: LegId | None = None  # None: never left
    campaign: str = ""
    priority: int = 0
    ring_s: float = 30.0
    ring_least_s: float = 15.0  # a phone that rings is never given up sooner (ACD.md 90)
    answer_s: float = 2.0  # from the answer to an agent
    message: FlowId | None = None  # what is heard when there was none
    detect: bool = False  # machines are told from people
    voicemail: FlowId | None = None  # what a machine is told after its beep; None: it is hung up
    tags: Mapping[str, str] = field(default_factory=dict)
    callbacks: Mapping[str, float] = field(default_factory=dict)  # dispositions with a time -> so long after, or 0: it must be said
    no_more: tuple[str, ...] = ()  # dispositions after which they are called no more, whatever becomes of the campaign
    state: DialledState = S.DIALLING
    wake_at: float | None = None
    ringing_at: float | None = None
    dropped: bool = False  # the campaign wants it no more
    given_up: bool = False  # the switch was asked to end the ringing
    answered_at: float | None = None
    call: CallId | None = None  # the contact, once a person stands on the line
    agent: AgentId | None = None  # who was the first to talk to them
    bridged_at: float | None = None
    abandoned_at: float | None = None
    tone: MachineTone | None = None  # by which it is known as a machine
    machine_at: float | None = None  # since when
    opted_out_at: float | None = None  # they said that they want to be called no more
    disposition: str = ""  # what the agent said came of it
    disposed_by: AgentId | None = None
    disposed_at: float | None = None
    call_at: float | None = None  # and when they are called again by it
    ended_at: float | None = None
    is_told_after: bool = False  # this version tells of what came after its end, which was told before
    outcome: DialOutcome | None = None
    cause: str = ""
    sip_status: int = 0
    refused: str = ""  # the gate's rule

    @property
    def deadline(self) -> float | None:
        return self.wake_at

    @property
    def is_live(self) -> bool:
        return self.state is not S.FORGOTTEN

    @property
    def is_over(self) -> bool:
        return self.state in (S.ENDED, S.FORGOTTEN)

    @property
    def waits(self) -> bool:
        return self.state is S.ANSWERED

    @property
    def least_until(self) -> float:
        """Nobody ends its ringing before; where the switch has not said that it rings, it may have rung from the start."""
        return (self.at if self.ringing_at is None else self.ringing_at) + self.ring_least_s

    def move(self, state: DialledState, **changes: Any) -> "DialledCall":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"dialled call {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)


OF_CAUSE: dict[str, DialOutcome] = {
    "USER_BUSY": O.BUSY,
    "CALL_REJECTED": O.REJECTED,
    "UNALLOCATED_NUMBER": O.INVALID,
    "INVALID_NUMBER_FORMAT": O.INVALID,
    "NUMBER_CHANGED": O.INVALID,
    "NO_ROUTE_DESTINATION": O.INVALID,
}


def unanswered(dialled: DialledCall, cause: str) -> DialOutcome:
    """How the ringing ended, from the switch's word for it."""
    if cause in LOST_CAUSES:
        return O.LOST
    if dialled.given_up:
        return O.DROPPED if dialled.dropped else O.NO_ANSWER
    if cause in OF_CAUSE:
        return OF_CAUSE[cause]
    if cause in TRUNK_FAILED and (dialled.state is S.DIALLING or cause not in NO_ANSWER):
        return O.CONGESTION
    return O.NO_ANSWER if cause in NO_ANSWER else O.FAILED

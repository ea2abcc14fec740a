"""What the dialer is told. Every event says when it was; nothing here is looked up."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Protocol

from acd.campaign import Campaign
from acd.core.offers.offer import Offer
from acd.core.outside.dialled_call import DialledCall
from acd.words import AgentId, AgentState, CallId, QueueId
from dialer.core.attempt import Attempt
from dialer.core.called import Called
from dialer.core.held import Held
from dialer.core.run import Run, RunWish
from dialer.core.said import Said


class Hours(Protocol):
    """A calendar of the house."""

    def state(self, at: float) -> str:
        """``open``, ``closed`` or ``holiday``."""

    def opens(self, at: float) -> str:
        """When it opens next, by its own clock; '' where it does not."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Event:
    at: float


@dataclass(frozen=True, slots=True, kw_only=True)
class RulesChanged(Event):
    """The configuration in force. A campaign that is in it no more dials nothing new; what is under way goes on by its old rules."""

    campaigns: Mapping[str, Campaign]
    calendars: Mapping[str, Hours] = field(default_factory=dict)
    members: Mapping[QueueId, frozenset[AgentId]] | None = None  # who serves which queue; None: as before


@dataclass(frozen=True, slots=True, kw_only=True)
class PutBack(Event):
    """After a start: what the database knew. ``open``: attempts whose end was never stored, as they were claimed or last seen."""

    runs: tuple[Run, ...] = ()
    open: tuple[Attempt, ...] = ()
    ledgers: Mapping[str, Mapping[str, object]] = field(default_factory=dict)
    learnt: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)  # by queue, then by mode


@dataclass(frozen=True, slots=True, kw_only=True)
class RunWished(Event):
    campaign: str
    wish: RunWish
    by: str
    why: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadsClaimed(Event):
    """The answer to ``Claim``. Fewer than were wanted: there are no more now; ``again_at`` is when there may be (None: not known)."""

    campaign: str
    wanted: int
    attempts: tuple[Attempt, ...]
    again_at: float | None = None
    held: Held | None = None  # what holds the others


@dataclass(frozen=True, slots=True, kw_only=True)
class ClaimFailed(Event):
    """The database did not answer; nothing was leased, or it will be found to be open."""

    campaign: str
    wanted: int
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CallSeen(Event):
    """A version of a dialled call, as the core of the contact centre has it."""

    call: DialledCall


@dataclass(frozen=True, slots=True, kw_only=True)
class TrunksSeen(Event):
    """Every trunk of the house, and how many calls more each takes at once (None: as many as there are), whoever makes them."""

    room: Mapping[str, int | None]


@dataclass(frozen=True, slots=True, kw_only=True)
class OfferSeen(Event):
    """Somebody who was dialled is offered to an agent, or was: an offer as it is now, with the call that it is of."""

    offer: Offer
    call: DialledCall


@dataclass(frozen=True, slots=True, kw_only=True)
class NotDialled(Event):
    """The house was asked to dial and did not: nothing rang anywhere."""

    attempt: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Unknown(Event):
    """After a start: the house knows nothing of an open attempt. ``may_have_rung``: its memory does not reach back so far."""

    attempt: str
    may_have_rung: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class EndStored(Event):
    attempt: str


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionSaid(Event):
    """By somebody who says it of an attempt that is over, and not in the talk."""

    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class DispositionStored(Event):
    said: Said


@dataclass(frozen=True, slots=True, kw_only=True)
class PreviewWished(Event):
    """An agent who sees a lead wants it dialled, or passes it on."""

    agent: str
    accepts: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallWished(Event):
    """An agent wants to dial a number for a campaign. ``id``: of the attempt that it will be, and new."""

    id: str
    agent: str
    campaign: str
    number: str
    zones: tuple[str, ...]
    country: str = ""
    by: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberClaimed(Event):
    """The answer to ``ClaimNumber``: it is leased."""

    attempt: Attempt


@dataclass(frozen=True, slots=True, kw_only=True)
class NumberRefused(Event):
    """The answer to ``ClaimNumber``: nothing was leased."""

    attempt: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class OptedOut(Event):
    """Somebody wants to be called no more. What rings at them is wanted no more either; what has begun goes on."""

    number: str
    attempt: str = ""  # the one in which they said it
    campaign: str = ""  # only by this one; '': by nobody


@dataclass(frozen=True, slots=True, kw_only=True)
class ReserveAnswered(Event):
    """The answer to ``Reserve``; ``refused``: why not, ''."""

    attempt: str
    refused: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerSeen(Event):
    """Somebody who called us, or whom the house calls back. ``number`` in its one written form."""

    call: CallId
    number: str
    is_over: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerServed(Event):
    """An agent of ``queue`` talks to them."""

    call: CallId
    queue: QueueId


@dataclass(frozen=True, slots=True, kw_only=True)
class CallerDisposed(Event):
    """What an agent said came of it, in the talk or after it."""

    call: CallId
    disposition: str
    by: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CalledStored(Event):
    called: Called


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentSeen(Event):
    """An agent of campaigns' queues, of all of them at once: else one would dial for somebody who is not free for the others yet.

    ``line``: the attempt whose person they talk to, '' for anybody else.
    """

    queues: tuple[QueueId, ...]
    agent: AgentId
    doing: AgentState
    is_free: bool  # could take a call now
    stays: bool  # and is not about to leave
    line: str = ""
    reserved_for: str = ""  # the attempt for which they are kept


@dataclass(frozen=True, slots=True, kw_only=True)
class CallersSeen(Event):
    """How many others wait in a queue."""

    queue: QueueId
    callers: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Ticked(Event):
    """A second has passed."""

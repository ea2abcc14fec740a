"""An offer: one agent reserved for one entry, with a deadline; when it succeeds it lives on as the talk."""

from dataclasses import dataclass, replace
from typing import Any

from acd.core.illegal import IllegalMove
from acd.core.matching.trace import Trace
from acd.core.staff.device import Device
from acd.words import AgentId, CallId, EndedBy, EntryId, EntryKind, LegId, OfferId, OfferOutcome, OfferState, PlayId, QueueId

S, O = OfferState, OfferOutcome

MOVES: dict[OfferState, frozenset[OfferState]] = {
    S.RINGING: frozenset({S.RINGING, S.ANSWERED, S.BRIDGED, S.ENDED}),
    S.ANSWERED: frozenset({S.ANSWERED, S.BRIDGED, S.ENDED}),
    S.BRIDGED: frozenset({S.ENDED}),
    S.ENDED: frozenset(),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Offer:
    id: OfferId
    entry: EntryId
    call: CallId
    queue: QueueId
    agent: AgentId
    leg: LegId  # the one that was picked up; until then that of the first device
    offered_at: float
    trace: Trace
    kind: EntryKind = EntryKind.CALL  # consult: a colleague is asked, and not for the customer yet
    state: OfferState = S.RINGING
    deadline: float | None = None
    reserved: bool = False  # the agent is not rung yet: a customer is called first
    rung_at: float | None = None  # when that was made good
    ready_at: float | None = None  # the agent stands on the line and waits for a customer who is called
    ringing_at: float | None = None  # the phone itself said that it rings
    answered_at: float | None = None
    bridged_at: float | None = None
    handed_at: float | None = None  # consulted first; the customer was put through then
    held_at: float | None = None  # the customer holds since then
    held_by_phone: bool = False  # by the phone itself: the switch plays the music
    holds: int = 0
    hold_s: float = 0.0  # of the holds that are over
    hold_abandoned: bool = False  # the customer hung up while holding (ACD.md 63)
    alone_s: float = 0.0  # the customer was gone already, and two agents went on talking
    keys: str = ""  # typed in the talk so far, of a wish
    keys_at: float = 0.0
    ended_at: float | None = None
    outcome: OfferOutcome | None = None
    ended_by: EndedBy | None = None
    cause: str = ""
    sip_status: int = 0
    disposition: str = ""  # said while they talked
    devices: tuple[Device, ...] = ()  # that are rung; () of an older release: one, on ``leg``
    told: PlayId | None = None  # what the agent hears before the talk: the two are joined at its end
    was_told: bool = False
    plays: int = 0  # on the agent's legs

    @property
    def is_live(self) -> bool:
        return self.state is not S.ENDED

    @property
    def reached(self) -> tuple[Device, ...]:
        return self.devices or (Device(leg=self.leg, rang=self.ringing_at is not None),)

    @property
    def on_nailed_leg(self) -> bool:
        return any(device.nailed and device.leg == self.leg for device in self.devices)

    @property
    def legs(self) -> tuple[LegId, ...]:
        """What stands, or rings, for it."""
        if self.reserved:
            return ()
        if self.state is not S.RINGING:
            return (self.leg,)
        return tuple(device.leg for device in self.reached if device.is_live)

    def held(self, at: float, *, by_phone: bool = False) -> "Offer":
        """The customer holds."""
        return self if self.held_at is not None else replace(self, held_at=at, held_by_phone=by_phone, holds=self.holds + 1)

    def unheld(self, at: float) -> "Offer":
        if self.held_at is None:
            return self
        return replace(self, held_at=None, held_by_phone=False, hold_s=self.hold_s + max(0.0, at - self.held_at))

    def abandoned(self, at: float) -> "Offer":
        """The customer hung up; that counts apart when they were holding (ACD.md 63)."""
        return replace(self.unheld(at), hold_abandoned=self.hold_abandoned or self.held_at is not None)

    def move(self, state: OfferState, **changes: Any) -> "Offer":
        if state not in MOVES[self.state]:
            raise IllegalMove(f"offer {self.id}: {self.state} -> {state}")
        return replace(self, state=state, **changes)


OUTCOME_OF_CAUSE: dict[str, OfferOutcome] = {
    "NO_ANSWER": O.NO_ANSWER,
    "ALLOTTED_TIMEOUT": O.NO_ANSWER,
    "PROGRESS_TIMEOUT": O.DEVICE_DOWN,
    "USER_BUSY": O.BUSY,
    "CALL_REJECTED": O.DECLINED,
    "USER_NOT_REGISTERED": O.DEVICE_DOWN,
    "SUBSCRIBER_ABSENT": O.DEVICE_DOWN,
    "UNALLOCATED_NUMBER": O.DEVICE_DOWN,
    "NO_USER_RESPONSE": O.DEVICE_DOWN,
    "RECOVERY_ON_TIMER_EXPIRE": O.DEVICE_DOWN,
    "REDIRECTION_TO_NEW_DESTINATION": O.FORWARDED,
    "LOST": O.CANCELLED_BY_SYSTEM,
    "SWITCH_CRASH": O.CANCELLED_BY_SYSTEM,
    "NODE_DOWN": O.CANCELLED_BY_SYSTEM,
}
"""The switch's word for the end of a leg that nobody answered -> whose doing it was (ACD.md 9-14).

A word that is not here is the network's fault: an agent is never blamed for what we do not understand.
"""


def outcome_of(cause: str, sip_status: int) -> OfferOutcome:
    if 300 <= sip_status < 400:
        return O.FORWARDED
    return OUTCOME_OF_CAUSE.get(cause, O.NETWORK_ERROR)

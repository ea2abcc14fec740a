"""A device that is rung for an offer: one of the agent's phones, or a number outside. One offer may ring several (ACD.md 22)."""

from collections.abc import Iterable
from dataclasses import dataclass

from acd.words import LegId, OfferOutcome, PhoneId, PlayId

O = OfferOutcome


@dataclass(frozen=True, slots=True, kw_only=True)
class Device:
    leg: LegId
    phone: PhoneId | None = None  # None: outside the house, or the leg that is nailed up
    nailed: bool = False  # it stands already, and stays
    confirm: str = ""  # a digit that must be pressed after the pick-up, or it counts for nothing (ACD.md 15)
    rang: bool = False  # it said so itself
    picked_up_at: float | None = None  # and now the digit is waited for
    play: PlayId | None = None  # what asks for the digit
    asked_at: float = 0.0  # since when
    over: OfferOutcome | None = None  # what became of this one, while others may ring on
    cause: str = ""
    sip_status: int = 0
    rung_again_at: float | None = None  # it registered anew in the middle of the offer (ACD.md 21)

    @property
    def is_live(self) -> bool:
        return self.over is None

    @property
    def unanswered(self) -> OfferOutcome:
        """What it is when nobody picks this one up any more: one that never rang was not left ringing (FAULTS.md F31)."""
        return O.NO_ANSWER if self.rang else O.DEVICE_DOWN


BY_WEIGHT = (O.CANCELLED_BY_SYSTEM, O.DECLINED, O.NO_ANSWER, O.BUSY, O.FORWARDED, O.NETWORK_ERROR, O.DEVICE_DOWN)
"""Of several devices the first of these is what the offer came to: one that rang unanswered weighs more than another that was
busy, and an agent's device is only down when all are.
"""


def judged(devices: Iterable[Device]) -> OfferOutcome:
    """What an offer came to whose devices are all over, or not answered in time."""
    found = {device.over or device.unanswered for device in devices}
    return next((outcome for outcome in BY_WEIGHT if outcome in found), O.NETWORK_ERROR)

"""What holds a campaign back before its pacer is asked: a word of a closed set to count by, and a sentence for people."""

from dataclasses import dataclass
from enum import StrEnum


class HeldBy(StrEnum):
    HOURS = "hours"  # the campaign's own calendar is closed
    LOCAL_HOURS = "local_hours"  # of whoever would be called
    BLEND = "blend"  # it stands back for those who call
    LEADS = "leads"  # none may be dialled now
    DO_NOT_CALL = "do_not_call"  # a national list is missing or too old
    DATABASE = "database"
    HOUSE = "house"  # asked to dial, and did not
    TOO_LATE = "too_late"  # leads came when the agents were gone


LEADS = {
    "ready": "may be dialled now",
    "outside_hours": "outside the hours of who is called",
    "old_list": "in a country whose do-not-call list is too old (dialer dnc import)",
    "retry": "wait for their next attempt",
    "callback": "were promised a call later",
    "per_day": "were dialled as often as may be today",
    "lock": "locked after an abandon",
    "reserved": "need an agent reserved for them, after an abandon (modes preview, manual, progressive)",
    "number_leased": "their number is being dialled for another lead",
    "leased": "are being dialled",
    "do_not_call": "do not call",
    "total": "were dialled as often as may be",
    "done": "are done",
}
"""By what leads are held -> what is said of so many of them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    by: HeldBy
    why: str

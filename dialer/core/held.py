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


@dataclass(frozen=True, slots=True, kw_only=True)
class Held:
    by: HeldBy
    why: str

"""When a talk is recorded, and what is to become of the recording, as plain frozen data."""

import hashlib
from dataclasses import dataclass
from enum import StrEnum

from acd.core.media import Media
from acd.words import CallId


class When(StrEnum):
    NEVER = "never"
    ALWAYS = "always"
    SOME = "some"  # so many percent


class WithoutRecording(StrEnum):
    """What becomes of a talk that cannot be recorded though it is to be (ACD.md 67)."""

    TALK = "talk"
    REFUSE = "refuse"


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordPolicy:
    when: When = When.NEVER
    percent: float = 100.0  # with SOME
    keep_s: float | None = None  # None: until somebody deletes it
    longest_s: int = 4 * 3600  # of one recording; a longer talk has several
    mask_longest_s: float = 300.0  # a mask ends by itself
    without: WithoutRecording = WithoutRecording.TALK
    announce: tuple[Media, ...] = ()  # heard before the talk; who has not heard it is not recorded

    def chooses(self, call: CallId) -> bool:
        """Nothing is drawn: the same contact is recorded in all its talks, or in none."""
        if self.when is not When.SOME:
            return self.when is When.ALWAYS
        share = int.from_bytes(hashlib.sha256(call.encode()).digest()[:4], "big") / 2**32
        return share * 100 < self.percent

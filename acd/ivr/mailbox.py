"""What lies in a mailbox, as values of an errand's answer and as a text that a frame keeps. PURE; knows no file and no table."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

MAILBOX = re.compile(r"[a-z0-9][a-z0-9_-]{0,62}", re.ASCII)
MESSAGE = re.compile(r"(?=.{1,128}$)[A-Za-z0-9_-]+(\.[A-Za-z0-9_-]+)*", re.ASCII)
MOST = 50
"""More than anybody goes through by telephone; there are always the newest."""
COUNTS = NEW, OLD = "new", "old"
MESSAGES = "messages"
LINE = re.compile(r"([A-Za-z0-9._-]{1,128}) (new|old) ([0-9]{1,12}) ([0-9]{1,6}) ([0-9+*#]{0,20})", re.ASCII)


@dataclass(frozen=True, slots=True, kw_only=True)
class Lying:
    """A message in a mailbox."""

    id: str
    left_at: float
    seconds: float
    caller: str = ""
    heard: bool = False

    @property
    def line(self) -> str:
        caller = "".join(char for char in self.caller[:20] if char in "0123456789+*#")
        return f"{self.id} {OLD if self.heard else NEW} {max(0, int(self.left_at))} {max(0, round(self.seconds))} {caller}"


def values(lying: Iterable[Lying]) -> dict[str, str]:
    """How many there are, and those that are played: the new ones before the old ones, each in the order in which they came."""
    there = [one for one in lying if MESSAGE.fullmatch(one.id)]
    latest = sorted(there, key=lambda one: (one.heard, -one.left_at))[:MOST]
    played = sorted(latest, key=lambda one: (one.heard, one.left_at))
    old = sum(one.heard for one in there)
    return {NEW: str(len(there) - old), OLD: str(old), MESSAGES: "\n".join(one.line for one in played)}


def lying(text: str) -> tuple[Lying, ...]:
    """The messages in a text that ``values`` wrote. A line that it did not write is none."""
    found = (LINE.fullmatch(line) for line in text.split("\n")[:MOST])
    return tuple(
        Lying(id=one[1], heard=one[2] == OLD, left_at=float(one[3]), seconds=float(one[4]), caller=one[5]) for one in found if one
    )


def counts(told: Mapping[str, str]) -> dict[str, int]:
    return {name: int(told[name]) if told.get(name, "").isdecimal() else 0 for name in COUNTS}

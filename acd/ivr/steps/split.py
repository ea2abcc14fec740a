"""`split`: callers are shared out by percentage, each of them always the same way. The exit is named after the step it leads to.

Nothing is drawn: a caller's number, the key and the shares decide, so that a caller who calls again is treated as before, and a
replay goes the same way. Shares are laid end to end in the order of the file: when one grows, most callers stay where they were.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from hashlib import sha256
from typing import ClassVar

from acd.core.call import Call
from acd.ivr.flow import Step
from acd.ivr.scene import Scene, Turn

WHOLE = 10_000
"""All callers, in hundredths of a percent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Step):
    verb: ClassVar[str] = "split"

    shares: Mapping[str, int]  # step -> hundredths of a percent; WHOLE together
    key: str = ""  # splits with the same key treat a caller alike; '': this one is like no other

    def enter(self, scene: Scene) -> Turn:
        key = self.key or f"{scene.flow.id}\0{self.name}"
        return scene.leave(share_of(place(key, who(scene.call)), self.shares))


def who(call: Call) -> str:
    """The caller's number; a caller without one is somebody else with each call."""
    digits = "".join(char for char in call.caller_number if char in "0123456789")
    return digits or call.id


def place(key: str, who: str) -> int:
    """Where a caller stands among all callers, from 0 up to WHOLE."""
    return int.from_bytes(sha256(f"{key}\0{who}".encode()).digest()[:8]) % WHOLE


def share_of(place: int, shares: Mapping[str, int]) -> str:
    """The step in whose share a place falls."""
    end = 0
    for name, size in shares.items():
        end += size
        if place < end:
            return name
    return [*shares][-1]

"""`play`: recordings (and texts) one after the other."""

from dataclasses import dataclass
from typing import ClassVar

from acd.ivr.steps.announcement import Announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class Play(Announcement):
    verb: ClassVar[str] = "play"

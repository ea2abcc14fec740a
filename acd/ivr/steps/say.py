"""`say`: a text is spoken."""

from dataclasses import dataclass
from typing import ClassVar

from acd.ivr.steps.announcement import Announcement


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Announcement):
    verb: ClassVar[str] = "say"

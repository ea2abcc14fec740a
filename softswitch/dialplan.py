"""What happens to a call that comes in, equal to what the shipped FreeSWITCH configuration does. PURE.

Next to nothing: the caller hears ringing, the dead man's switch is armed, the call is parked. When nobody adopts it, it
comes back to ``unattended`` in ``failsafe``: an announcement, a message on tape, the end.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INBOUND = ("public", "agents")
FAILSAFE = "failsafe"
_NUMBER = re.compile(r"[A-Za-z0-9*#+._-]{1,64}")
_MARKS = (
    "park_after_bridge=true",
    "uuid_bridge_park_on_cancel=true",
    "hangup_after_bridge=false",
    "playback_terminators=none",
    "record_waste_resources=true",
    "transfer_ringback=%(1000,4000,425)",
    "app_disable_expand_variables=true",
)
_BEEP = "tone_stream://%(500,0,800)"
_MOST_S, _LEVEL, _SILENCE_S = 180, 200, 5


@dataclass(frozen=True, slots=True, kw_only=True)
class Dialplan:
    failsafe_after_s: int
    announcement: Path | None
    messages: Path

    def actions(self, *, context: str, destination: str, uuid: str) -> Sequence[tuple[str, str]] | None:
        """None when no such extension exists."""
        if context in INBOUND:
            return self._arrival() if _NUMBER.fullmatch(destination) else (("respond", "404"),)
        if context == FAILSAFE and destination == "unattended":
            return self._unattended(uuid)
        return None

    def _arrival(self) -> Sequence[tuple[str, str]]:
        return (
            *(("set", mark) for mark in _MARKS),
            ("ring_ready", ""),
            ("sched_transfer", f"+{self.failsafe_after_s} unattended XML {FAILSAFE}"),
            ("park", ""),
        )

    def _unattended(self, uuid: str) -> Sequence[tuple[str, str]]:
        announcement = [("playback", str(self.announcement))] if self.announcement else []
        return (
            ("answer", ""),
            ("set", "playback_terminators=none"),
            ("sleep", "500"),
            *announcement,
            ("playback", _BEEP),
            ("record", f"{self.messages / uuid}.wav {_MOST_S} {_LEVEL} {_SILENCE_S}"),
            ("hangup", "NORMAL_CLEARING"),
        )

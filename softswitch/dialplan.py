"""What happens to a call that comes in, equal to what the shipped FreeSWITCH configuration does. PURE.

Next to nothing: the caller hears ringing, the dead man's switch is armed, the call is parked. When nobody adopts it, it
comes back to ``unattended`` in ``failsafe``: an announcement, a message on tape, the end.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

INBOUND = ("public", "agents")
FAILSAFE = "failsafe"
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
            return (
                *(("set", f"{name}=true") for name in ("uuid_bridge_park_on_cancel", "app_disable_expand_variables")),
                ("set", "playback_terminators=none"),
                ("ring_ready", ""),
                ("sched_transfer", f"+{self.failsafe_after_s} unattended XML {FAILSAFE}"),
                ("park", ""),
            )
        if context == FAILSAFE and destination == "unattended":
            return self._unattended(uuid)
        return None

    def _unattended(self, uuid: str) -> Sequence[tuple[str, str]]:
        announcement = [("playback", str(self.announcement))] if self.announcement else []
        message = self.messages / f"{uuid}.wav"
        return (
            ("answer", ""),
            ("sleep", "500"),
            *announcement,
            ("playback", _BEEP),
            ("record", f"{message} {_MOST_S} {_LEVEL} {_SILENCE_S}"),
            ("hangup", "NORMAL_CLEARING"),
        )

"""How long a leg may be silent before its peer counts as gone: FreeSWITCH's rtp-timeout-sec and rtp-hold-timeout-sec. PURE."""

from dataclasses import dataclass

TALKING_S, HELD_S = 60.0, 1800.0
"""As in ``freeswitch_conf``."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """0 is without end."""

    talking_s: float = TALKING_S
    held_s: float = HELD_S

    def while_we(self, direction: str) -> float:
        """Seconds, by the direction that is ours. Who put us on hold may say nothing for long (``inactive`` too, as in
        FreeSWITCH); who only listens is never waited for."""
        if direction == "sendonly":
            return 0.0
        return self.held_s if direction in ("recvonly", "inactive") else self.talking_s

    @property
    def look_every_s(self) -> float:
        """Often enough that nobody is found much too late."""
        return min([1.0, *(limit_s / 4 for limit_s in (self.talking_s, self.held_s) if limit_s)])

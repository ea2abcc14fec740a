"""Digits as RFC 4733 telephone events. Pure: payloads in, digits out, and the reverse."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

DIGITS = "0123456789*#ABCD"
_EVENT = struct.Struct("!BBH")
_END = 0x80
VOLUME = 10
END_REPEATS = 3


class DigitReader:
    """Yields each event once: all its packets carry the timestamp of its start, so a repeat is known by that."""

    def __init__(self) -> None:
        self._seen: tuple[int, int] | None = None

    def read(self, payload: bytes, *, timestamp: int, ssrc: int) -> str | None:
        """The digit when this packet is the first of a new event; whichever packet of it arrives first counts."""
        if len(payload) < 4 or payload[0] >= len(DIGITS):
            return None
        if self._is_old(timestamp, ssrc):
            return None
        self._seen = (ssrc, timestamp)
        return DIGITS[payload[0]]

    def _is_old(self, timestamp: int, ssrc: int) -> bool:
        if self._seen is None or self._seen[0] != ssrc:
            return False
        # A late packet of the event before is old too; 8 s is more than any reordering.
        return (self._seen[1] - timestamp) & 0xFFFFFFFF < 64000


@dataclass(frozen=True, slots=True, kw_only=True)
class EventFrame:
    """One packet of an outgoing event: its payload, and whether it opens the event (marker bit)."""

    payload: bytes
    first: bool
    paced: bool
    """False for the repeats of the last packet: they go out in the same tick."""


def event_frames(digit: str, *, duration_ms: int) -> Iterator[EventFrame]:
    """The packets of one digit. Raises ValueError for what is no digit."""
    code = digit_code(digit)
    ticks = max(2, duration_ms // 20)
    for tick in range(1, ticks):
        yield EventFrame(payload=_EVENT.pack(code, VOLUME, tick * 160), first=tick == 1, paced=True)
    for repeat in range(END_REPEATS):
        payload = _EVENT.pack(code, _END | VOLUME, min(ticks * 160, 0xFFFF))
        yield EventFrame(payload=payload, first=False, paced=repeat == 0)


def digit_code(digit: str) -> int:
    """Raises ValueError unless it is one of ``0-9*#A-D``."""
    code = DIGITS.find(digit.upper()) if len(digit) == 1 else -1
    if code < 0:
        raise ValueError(f"{digit!r} is no digit; allowed are {DIGITS}")
    return code

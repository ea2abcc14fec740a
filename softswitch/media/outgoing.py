"""The sending half of a stream: its own sequence, timestamps and codec, whoever the audio comes from. No socket, no
clock."""

import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from softswitch.media import g711, rtp
from softswitch.media.dtmf import EventFrame

FRAME = g711.FRAME_SAMPLES


@dataclass(frozen=True, slots=True, kw_only=True)
class Remote:
    host: str
    port: int
    codec: str
    payload_type: int
    telephone_event: int | None


class Outgoing:
    """``send`` takes a datagram. Instants are seconds of any steady clock."""

    def __init__(self, send: Callable[[bytes], None]) -> None:
        self._send = send
        self._ssrc = secrets.randbits(32)
        self._sequence = secrets.randbits(16)
        self._timestamp = secrets.randbits(32)
        self._next_at: float | None = None
        self._relaying: tuple[int, int] | None = None
        self._event_timestamp = 0
        self.remote: Remote | None = None

    def pcm(self, frame: bytes, *, now: float) -> None:
        """One 20 ms frame of our own."""
        if self.remote is None:
            return
        marker = self._catch_up(now)
        self._relaying = None
        self._packet(self.remote.payload_type, g711.encode(self.remote.codec, frame), self._timestamp, marker=marker)
        self._advance(FRAME, now)

    def event(self, frame: EventFrame, *, now: float) -> None:
        """One packet of a digit; the timestamp of all its packets is that of its first (RFC 4733, 2.5.1.2)."""
        if self.remote is None or self.remote.telephone_event is None:
            return
        if frame.first:
            self._catch_up(now)
            self._relaying = None
            self._event_timestamp = self._timestamp
        self._packet(self.remote.telephone_event, frame.payload, self._event_timestamp, marker=frame.first)
        if frame.paced:
            self._advance(FRAME, now)

    def relay(self, packet: rtp.Packet, *, codec: str, now: float) -> None:
        """Audio of the other leg, in its rhythm."""
        if self.remote is None:
            return
        timestamp, fresh = self._mapped(packet, now)
        payload = g711.transcode(packet.payload, source=codec, target=self.remote.codec)
        self._packet(self.remote.payload_type, payload, timestamp, marker=fresh)
        self._timestamp = timestamp
        self._advance(len(payload), now)

    def relay_event(self, packet: rtp.Packet, *, now: float) -> None:
        if self.remote is None or self.remote.telephone_event is None:
            return
        timestamp, _ = self._mapped(packet, now)
        self._packet(self.remote.telephone_event, packet.payload, timestamp, marker=packet.marker)

    def _mapped(self, packet: rtp.Packet, now: float) -> tuple[int, bool]:
        fresh = self._relaying is None or self._relaying[0] != packet.ssrc
        if fresh:
            self._catch_up(now)
            self._relaying = (packet.ssrc, (self._timestamp - packet.timestamp) & 0xFFFFFFFF)
        assert self._relaying is not None
        return (packet.timestamp + self._relaying[1]) & 0xFFFFFFFF, fresh

    def _catch_up(self, now: float) -> bool:
        """After a pause the timestamp moves on by its length, and the first packet is marked (RFC 3551, 4.1)."""
        if self._next_at is None:
            return True
        missed = int((now - self._next_at) / g711.FRAME_S + 0.5)
        if missed < 3:
            return False
        self._timestamp = (self._timestamp + missed * FRAME) & 0xFFFFFFFF
        self._next_at += missed * g711.FRAME_S
        return True

    def _advance(self, count: int, now: float) -> None:
        self._timestamp = (self._timestamp + count) & 0xFFFFFFFF
        due = now if self._next_at is None else max(self._next_at, now - 0.1)
        self._next_at = due + count / g711.RATE_HZ

    def _packet(self, payload_type: int, payload: bytes, timestamp: int, *, marker: bool) -> None:
        packet = rtp.Packet(payload_type, self._sequence, timestamp, self._ssrc, payload, marker)
        self._sequence = (self._sequence + 1) & 0xFFFF
        self._send(rtp.pack(packet))


class DigitQueue:
    """Digits that wait to be sent, 60 ms apart."""

    GAP_TICKS = 3

    def __init__(self) -> None:
        self._waiting: list[Iterator[EventFrame]] = []
        self._gap = 0

    def add(self, frames: Iterator[EventFrame]) -> None:
        self._waiting.append(frames)

    @property
    def busy(self) -> bool:
        return bool(self._waiting) or self._gap > 0

    def tick(self) -> list[EventFrame] | None:
        """What this tick sends: packets, nothing during a gap, or None when no digit is on."""
        if self._gap:
            self._gap -= 1
            return []
        if not self._waiting:
            return None
        frame = next(self._waiting[0], None)
        if frame is None:
            self._waiting.pop(0)
            return self.tick()
        out = [frame]
        if frame.payload[1] & 0x80:
            out += list(self._waiting.pop(0))
            self._gap = self.GAP_TICKS
        return out

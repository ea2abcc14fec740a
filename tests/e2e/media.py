"""The caller's ear and mouth: RTP sent and received by the test itself, while SIPp does the signalling.

Speaks without a break like a real telephone (silence, a tone, telephone events), and keeps what it heard with its time.
"""

import audioop
import socket
import struct
import threading
import time
from collections import deque

from . import audio
from .audio import Heard

_PTIME_S = 0.02
_SAMPLES = 160
_EVENTS = "0123456789*#ABCD"
_EVENT_TYPE = 101
_EVENT_PACKETS = 6
_SILENCE = b"\xff" * _SAMPLES


class Earpiece:
    """One RTP port."""

    def __init__(self) -> None:
        self._socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self._socket.bind(("127.0.0.1", 0))
        self._socket.settimeout(0.2)
        self.port = int(self._socket.getsockname()[1])
        self.heard: list[Heard] = []
        self.events_heard: list[tuple[float, int]] = []
        self._peer: tuple[str, int] | None = None
        self._tone: float | None = None
        self._dials: deque[str] = deque()
        self._words = b""
        self._sequence, self._timestamp = 1000, 8000
        self._stopped = threading.Event()
        self._threads = [
            threading.Thread(target=self._listen, name=f"rtp-in-{self.port}", daemon=True),
            threading.Thread(target=self._speak, name=f"rtp-out-{self.port}", daemon=True),
        ]
        for thread in self._threads:
            thread.start()

    def talk_to(self, host: str, port: int) -> None:
        self._peer = (host, port)

    def fall_silent(self) -> None:
        """Not a packet any more; it goes on listening."""
        self._peer = None

    def hum(self, frequency: float | None) -> None:
        """Speak this tone from now on; None is silence."""
        self._tone = frequency

    def say(self, pcm: bytes) -> None:
        """Speak this, once, in place of the tone and after what is not yet said."""
        self._words += pcm

    @property
    def is_speaking(self) -> bool:
        return bool(self._words)

    def press(self, digits: str) -> None:
        """Digits by RFC 4733, one after the other."""
        self._dials.extend(digits)

    def hears_tone(self, frequency: float, *, since: float, blocks: int = 5, share: float = 0.6) -> bool:
        """Whether the tone fills at least so many tenths of a second of what was heard since then."""
        return audio.blocks_with_tone(self.sound(since=since), frequency, share=share) >= blocks

    def hears_anything(self, *, since: float, packets: int = 15) -> bool:
        return sum(1 for packet in self.since(since) if packet.is_loud) >= packets

    def since(self, instant: float) -> list[Heard]:
        return [packet for packet in list(self.heard) if packet.at >= instant]

    def sound(self, *, since: float, until: float = float("inf")) -> bytes:
        return b"".join(packet.pcm for packet in self.since(since) if packet.at <= until)

    def longest_silence_s(self, *, begin: float, end: float) -> float:
        return audio.longest_silence_s(list(self.heard), begin=begin, end=end)

    def close(self) -> None:
        self._stopped.set()
        for thread in self._threads:
            thread.join(2)
        self._socket.close()

    def _listen(self) -> None:
        while not self._stopped.is_set():
            try:
                packet = self._socket.recv(2048)
            except TimeoutError:
                continue
            except OSError:
                return
            self._take(packet, time.monotonic())

    def _take(self, packet: bytes, at: float) -> None:
        if len(packet) < 12 or packet[0] >> 6 != 2:
            return
        kind, offset = packet[1] & 0x7F, 12 + 4 * (packet[0] & 0x0F)
        payload = packet[offset:]
        if kind in (0, 8):
            self.heard.append(Heard(at=at, pcm=audio.decode(kind, payload)))
        elif len(payload) >= 4:
            self.events_heard.append((at, payload[0]))

    def _speak(self) -> None:
        next_at = time.monotonic()
        while not self._stopped.wait(max(0.0, next_at - time.monotonic())):
            next_at += _PTIME_S
            if self._peer is None:
                continue
            if self._dials:
                next_at += self._send_digit(self._dials.popleft())
            else:
                self._send(0, self._next_sound())
                self._timestamp += _SAMPLES

    def _next_sound(self) -> bytes:
        if self._words:
            frame, self._words = self._words[: 2 * _SAMPLES], self._words[2 * _SAMPLES :]
            return audioop.lin2ulaw(frame.ljust(2 * _SAMPLES, b"\0"), 2)
        if self._tone is None:
            return _SILENCE
        return audioop.lin2ulaw(audio.sine(self._tone, start=self._timestamp, samples=_SAMPLES), 2)

    def _send_digit(self, digit: str) -> float:
        """Sends a whole telephone event (and a pause after it), in its own time; returns how long that took."""
        event, began = _EVENTS.index(digit), time.monotonic()
        for number in range(_EVENT_PACKETS + 3):  # the end is sent three times (RFC 4733, 2.5.1.4)
            last = number >= _EVENT_PACKETS - 1
            length = min(number + 1, _EVENT_PACKETS) * _SAMPLES
            self._send(_EVENT_TYPE, struct.pack("!BBH", event, 10 | (0x80 if last else 0), length), first=number == 0)
            self._stopped.wait(_PTIME_S if number < _EVENT_PACKETS else 0)
        self._timestamp += (_EVENT_PACKETS + 4) * _SAMPLES
        self._stopped.wait(4 * _PTIME_S)
        return time.monotonic() - began

    def _send(self, kind: int, payload: bytes, *, first: bool = False) -> None:
        if (peer := self._peer) is None:
            return
        self._sequence = (self._sequence + 1) & 0xFFFF
        header = struct.pack("!BBHII", 0x80, kind | (0x80 if first else 0), self._sequence, self._timestamp, 0xACD0 + self.port)
        try:
            self._socket.sendto(header + payload, peer)
        except OSError:  # the far port is closed already: what a real phone ignores too
            return

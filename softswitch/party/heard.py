"""What a virtual party heard: samples, their loudness, the tones in them. Audio is stored by the event loop, so it
stays cheap."""

from collections.abc import Callable
from typing import Any

import numpy as np
from gevent.event import Event
from numpy.typing import NDArray

from softswitch.media.g711 import RATE_HZ, rms

WINDOW_BYTES = 1600
"""100 ms: long enough to tell tones 20 Hz apart, short enough to find a beep."""


class Heard:
    """Keeps the last ``keep_s`` seconds."""

    def __init__(self, *, keep_s: float = 60.0) -> None:
        self._pcm = bytearray()
        self._keep_bytes = int(keep_s * RATE_HZ) * 2
        self._since_mark = 0
        self._watch: list[tuple[Callable[[bytes], bool], Event]] = []

    def add(self, pcm: bytes) -> None:
        self._pcm += pcm
        self._since_mark += len(pcm)
        if len(self._pcm) > self._keep_bytes + 2 * RATE_HZ:
            del self._pcm[: len(self._pcm) - self._keep_bytes]
        if self._watch:
            window = bytes(self._pcm[-min(WINDOW_BYTES, self._since_mark) :])
            for matches, event in self._watch:
                if len(window) >= WINDOW_BYTES and matches(window):
                    event.set()

    def samples(self) -> NDArray[np.int16]:
        return np.frombuffer(bytes(self._pcm), dtype="<i2")

    def forget(self) -> None:
        """What was heard until now does not count any more."""
        self._pcm.clear()
        self._since_mark = 0

    def has_tone(self, hz: float) -> bool:
        return tone_share(self.samples(), hz) > 0.5

    def wait_loud(self, *, timeout_s: float, level: int = 300) -> bool:
        """Until 100 ms from now on are louder than ``level`` (RMS). False when time is up."""
        return self._wait(lambda window: rms(window) >= level, timeout_s)

    def wait_tone(self, hz: float, *, timeout_s: float) -> bool:
        """Until 100 ms from now on are mostly this tone. False when time is up."""
        return self._wait(lambda window: rms(window) > 50 and tone_share(np.frombuffer(window, dtype="<i2"), hz) > 0.5, timeout_s)

    def _wait(self, matches: Callable[[bytes], bool], timeout_s: float) -> bool:
        event = Event()
        entry = (matches, event)
        self._since_mark = 0
        self._watch.append(entry)
        try:
            return event.wait(timeout_s)
        finally:
            self._watch.remove(entry)


def tone_share(samples: NDArray[Any], hz: float) -> float:
    """The part of the energy that is at ``hz``, 0 to 1 (Goertzel's power, as one product)."""
    count = len(samples)
    if count == 0:
        return 0.0
    wave = samples.astype(np.float64)
    energy = float(wave @ wave)
    if energy < 1.0:
        return 0.0
    turn = np.exp(-2j * np.pi * hz / RATE_HZ * np.arange(count))
    return float(min(1.0, 2 * abs(wave @ turn) ** 2 / (count * energy)))

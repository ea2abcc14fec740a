"""Evens out arrival: audio comes in bursts, a recording wants one frame a tick. Pure."""

from softswitch.media.g711 import FRAME_BYTES

SILENCE = bytes(FRAME_BYTES)
START_BYTES = 2 * FRAME_BYTES
MAX_BYTES = 15 * FRAME_BYTES


class Smooth:
    """Waits for two frames, then gives one a tick; runs dry into silence, and drops the oldest beyond 300 ms."""

    def __init__(self) -> None:
        self._held = bytearray()
        self._flowing = False

    def put(self, pcm: bytes) -> None:
        self._held += pcm
        if len(self._held) > MAX_BYTES:
            del self._held[: len(self._held) - MAX_BYTES]

    def take(self) -> bytes:
        if not self._flowing and len(self._held) < START_BYTES:
            return SILENCE
        self._flowing = len(self._held) >= FRAME_BYTES
        if not self._flowing:
            return SILENCE
        frame = bytes(self._held[:FRAME_BYTES])
        del self._held[:FRAME_BYTES]
        return frame

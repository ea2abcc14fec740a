"""G.711 both laws, PCM16 mono at 8 kHz in and out. Nothing here knows of packets."""

import warnings
from collections.abc import Callable

with warnings.catch_warnings():
    # audioop left the standard library in 3.13; there audioop-lts takes its place under the same name.
    warnings.simplefilter("ignore", DeprecationWarning)
    import audioop

RATE_HZ = 8000
FRAME_SAMPLES = 160
FRAME_BYTES = 320
FRAME_S = 0.02

PAYLOAD_TYPES = {"PCMU": 0, "PCMA": 8}
CODECS = {number: name for name, number in PAYLOAD_TYPES.items()}

_DECODE: dict[str, Callable[[bytes, int], bytes]] = {"PCMU": audioop.ulaw2lin, "PCMA": audioop.alaw2lin}
_ENCODE: dict[str, Callable[[bytes, int], bytes]] = {"PCMU": audioop.lin2ulaw, "PCMA": audioop.lin2alaw}


def decode(codec: str, payload: bytes) -> bytes:
    return _DECODE[codec](payload, 2)


def encode(codec: str, pcm: bytes) -> bytes:
    return _ENCODE[codec](pcm, 2)


def transcode(payload: bytes, *, source: str, target: str) -> bytes:
    return payload if source == target else encode(target, decode(source, payload))


def add(one: bytes, other: bytes) -> bytes:
    """Both at once; what would be louder than can be said is clipped."""
    return audioop.add(one, other, 2)


def rms(pcm: bytes) -> int:
    """Loudness of PCM16, 0 to 32767."""
    return audioop.rms(pcm, 2)

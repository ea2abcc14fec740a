"""What is heard: G.711 to samples, tones found by Goertzel's filter, and silence measured over time.

Knows no socket and no file format but WAV; a stretch of sound is a list of ``Heard`` in the order of arrival.
"""

import audioop
import wave
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

RATE = 8000
QUIET_RMS = 120  # 16-bit; the noise floor of G.711 silence is below 10, the faintest speech of the prompts is above 300
_BLOCK = 800  # 100 ms: long enough to tell tones 20 Hz apart


@dataclass(frozen=True, slots=True, kw_only=True)
class Heard:
    """One packet's worth of sound."""

    at: float  # time.monotonic() of arrival
    pcm: bytes  # 16-bit little-endian, 8 kHz, mono

    @property
    def rms(self) -> int:
        return audioop.rms(self.pcm, 2)

    @property
    def is_loud(self) -> bool:
        return self.rms > QUIET_RMS


def decode(payload_type: int, payload: bytes) -> bytes:
    return audioop.ulaw2lin(payload, 2) if payload_type == 0 else audioop.alaw2lin(payload, 2)


def sine(frequency: float, *, start: int, samples: int, amplitude: int = 8000) -> bytes:
    at = np.arange(start, start + samples)
    return bytes((amplitude * np.sin(2 * np.pi * frequency / RATE * at)).astype("<i2").tobytes())


def words(seconds: float) -> bytes:
    """Somebody who speaks: bursts of noise that is no tone, and quiet between them."""
    size = int(RATE * seconds)
    rough = np.convolve(np.random.default_rng(size).normal(size=size), np.ones(6) / 6, "same")
    spoken = np.sin(2 * np.pi * 1.5 * np.arange(size) / RATE) > 0
    return bytes(np.where(spoken, 6000 * rough, 0).clip(-30000, 30000).astype("<i2").tobytes())


def still(seconds: float) -> bytes:
    return bytes(2 * int(RATE * seconds))


def tone_share(pcm: bytes, frequency: float) -> float:
    """How much of the energy lies at ``frequency``: about 1 for the pure tone, about 0 for anything else."""
    return float(_shares(np.frombuffer(pcm, dtype="<i2").reshape(1, -1), frequency)[0])


def blocks_with_tone(pcm: bytes, frequency: float, *, share: float = 0.6) -> int:
    """In how many blocks of 100 ms the tone is most of what is heard."""
    samples = np.frombuffer(pcm, dtype="<i2")
    whole = samples[: len(samples) // _BLOCK * _BLOCK].reshape(-1, _BLOCK)
    return int(np.count_nonzero(_shares(whole, frequency) > share)) if len(whole) else 0


def has_short_tone(pcm: bytes, frequency: float, *, share: float = 0.8) -> bool:
    """Whether any 100 ms, wherever they begin, are mostly the tone: for one too short to fill a block that begins by the clock."""
    return any(blocks_with_tone(pcm[start * 2 :], frequency, share=share) for start in range(0, _BLOCK, _BLOCK // 5))


def _shares(blocks: Any, frequency: float) -> Any:
    """Goertzel's filter is one bin of a Fourier transform; here as a product with that bin's wave, for all blocks at once."""
    samples = blocks.astype(np.float64)
    size = samples.shape[1]
    energy = (samples**2).sum(axis=1)
    power = np.abs(samples @ np.exp(-2j * np.pi * frequency / RATE * np.arange(size))) ** 2
    return np.where(energy > size * QUIET_RMS**2, 2 * power / (size * np.maximum(energy, 1.0)), 0.0)


def longest_silence_s(heard: Sequence[Heard], *, begin: float, end: float) -> float:
    """The longest stretch between two loud packets, or from either edge to the nearest; a stream that stops is silence too."""
    loud = [packet.at for packet in heard if begin <= packet.at <= end and packet.is_loud]
    edges = [begin, *loud, end]
    return max(later - earlier for earlier, later in zip(edges, edges[1:], strict=False))


def find(sound: bytes, clip: bytes, *, least: float = 0.75) -> int | None:
    """At which sample ``clip`` begins in what was heard, by correlation; None when it is not in it (G.711's noise is allowed for)."""
    heard, wanted = (np.frombuffer(pcm, dtype="<i2").astype(np.float64) for pcm in (sound, clip))
    if len(heard) < len(wanted):
        return None
    size = 1 << (len(heard) + len(wanted)).bit_length()
    product = np.fft.irfft(np.fft.rfft(heard, size) * np.conj(np.fft.rfft(wanted, size)), size)[: len(heard) - len(wanted) + 1]
    sums = np.concatenate([[0.0], np.cumsum(heard**2)])
    energy = (sums[len(wanted) :] - sums[: len(sums) - len(wanted)]) * float((wanted**2).sum())
    alike = product / np.sqrt(np.maximum(energy, 1.0))
    at = int(np.argmax(alike))
    return at if alike[at] >= least else None


def write_tone(path: Path, frequency: float, *, seconds: int) -> Path:
    with wave.open(str(path), "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        one_second = sine(frequency, start=0, samples=RATE)  # whole hertz: every second is the same
        out.writeframes(one_second * seconds)
    return path


def pcm_of_growing_wav(path: Path) -> bytes:
    """The samples of a recording that is still written to: its header's lengths are not yet true."""
    content = path.read_bytes() if path.exists() else b""
    at = content.find(b"data")
    whole = content[at + 8 :] if at >= 0 else b""
    return whole[: len(whole) // 2 * 2]

"""Sound as numbers: WAV in and out, to what a telephone plays (8 kHz, mono, 16 bit), at an even level."""

import io
import os
import tempfile
import wave
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

RATE_HZ = 8000
MAX_SECONDS = 30 * 60
PASS_HZ, STOP_HZ = 3500.0, 3950.0  # nothing above half the rate may survive, or it folds back as hiss
SPEECH_RMS = 0.1  # -20 dB below full scale, where recorded prompts usually are
PEAK = 0.89
QUIET = 0.003
MARGIN_S = 0.06

Samples = NDArray[np.float64]
"""Mono, between -1 and 1."""


class NoSound(Exception):
    """These bytes are no sound that we can read; the text says why."""


@dataclass(frozen=True, slots=True)
class Sound:
    samples: Samples
    rate: int

    @property
    def seconds(self) -> float:
        return len(self.samples) / self.rate


def read_wav(data: bytes) -> Sound:
    """A PCM WAV of 8, 16, 24 or 32 bit and any number of channels, as mono. Raises NoSound."""
    try:
        with wave.open(io.BytesIO(data), "rb") as wav:
            width, channels, rate = wav.getsampwidth(), wav.getnchannels(), wav.getframerate()
            # A WAV from a pipe claims an endless length; what is there is what counts.
            raw = wav.readframes(min(wav.getnframes(), rate * MAX_SECONDS))
    except (wave.Error, EOFError, OSError, ValueError, RuntimeError) as error:
        raise NoSound(f"this is no WAV with plain PCM: {error or 'it ends too early'}") from error
    if not 1000 <= rate <= 384_000 or not 1 <= channels <= 16 or width not in (1, 2, 3, 4):
        found = f"{rate} Hz, {channels} channels, {8 * width} bit"
        raise NoSound(f"{found}; 1,000 to 384,000 Hz, 1 to 16 channels, 8 to 32 bit are allowed")
    samples = _numbers(raw[: len(raw) // (width * channels) * width * channels], width)
    return Sound(samples.reshape(-1, channels).mean(axis=1), rate)


def seconds_of(path: Path) -> float | None:
    """How long a WAV plays, by its head alone; None for what is none."""
    try:
        with wave.open(str(path), "rb") as wav:
            return wav.getnframes() / wav.getframerate()
    except (wave.Error, EOFError, OSError, ZeroDivisionError):
        return None


def _numbers(raw: bytes, width: int) -> Samples:
    if width == 1:
        return (np.frombuffer(raw, dtype=np.uint8).astype(np.float64) - 128) / 128
    if width == 3:
        parts = np.frombuffer(raw, dtype=np.uint8).reshape(-1, 3)
        wide = np.zeros((len(parts), 4), dtype=np.uint8)
        wide[:, 1:] = parts
        return wide.view("<i4").reshape(-1).astype(np.float64) / 2**31
    whole = np.frombuffer(raw, dtype=f"<i{width}").astype(np.float64)
    return np.asarray(whole / 2 ** (8 * width - 1))


def resampled(sound: Sound) -> Samples:
    """At our rate. In the spectrum, where what does not fit is cut off exactly; padded, so that the ends do not meet."""
    if sound.rate == RATE_HZ or not len(sound.samples):
        return sound.samples
    common = gcd(sound.rate, RATE_HZ)
    down, up = sound.rate // common, RATE_HZ // common
    blocks = 1 << max(0, int(np.ceil(np.log2((len(sound.samples) + sound.rate // 10) / down))))
    spectrum = np.fft.rfft(sound.samples, n=blocks * down)
    size = blocks * up // 2 + 1
    kept = np.zeros(size, dtype=complex)
    both = min(size, len(spectrum))
    kept[:both] = spectrum[:both] * _gate(np.arange(both) * sound.rate / (blocks * down), sound.rate)
    out = np.fft.irfft(kept, n=blocks * up) * (up / down)
    return np.asarray(out[: round(len(sound.samples) * RATE_HZ / sound.rate)])


def _gate(hz: Samples, rate: int) -> Samples:
    """1 below the band's edge, falling softly to 0, so that it does not ring."""
    edge = min(rate, RATE_HZ) / RATE_HZ
    across = np.clip((hz - PASS_HZ * edge) / ((STOP_HZ - PASS_HZ) * edge), 0, 1)
    return np.asarray(0.5 + 0.5 * np.cos(np.pi * across))


def prompt(sound: Sound) -> Samples:
    """Ready to be played: our rate, silence at both ends cut off, at the level of all the others, without a click."""
    samples = _trimmed(resampled(sound))
    return _faded(levelled(samples))


def levelled(samples: Samples, rms: float = SPEECH_RMS) -> Samples:
    """At an even loudness: measured where somebody speaks, and never clipped."""
    loud = samples[np.abs(samples) > QUIET]
    if not len(loud):
        return samples
    gain = min(rms / float(np.sqrt(np.mean(loud**2))), 20.0)
    peak = float(np.max(np.abs(samples))) * gain
    return samples * (gain if peak <= PEAK else gain * PEAK / peak)


def _trimmed(samples: Samples) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    if not len(loud):
        return samples[: RATE_HZ // 2]
    margin = int(MARGIN_S * RATE_HZ)
    return samples[max(0, loud[0] - margin) : loud[-1] + margin]


def _faded(samples: Samples, seconds: float = 0.005) -> Samples:
    n = min(int(seconds * RATE_HZ), len(samples) // 2)
    if n:
        ramp = np.linspace(0, 1, n)
        samples = samples.copy()
        samples[:n] *= ramp
        samples[-n:] *= ramp[::-1]
    return samples


def wav_bytes(samples: Samples) -> bytes:
    out = io.BytesIO()
    with wave.open(out, "wb") as wav:
        wav.setnchannels(1)
        wav.setsampwidth(2)
        wav.setframerate(RATE_HZ)
        wav.writeframes((np.clip(samples, -1, 1) * 32767).astype("<i2").tobytes())
    return out.getvalue()


def save(path: Path, samples: Samples) -> None:
    """Whole or not at all: a switch that opens the file meanwhile finds the old one or the new one."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fd, temporary = tempfile.mkstemp(dir=path.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(fd, "wb") as out:
            out.write(wav_bytes(samples))
        os.chmod(temporary, 0o644)  # the switch may run as somebody else
        os.replace(temporary, path)
    except BaseException:
        os.unlink(temporary)
        raise

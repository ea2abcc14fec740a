"""Sound as numbers: WAV in and out, to what a telephone plays (8 kHz, mono, 16 bit), at an even level."""

import io
import os
import tempfile
import wave
from dataclasses import dataclass
from math import gcd
from pathlib import Path

import numpy as np
import soundfile
from numpy.typing import NDArray

RATE_HZ = 8000
MAX_SECONDS = 30 * 60
PASS_HZ, STOP_HZ = 3500.0, 3950.0  # nothing above half the rate may survive, or it folds back as hiss
FORMATS = ("WAV", "WAVEX", "FLAC", "OGG", "MP3")
SPEECH_RMS = 0.1  # -20 dB below full scale, where recorded prompts usually are
PEAK = 0.89
MAX_GAIN = 20.0
QUIET = 0.003
MARGIN_S, RECORDING_MARGIN_S = 0.06, 0.2
BLOCK_S, HOP_S = 0.4, 0.1  # loudness is measured in blocks, as EBU R128 does it
NOTHING = 1e-6  # the power of a block in which nobody speaks
PAUSE = 0.1  # blocks so far below the mean are pauses
LOOK_S = 0.005  # so long before and after a peak the limiter works

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


def read_sound(data: bytes) -> Sound:
    """A recording as people bring it: WAV of any kind (A-law and mu-law too), FLAC, Ogg or MP3, as mono. Raises NoSound."""
    try:
        with soundfile.SoundFile(io.BytesIO(data)) as file:
            if file.format not in FORMATS:
                raise NoSound(f"this is {file.format}; {', '.join(FORMATS)} are allowed")
            if file.frames > file.samplerate * MAX_SECONDS:
                raise NoSound(f"it lasts {file.frames / file.samplerate / 60:.0f} minutes; up to {MAX_SECONDS // 60} are allowed")
            rate, samples = file.samplerate, file.read(file.samplerate * MAX_SECONDS, dtype="float64", always_2d=True)
    except (soundfile.SoundFileError, RuntimeError, ValueError) as error:
        raise NoSound(f"this is no sound that can be read ({getattr(error, 'error_string', error)})") from error
    if not 1000 <= rate <= 384_000 or samples.shape[1] > 16:
        raise NoSound(f"{rate} Hz, {samples.shape[1]} channels; 1,000 to 384,000 Hz, 1 to 16 channels are allowed")
    if not len(samples):
        raise NoSound("there is no sound in it")
    if not np.isfinite(samples).all():
        raise NoSound("it holds values that are no numbers; export it again")
    return Sound(samples.mean(axis=1), rate)


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


def prompt(sound: Sound, margin_s: float = MARGIN_S) -> Samples:
    """Ready to be played: our rate, silence at both ends cut off, at the level of all the others, without a click."""
    return _faded(_trimmed(levelled(centred(resampled(sound))), margin_s))


def recording(sound: Sound) -> Samples:
    """The same for what people recorded: their soft beginnings and ends are kept."""
    return prompt(sound, RECORDING_MARGIN_S)


def centred(samples: Samples) -> Samples:
    """Without a constant part, which clicks at both ends and costs room."""
    return samples - float(np.mean(samples)) if len(samples) else samples


def levelled(samples: Samples, rms: float = SPEECH_RMS) -> Samples:
    """At an even loudness: measured where somebody speaks; single peaks give way, and nothing is clipped."""
    loudness = _loudness(samples)
    return limited(samples * min(rms / loudness, MAX_GAIN)) if loudness else samples


def _loudness(samples: Samples) -> float:
    """The level of the blocks in which something is heard, without the pauses (after EBU R128, without its filter)."""
    size, hop = min(int(BLOCK_S * RATE_HZ), len(samples)), int(HOP_S * RATE_HZ)
    if not size:
        return 0.0
    sums = np.concatenate([[0.0], np.cumsum(samples**2)])
    starts = np.arange(0, len(samples) - size + 1, hop)
    power = (sums[starts + size] - sums[starts]) / size
    power = power[power > NOTHING]
    power = power[power > PAUSE * power.mean()] if len(power) else power
    return float(np.sqrt(power.mean())) if len(power) else 0.0


def limited(samples: Samples, peak: float = PEAK) -> Samples:
    """No sample above ``peak``: what is near one becomes softer for a few milliseconds, the rest stays as it is."""
    over = np.abs(samples)
    if not len(samples) or over.max() <= peak:
        return samples
    width = int(LOOK_S * RATE_HZ)
    needed = np.pad(np.minimum(1.0, peak / np.maximum(over, peak)), 2 * width, mode="edge")
    lowest = np.lib.stride_tricks.sliding_window_view(needed, 2 * width + 1).min(axis=1)
    gain = np.convolve(lowest, np.full(2 * width + 1, 1 / (2 * width + 1)), mode="valid")
    return np.asarray(samples * gain)


def _trimmed(samples: Samples, margin_s: float) -> Samples:
    loud = np.flatnonzero(np.abs(samples) > QUIET)
    if not len(loud):
        return samples[: RATE_HZ // 2]
    margin = int(margin_s * RATE_HZ)
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

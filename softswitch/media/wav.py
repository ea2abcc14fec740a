"""WAV files as 8 kHz mono PCM16 in memory, kept while they do not change on disk. Reads only; names are the caller's
matter."""

import os
import wave
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from softswitch.media.g711 import RATE_HZ

MAX_BYTES = 64 * 1024 * 1024
TAPS = 31


class SourceMissing(Exception):
    """The source cannot be played; the text says which and why."""


def load(path: Path) -> bytes:
    """The samples. Raises SourceMissing when the file is not there, too large, or no PCM16 WAV."""
    try:
        status = os.stat(path)
    except (OSError, ValueError) as error:
        raise SourceMissing(f"{path}: {getattr(error, 'strerror', None) or error}") from error
    if status.st_size > MAX_BYTES:
        raise SourceMissing(f"{path}: {status.st_size} bytes, allowed are {MAX_BYTES}")
    return _load(str(path), status.st_mtime_ns, status.st_size)


@lru_cache(maxsize=64)
def _load(path: str, _changed_ns: int, _size: int) -> bytes:
    try:
        with wave.open(path, "rb") as wav:
            if wav.getsampwidth() != 2 or wav.getnchannels() not in (1, 2):
                raise SourceMissing(f"{path}: 16 bit mono or stereo is allowed, this is {wav.getparams()[:2]}")
            samples = np.frombuffer(wav.readframes(wav.getnframes()), dtype="<i2")
            rate, channels = wav.getframerate(), wav.getnchannels()
    except (OSError, EOFError, wave.Error, ValueError) as error:
        raise SourceMissing(f"{path}: {error or 'ends too early'}") from error
    if channels == 2:
        samples = samples[: len(samples) // 2 * 2].reshape(-1, 2).mean(axis=1).astype("<i2")
    return resample(samples, rate).tobytes()


def resample(samples: NDArray[Any], rate: int) -> NDArray[np.int16]:
    """To 8 kHz; low-passed first when that loses bandwidth, so that hiss does not fold into the voice."""
    if rate == RATE_HZ or not len(samples):
        return np.asarray(samples, dtype="<i2")
    wave_in = samples.astype(np.float64)
    if rate > RATE_HZ:
        wave_in = np.convolve(wave_in, _low_pass(rate), mode="same")
    count = int(len(samples) * RATE_HZ / rate)
    at = np.arange(count) * (rate / RATE_HZ)
    resampled = np.interp(at, np.arange(len(wave_in)), wave_in)
    return np.asarray(np.clip(resampled, -32768, 32767), dtype="<i2")


def _low_pass(rate: int) -> NDArray[np.float64]:
    cutoff = 0.45 * RATE_HZ / rate
    n = np.arange(TAPS) - TAPS // 2
    taps = 2 * cutoff * np.sinc(2 * cutoff * n) * np.hamming(TAPS)
    return np.asarray(taps / taps.sum())

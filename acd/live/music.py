"""Sounds that we make ourselves: hold music that belongs to nobody else, and the tones. The same numbers on every machine."""

import numpy as np

from acd.live.sound import RATE_HZ, Samples, Sound, levelled, resampled

CHORD_S = 3.0
MUSIC_RMS = 0.06
# A slow round in F, written for this project: bass note and four voices each, as steps from A (440 Hz).
CHORDS = (
    (-28, (-16, -12, -9, -4)), (-24, (-12, -9, -5, -2)), (-19, (-14, -7, -4, 0)), (-21, (-14, -9, -5, -2)),
    (-28, (-12, -9, -4, 0)), (-23, (-14, -11, -7, -2)), (-26, (-14, -11, -4, -2)), (-21, (-14, -11, -9, -5)),
    (-19, (-12, -7, -4, 0)), (-24, (-14, -12, -9, -5)), (-28, (-16, -12, -9, -4)), (-23, (-14, -11, -7, -4)),
    (-26, (-14, -11, -7, -2)), (-21, (-14, -9, -5, -2)),
)  # fmt: skip
PLUCKED = (0, 2, 1, 3, 2, 1)


def hold_music() -> Samples:
    """42 seconds that end where they begin, within what a telephone line carries."""
    size = int(len(CHORDS) * CHORD_S * RATE_HZ)
    music = np.zeros(size)
    for n, (bass, voices) in enumerate(CHORDS):
        start = int(n * CHORD_S * RATE_HZ)
        for voice in voices:
            _add(music, start, 0.5 * _pad(_hz(voice)))
        _add(music, start, 0.8 * _pad(_hz(bass)))
        for k, place in enumerate(PLUCKED):
            _add(music, start + int(k * CHORD_S / len(PLUCKED) * RATE_HZ), 0.55 * _pluck(_hz(voices[place] + 12)))
    return levelled(music, MUSIC_RMS)


def of(sound: Sound) -> Samples:
    """Somebody's own music, made ready: quieter than speech, and its pauses kept."""
    return levelled(resampled(sound), MUSIC_RMS)


def tone(name: str) -> Samples:
    """``beep``: speak now. ``gone``: the other side has left. ``zip``: somebody is put through now. ``comfort``: the line
    stands, a minute of next to nothing. ``ringing``: somebody's phone rings, for two minutes. ``no``: what was typed cannot be.
    Raises KeyError for any other."""
    return {"beep": _beep, "gone": _gone, "zip": _zip, "comfort": _comfort, "ringing": _ringing, "no": _no}[name]()


TONES = ("beep", "gone", "zip", "comfort", "ringing", "no")


SILENCE_S = 0.5
COMFORT_S = 60.0
COMFORT_RMS = 0.0015


def silence(seconds: float = SILENCE_S) -> Samples:
    return np.zeros(int(seconds * RATE_HZ))


def _hz(steps: int) -> float:
    return 440.0 * float(2.0 ** (steps / 12))


def _add(music: Samples, start: int, note: Samples) -> None:
    """Round the end to the beginning, so that the music can be repeated without a seam."""
    where = (start + np.arange(len(note))) % len(music)
    music[where] += note


def _pad(hz: float) -> Samples:
    """A soft, slowly swelling sound of a few overtones, a little longer than its chord."""
    t = np.arange(int((CHORD_S + 1.2) * RATE_HZ)) / RATE_HZ
    swell = np.sin(np.pi * t / t[-1]) ** 1.5
    slow = 1 + 0.12 * np.sin(2 * np.pi * 0.7 * t + hz)
    partials = sum(np.sin(2 * np.pi * hz * k * (1 + 0.0007 * k) * t) / k**2.2 for k in (1, 2, 3, 4))
    return np.asarray(swell * slow * partials)


def _pluck(hz: float) -> Samples:
    t = np.arange(int(1.6 * RATE_HZ)) / RATE_HZ
    attack = np.minimum(t / 0.008, 1)
    partials = sum(np.sin(2 * np.pi * hz * k * t) * np.exp(-(2.2 + 1.8 * k) * t) / k**1.6 for k in (1, 2, 3) if hz * k < 3400)
    return np.asarray(attack * partials * np.minimum((t[-1] - t) / 0.05, 1))


def _beep() -> Samples:
    return _bell((1000.0,), 0.35)


def _gone() -> Samples:
    note = _bell((425.0,), 0.25)
    return np.concatenate([note, silence(0.2)] * 3)


def _ringing() -> Samples:
    """A second of the tone, four of silence, as telephones in Europe do it."""
    t = np.arange(RATE_HZ) / RATE_HZ
    edge = np.minimum(np.minimum(t, 1 - t) / 0.01, 1)
    return np.tile(np.concatenate([0.3 * edge * np.sin(2 * np.pi * 425.0 * t), silence(4.0)]), 24)


def _zip() -> Samples:
    return np.concatenate([_bell((1400.0,), 0.12), silence(0.05), _bell((1400.0,), 0.12)])


def _no() -> Samples:
    note = _bell((300.0,), 0.15)
    return np.concatenate([note, silence(0.1), note])


def _comfort() -> Samples:
    """A line that is alive: noise that is only just there, the same on every machine."""
    return np.random.default_rng(60).normal(0.0, COMFORT_RMS, int(COMFORT_S * RATE_HZ))


def _bell(hz: tuple[float, ...], seconds: float) -> Samples:
    t = np.arange(int(seconds * RATE_HZ)) / RATE_HZ
    edge = np.minimum(np.minimum(t, t[-1] - t) / 0.01, 1)
    return np.asarray(0.2 * edge * sum(np.sin(2 * np.pi * f * t) for f in hz))

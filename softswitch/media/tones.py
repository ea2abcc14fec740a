"""Tone specifications, a useful part of the notation that FreeSWITCH's tone_stream takes, and generated music. Pure."""

import re
from collections.abc import Iterator
from functools import lru_cache

import numpy as np

from softswitch.media.g711 import RATE_HZ
from softswitch.media.wav import SourceMissing

_TONE = re.compile(r"%\(\s*(\d{1,6})\s*,\s*(\d{1,6})\s*((?:,\s*\d{1,4}(?:\.\d+)?\s*){0,4})\)")
_SETTING = re.compile(r"(v|L|l|loops)=(-?\d{1,4}(?:\.\d+)?)")
MAX_S = 60
ALLOWED = "%(on_ms,off_ms,hz[,hz...]), v=-7 (dB), L=n, loops=n, separated by ; or ,"


def parse_tone(spec: str) -> tuple[bytes, int]:
    """(PCM16 of one round, rounds; -1 is for ever). Raises SourceMissing with what is allowed."""
    parts: list[bytes] = []
    volume, rounds, at, text = -7.0, 1, 0, spec.strip()
    while at < len(text):
        if found := _TONE.match(text, at):
            hz = [float(one) for one in found[3].split(",") if one.strip()]
            parts.append(_tone(int(found[1]), hz, volume) + bytes(16 * int(found[2])))
        elif found := _SETTING.match(text, at):
            if found[1] == "v":
                volume = max(-63.0, min(0.0, float(found[2])))
            else:
                rounds = int(float(found[2]))
        elif text[at] in ";, ":
            at += 1
            continue
        else:
            raise SourceMissing(f"tone {spec!r}: cannot read it from {text[at : at + 20]!r}; allowed is {ALLOWED}")
        at = found.end()
        if sum(map(len, parts)) > MAX_S * RATE_HZ * 2:
            raise SourceMissing(f"tone {spec!r}: longer than {MAX_S} s a round")
    if not parts or not any(parts):
        raise SourceMissing(f"tone {spec!r}: no tone in it; allowed is {ALLOWED}")
    return b"".join(parts), rounds if rounds > 0 else -1


def _tone(ms: int, frequencies: list[float], volume: float) -> bytes:
    count = min(ms, MAX_S * 1000) * RATE_HZ // 1000
    if not frequencies:
        return bytes(2 * count)
    t = np.arange(count) / RATE_HZ
    level = 32767 * 10 ** (volume / 20) / len(frequencies)
    total = sum((np.sin(2 * np.pi * hz * t) for hz in frequencies), np.zeros(count))
    return (level * total).astype("<i2").tobytes()


@lru_cache(maxsize=1)
def generated_music() -> bytes:
    """Four soft chords in turn, 16 s, for a house that has no music of its own."""
    return b"".join(_chord(chord) for chord in _chords())


def _chords() -> Iterator[tuple[float, ...]]:
    yield from ((261.6, 329.6, 392.0), (220.0, 261.6, 329.6), (174.6, 220.0, 261.6), (196.0, 246.9, 293.7))


def _chord(hz: tuple[float, ...]) -> bytes:
    t = np.arange(4 * RATE_HZ) / RATE_HZ
    total = np.zeros(len(t))
    for index, one in enumerate(hz):
        # Each note comes in a little later and fades, but never to nothing: a waiting caller must not think the line
        # is dead.
        total += np.sin(2 * np.pi * one * t) * (0.35 + 0.65 * np.exp(-((t - 0.4 * index) % 1.6)))
    return (3500 * total / len(hz)).astype("<i2").tobytes()

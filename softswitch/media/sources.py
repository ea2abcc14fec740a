"""What can be played: each source yields 20 ms frames of 8 kHz PCM16, padded at the end, then None."""

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Protocol

from softswitch.media import wav
from softswitch.media.g711 import FRAME_BYTES, FRAME_S
from softswitch.media.tones import generated_music, parse_tone
from softswitch.media.wav import SourceMissing

__all__ = ["FRAME_BYTES", "Source", "SourceMissing", "again", "in_turn", "music", "samples", "silence", "tone", "wav_file"]

SILENT_FRAME = bytes(FRAME_BYTES)


class Source(Protocol):
    def frame(self) -> bytes | None:
        """The next 320 bytes, or None at the end."""


class _Samples:
    """PCM in memory, a number of rounds; -1 is for ever."""

    def __init__(self, pcm: bytes, rounds: int = 1) -> None:
        self._pcm = pcm
        self._rounds = rounds if pcm else 0
        self._at = 0

    def frame(self) -> bytes | None:
        out = b""
        while len(out) < FRAME_BYTES and self._rounds:
            piece = self._pcm[self._at : self._at + FRAME_BYTES - len(out)]
            out += piece
            self._at += len(piece)
            if self._at >= len(self._pcm):
                self._at = 0
                self._rounds -= self._rounds > 0
        return out.ljust(FRAME_BYTES, b"\0") if out else None


class _Silence:
    def __init__(self, frames: int | None) -> None:
        self._left = frames

    def frame(self) -> bytes | None:
        if self._left is None:
            return SILENT_FRAME
        self._left -= 1
        return SILENT_FRAME if self._left >= 0 else None


class _InTurn:
    def __init__(self, sources: Iterable[Source]) -> None:
        self._waiting = list(sources)

    def frame(self) -> bytes | None:
        while self._waiting:
            frame = self._waiting[0].frame()
            if frame is not None:
                return frame
            self._waiting.pop(0)
        return None


class _Again:
    def __init__(self, make: Callable[[], Source]) -> None:
        self._make = make
        self._now = make()

    def frame(self) -> bytes | None:
        frame = self._now.frame()
        if frame is None:
            self._now = self._make()
            frame = self._now.frame()
        return frame


class _Music:
    """Round and round; a file that cannot be read any more is passed over, and when none is left the generated music
    plays."""

    def __init__(self, files: Sequence[Path]) -> None:
        self._files = list(files)
        self._now: _Samples | None = None

    def frame(self) -> bytes | None:
        frame = self._now.frame() if self._now is not None else None
        if frame is None:
            self._now = self._next()
            frame = self._now.frame()
        return frame

    def _next(self) -> _Samples:
        while self._files:
            file = self._files.pop(0)
            try:
                pcm = wav.load(file)
            except SourceMissing:
                continue
            if pcm:
                self._files.append(file)
                return _Samples(pcm)
        return _Samples(generated_music(), rounds=-1)


def samples(pcm: bytes, rounds: int = 1) -> Source:
    """8 kHz mono PCM16 that is in memory already."""
    return _Samples(pcm, rounds)


def wav_file(path: Path) -> Source:
    """8, 16, 22.05, 32, 44.1 or 48 kHz PCM16, mono or stereo. Raises SourceMissing."""
    return _Samples(wav.load(path))


def again(make: Callable[[], Source]) -> Source:
    """What it makes, over and over. Raises what ``make`` raises."""
    return _Again(make)


def in_turn(sources: Sequence[Source]) -> Source:
    """One after the other (FreeSWITCH's file_string)."""
    return _InTurn(sources)


def tone(spec: str) -> Source:
    """``%(on_ms,off_ms,f1[,f2...])`` one or more, ``v=-7`` (dB), ``L=n`` / ``loops=-1``. Raises SourceMissing when
    it is bad."""
    return _Samples(*parse_tone(spec))


def silence(ms: int | None) -> Source:
    """``ms`` None: without end (FreeSWITCH's silence_stream://-1)."""
    return _Silence(None if ms is None else max(0, round(ms / 1000 / FRAME_S)))


def music(directory: Path | None) -> Source:
    """The WAVs of the directory again and again; without directory or WAV in it, generated music. Never ends."""
    return _Music(sorted(directory.glob("*.wav")) if directory is not None else [])

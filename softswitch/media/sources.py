"""What can be played: each source yields 20 ms frames of 8 kHz PCM16. INTERFACE FIRST."""

from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

FRAME_BYTES = 320


class SourceMissing(Exception):
    """The source cannot be played; the text says which and why."""


class Source(Protocol):
    def frame(self) -> bytes | None:
        """The next 320 bytes, or None at the end."""


def wav_file(path: Path) -> Source:
    """8, 16, 22.05, 32, 44.1 or 48 kHz PCM16, mono or stereo. Raises SourceMissing."""
    raise NotImplementedError


def in_turn(sources: Sequence[Source]) -> Source:
    """One after the other (FreeSWITCH's file_string)."""
    raise NotImplementedError


def tone(spec: str) -> Source:
    """``%(on_ms,off_ms,f1[,f2...])`` one or more, ``v=-7`` (dB), ``L=n`` / ``loops=-1``: a useful part of TGML. SourceMissing if bad."""
    raise NotImplementedError


def silence(ms: int | None) -> Source:
    """``ms`` None: without end (FreeSWITCH's silence_stream://-1)."""
    raise NotImplementedError


def music(directory: Path | None) -> Source:
    """The WAVs of the directory again and again; without directory or WAV in it, generated music. Never ends."""
    raise NotImplementedError

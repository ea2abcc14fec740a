"""A recording to WAV that never stops a call: what goes wrong with the disk is told at its end, and only there."""

import os
import struct
from collections.abc import Callable
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

from softswitch.media.buffer import SILENCE, Smooth
from softswitch.media.g711 import FRAME_S, RATE_HZ, rms

FRAMES_A_WRITE = 25


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingEnd:
    """How a recording ended: why is ``stopped``, ``maximum``, ``silence``, ``closed`` or ``failed`` (see ``error``)."""

    path: Path
    seconds: float
    why: str
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class RecordingLimits:
    max_s: float | None = None
    silence_s: float | None = None
    silence_level: int = 200


class Recording:
    """``heard`` and ``spoken`` are pushed as audio passes; ``tick`` writes one frame. ``on_end`` is called exactly
    once."""

    def __init__(self, path: Path, *, stereo: bool, limits: RecordingLimits, on_end: Callable[[RecordingEnd], None]) -> None:
        self.path = path
        self._stereo = stereo
        self._limits = limits
        self._on_end = on_end
        self._heard, self._spoken = Smooth(), Smooth()
        self._waiting: list[bytes] = []
        self._frames = 0
        self._quiet_frames = 0
        self._ended = False
        self.masked = False
        """Silence is written in place of what is said; the time goes on."""
        self._channels = 2 if stereo else 1
        self._bytes = 0
        self._file: FileIO | None = None
        self._attempt(self._open)

    @property
    def ended(self) -> bool:
        return self._ended

    def heard(self, pcm: bytes) -> None:
        self._heard.put(pcm)

    def spoken(self, pcm: bytes) -> None:
        if self._stereo:
            self._spoken.put(pcm)

    def tick(self) -> None:
        """One frame on; may end the recording."""
        if self._ended:
            return
        left, right = self._heard.take(), self._spoken.take() if self._stereo else SILENCE
        if self.masked:
            left = right = SILENCE
        self._waiting.append(interleave(left, right) if self._stereo else left)
        self._frames += 1
        if len(self._waiting) >= FRAMES_A_WRITE:
            self._attempt(self._flush)
        self._check_limits(left)

    def end(self, why: str, *, error: str = "") -> None:
        """Writes what is left and tells ``on_end``. Safe to repeat."""
        if self._ended:
            return
        self._ended = True
        error = self._close() or error
        why = "failed" if error else why
        self._on_end(RecordingEnd(path=self.path, seconds=round(self._frames * FRAME_S, 3), why=why, error=error))

    def _check_limits(self, pcm: bytes) -> None:
        limits = self._limits
        if limits.max_s is not None and self._frames * FRAME_S >= limits.max_s:
            self.end("maximum")
        if limits.silence_s is not None:
            self._quiet_frames = self._quiet_frames + 1 if rms(pcm) < limits.silence_level else 0
            if self._quiet_frames * FRAME_S >= limits.silence_s:
                self.end("silence")

    def _attempt(self, step: Callable[[], None]) -> None:
        try:
            step()
        except OSError as error:
            self.end("failed", error=f"{self.path}: {error}")

    def _open(self) -> None:
        self.path.parent.mkdir(parents=True, exist_ok=True)
        # Without a buffer: what a full disk refuses must not come up again when the file is closed.
        self._file = open(self.path, "wb", buffering=0)  # noqa: SIM115 (lives as long as the recording)
        self._write(wav_header(0, channels=self._channels))

    def _flush(self) -> None:
        """The lengths in the header are kept right all along, so that a file whose writer was killed can be heard."""
        if self._file is None or not self._waiting:
            return
        audio, self._waiting = b"".join(self._waiting), []
        self._write(audio)
        self._bytes += len(audio)
        self._file.seek(0)
        self._write(wav_header(self._bytes, channels=self._channels))
        self._file.seek(0, os.SEEK_END)

    def _write(self, content: bytes) -> None:
        while content and self._file is not None:
            content = content[self._file.write(content) :]

    def _close(self) -> str:
        try:
            self._flush()
        except OSError as error:
            return f"{self.path}: {error}"
        finally:
            if self._file is not None:
                self._file.close()
                self._file = None
        return ""


def wav_header(size: int, *, channels: int) -> bytes:
    """The 44 bytes before ``size`` bytes of 8 kHz PCM16."""
    frame = 2 * channels
    form = struct.pack("<4sIHHIIHH", b"fmt ", 16, 1, channels, RATE_HZ, RATE_HZ * frame, frame, 16)
    return struct.pack("<4sI4s", b"RIFF", 36 + size, b"WAVE") + form + struct.pack("<4sI", b"data", size)


def interleave(left: bytes, right: bytes) -> bytes:
    """Two mono frames of the same length as one stereo frame."""
    pairs = bytearray(2 * len(left))
    pairs[0::4], pairs[1::4] = left[0::2], left[1::2]
    pairs[2::4], pairs[3::4] = right[0::2], right[1::2]
    return bytes(pairs)

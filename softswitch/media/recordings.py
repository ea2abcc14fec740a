"""All recordings that run on one stream: begun, fed with both sides' audio, paced, ended."""

from collections.abc import Callable
from pathlib import Path

from softswitch.media.recording import Recording, RecordingEnd, RecordingLimits


class Recordings:
    """``on_end`` hears of each end, once."""

    def __init__(self, on_end: Callable[[RecordingEnd], None]) -> None:
        self._on_end = on_end
        self._running: list[Recording] = []

    def __bool__(self) -> bool:
        return bool(self._running)

    def begin(self, path: Path, *, stereo: bool, limits: RecordingLimits) -> bool:
        """Whether it began. Never raises; a disk that refuses is an end."""
        recording = Recording(path, stereo=stereo, limits=limits, on_end=self._ended)
        if not recording.ended:
            self._running.append(recording)
        return not recording.ended

    def mask(self, path: Path, *, masked: bool) -> bool:
        """False when nothing is recorded there."""
        chosen = [one for one in self._running if one.path == path]
        for one in chosen:
            one.masked = masked
        return bool(chosen)

    def runs(self, path: Path) -> bool:
        return any(one.path == path for one in self._running)

    def end(self, path: Path | None, why: str) -> bool:
        """The recording of that path (None: all). False when there was none."""
        chosen = [one for one in self._running if path is None or one.path == path]
        for one in chosen:
            one.end(why)
        return bool(chosen)

    def heard(self, pcm: bytes) -> None:
        for one in list(self._running):
            one.heard(pcm)

    def spoken(self, pcm: bytes) -> None:
        for one in list(self._running):
            one.spoken(pcm)

    def tick(self) -> None:
        for one in list(self._running):
            one.tick()

    def _ended(self, end: RecordingEnd) -> None:
        self._running = [one for one in self._running if not one.ended]
        self._on_end(end)

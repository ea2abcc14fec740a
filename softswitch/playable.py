"""From FreeSWITCH's way of naming what to play to a source of sound."""

import re
from pathlib import Path

from softswitch.media import Source, SourceMissing, in_turn, music, silence, tone, wav_file

_NAME = re.compile(r"[A-Za-z0-9_-]{1,64}")


class Library:
    def __init__(self, *, sounds: Path | None, music_directory: Path | None) -> None:
        self._sounds = sounds
        self._music = music_directory

    def source(self, text: str) -> Source:
        """Raises SourceMissing, which says what is not there."""
        kind, colon, rest = text.partition("://")
        if not colon:
            return wav_file(self._file(text))
        if kind == "file_string":
            return self._in_turn(rest)
        if kind == "tone_stream":
            return tone(rest)
        if kind == "silence_stream":
            return self._silence(rest)
        if kind == "local_stream":
            return music(self._music_directory(rest))
        raise SourceMissing(f"{text[:80]!r}: allowed are a file, file_string, tone_stream, silence_stream, local_stream")

    def _file(self, text: str) -> Path:
        path = Path(text)
        return path if path.is_absolute() or self._sounds is None else self._sounds / path

    def _in_turn(self, rest: str) -> Source:
        """Parts that are missing are left out, as in FreeSWITCH; nothing at all left is missing."""
        found: list[Source] = []
        missing = []
        for part in rest.split("!"):
            try:
                found.append(self.source(part))
            except SourceMissing as error:
                missing.append(str(error))
        if not found:
            raise SourceMissing("; ".join(missing))
        return in_turn(found)

    def _silence(self, rest: str) -> Source:
        ms = rest.partition(",")[0]
        if not ms.lstrip("-").isdecimal():
            raise SourceMissing(f"silence_stream://{rest[:40]}: milliseconds are needed")
        return silence(int(ms) if int(ms) >= 0 else None)

    def _music_directory(self, name: str) -> Path | None:
        if self._music is None or not _NAME.fullmatch(name):
            return self._music
        own = self._music / name
        return own if own.is_dir() else self._music

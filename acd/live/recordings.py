"""The recordings of a folder: ``welcome.wav`` for all languages, ``de/welcome.wav`` for one. Looks at names, never into a file."""

import re
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]{0,62}", re.ASCII)
ENDINGS = (".wav", ".flac", ".ogg", ".mp3")
"""In the order in which they are looked for."""


def recordings_in(folder: Path | None) -> frozenset[str]:
    """``welcome`` for a file in the folder, ``de/welcome`` for one in a language's folder."""
    if folder is None or not folder.is_dir():
        return frozenset()
    files = [file for pattern in ("*", "*/*") for file in folder.glob(pattern) if file.suffix.lower() in ENDINGS]
    names = [file.relative_to(folder).with_suffix("") for file in files]
    return frozenset(name.as_posix() for name in names if all(NAME.fullmatch(part) for part in name.parts))


def recording_file(folder: Path | None, name: str, language: str = "") -> Path | None:
    """In the language's folder (``de-AT``, then ``de``), else beside it. No name from outside leads out of the folder."""
    if folder is None or not NAME.fullmatch(name) or (language and not NAME.fullmatch(language)):
        return None
    base = language.partition("-")[0]
    for place in dict.fromkeys((folder / language, folder / base, folder)):
        for ending in ENDINGS:
            file = place / f"{name}{ending}"
            if file.is_file() and file.resolve().is_relative_to(folder.resolve()):
                return file
    return None

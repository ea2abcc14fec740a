"""The files of talks on tape, by the ids of their recordings and by nothing else. Blocking: never for the hub.

The switch writes them: ``<first two letters>/<id>.wav`` under one folder. Whoever may make a link there could make us read or
delete what is not ours, so nothing is followed: neither a link in place of the file nor one in place of its folder.
"""

import os
import re
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from io import FileIO
from pathlib import Path

_ID = re.compile(r"[a-z0-9.-]{1,60}\.r[0-9]{1,4}")


class NoRecording(ValueError):
    """An id that is none, or a file that is not there or is none of ours."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Shelf:
    root: Path

    def path(self, id: str) -> Path:
        """Where it stands, whether it is there or not. Raises NoRecording."""
        if not _ID.fullmatch(id) or ".." in id:
            raise NoRecording(f"recording id {id[:80]!a} is none of ours")
        root = Path(os.path.realpath(self.root))
        path = root / id[:2] / f"{id}.wav"
        if os.path.realpath(path.parent) != str(path.parent):
            raise NoRecording(f"{path.parent} leads elsewhere")
        return path

    @contextmanager
    def open(self, id: str) -> Iterator[FileIO]:
        """Its sound. Raises NoRecording."""
        path = self.path(id)
        try:
            file = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_CLOEXEC | os.O_NONBLOCK)
        except OSError as odd:
            raise NoRecording(f"{path}: {odd.strerror}") from None
        with os.fdopen(file, "rb", buffering=0) as sound:
            if not os.path.isfile(f"/proc/self/fd/{file}") and not path.is_file():
                raise NoRecording(f"{path} is no file")
            yield sound

    def copy(self, id: str, target: Path) -> Path:
        """A copy, in the folder or under the name that ``target`` is. Raises NoRecording, OSError."""
        place = target / f"{id}.wav" if target.is_dir() else target
        with self.open(id) as sound, place.open("wb") as out:
            shutil.copyfileobj(sound, out)
        return place

    def size(self, id: str) -> int | None:
        """In bytes; None when it is not there."""
        path = self.path(id)
        try:
            return os.stat(path, follow_symlinks=False).st_size
        except OSError:
            return None

    def delete(self, id: str) -> bool:
        """Whether it was there. What is gone already is no fault. Raises OSError."""
        try:
            self.path(id).unlink()
        except FileNotFoundError:
            return False
        return True

    def all(self) -> Iterator[str]:
        """The ids of all files that are there."""
        for folder in sorted(self.root.iterdir()) if self.root.is_dir() else ():
            if folder.is_symlink() or not folder.is_dir():
                continue
            yield from (path.stem for path in sorted(folder.glob("*.wav")) if _ID.fullmatch(path.stem) and not path.is_symlink())

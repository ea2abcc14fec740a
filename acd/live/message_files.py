"""Where the sound of messages is, and what became of each: a file beside it says that it was heard, or deleted.

The records say that a message was left and are never changed; a deleted message loses its sound and is no longer listed.
"""

import re
import shutil
from dataclasses import dataclass
from pathlib import Path

NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")


class NoName(ValueError):
    """An id that must not become a path."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Box:
    """The messages of one home directory."""

    home: Path

    def sound(self, id: str) -> Path:
        return self._file(id, "wav")

    def is_heard(self, id: str) -> bool:
        return self._file(id, "heard").exists()

    def is_deleted(self, id: str) -> bool:
        return self._file(id, "deleted").exists()

    def mark(self, id: str, *, heard: bool) -> None:
        file = self._file(id, "heard")
        if heard:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.touch()
        else:
            file.unlink(missing_ok=True)

    def save(self, id: str, target: Path) -> Path:
        """A copy, in the folder or under the name that ``target`` is. Raises OSError."""
        place = target / self.sound(id).name if target.is_dir() else target
        shutil.copyfile(self.sound(id), place)
        return place

    def delete(self, id: str) -> None:
        """The note first: a sound without one would be listed again."""
        note = self._file(id, "deleted")
        note.parent.mkdir(parents=True, exist_ok=True)
        note.touch()
        self.sound(id).unlink(missing_ok=True)
        self._file(id, "heard").unlink(missing_ok=True)

    def _file(self, id: str, kind: str) -> Path:
        """Ids are ours, and still: a name with a slash in it never becomes a path."""
        if not NAME.fullmatch(id) or ".." in id or id.startswith("."):
            raise NoName(f"message id {id!r} is no file name")
        return (self.home / "messages" / f"{id}.{kind}").absolute()

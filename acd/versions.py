"""Every configuration that was put in force, kept as a copy of its texts: what ``acd rollback`` goes back to, and what a start falls
back on. Written beside, made safe on disk, then renamed: what is half written has no name that is looked for.

The newest version is the one in force; whether it is pinned stands with it, so that there is no second file to agree with.
"""

import logging
import os
import re
import shutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import Path

import msgspec

from acd.live.disk import sync_directory

log = logging.getLogger(__name__)

KEPT = 50
MANIFEST = "manifest.json"
NAME = re.compile(r"([0-9]{1,9})-([0-9a-f]{1,64})", re.ASCII)
HALF = ".half"


@dataclass(frozen=True, slots=True, kw_only=True)
class Version:
    """``before`` is the version that was in force before it; one that was gone back to has the one before the copied one."""

    n: int
    version: str  # as the policy names it
    token: str  # of all texts and sounds, as they were
    applied_at: float
    by: str
    how: str  # apply, start, watch, SIGHUP, rollback
    what: str = ""  # what changed, in a line
    before: int = 0
    copy_of: int = 0
    pinned: bool = False  # a start begins with it, whatever is in the folder
    sounds: Mapping[str, str] = field(default_factory=dict)
    files: Mapping[str, str] = field(default_factory=dict)  # name -> digest

    @property
    def recordings(self) -> frozenset[str]:
        return self._sounds("recording")

    @property
    def music(self) -> frozenset[str]:
        return self._sounds("music")

    def _sounds(self, kind: str) -> frozenset[str]:
        parts = (name.partition("/") for name in self.sounds)
        return frozenset(name for one, _, name in parts if one == kind)


class Damaged(Exception):
    """A kept version is not as it was written."""


class Versions:
    def __init__(self, folder: Path) -> None:
        self.folder = folder

    def all(self) -> list[Version]:
        """Those that are whole by name and manifest, oldest first."""
        return sorted(self._found(), key=lambda version: version.n)

    def last(self) -> Version | None:
        return next(reversed(self.all()), None)

    def get(self, n: int) -> Version | None:
        return next((version for version in self._found() if version.n == n), None)

    def previous(self, current: Version) -> Version | None:
        """What was in force before it, if that is kept still."""
        return self.get(current.before)

    def folder_of(self, version: Version) -> Path:
        return self.folder / f"{version.n}-{version.version}"

    def texts_of(self, version: Version) -> dict[str, bytes]:
        """Raises Damaged when they are not what was written."""
        folder = self.folder_of(version)
        try:
            texts = {name: (folder / name).read_bytes() for name in version.files}
        except OSError as error:
            raise Damaged(f"version {version.n} cannot be read: {error}") from error
        changed = sorted(name for name, text in texts.items() if digest(text) != version.files[name])
        if changed:
            raise Damaged(f"version {version.n} was changed after it was kept: {', '.join(changed)}")
        return texts

    def keep(self, version: Version, texts: Mapping[str, bytes]) -> Version:
        """Gives it the next number. Raises OSError; then nothing is kept."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        self._sweep()
        n = max((int(found[1]) for path in self.folder.iterdir() if (found := NAME.match(path.name))), default=0) + 1
        kept = replace(version, n=n, files={name: digest(text) for name, text in texts.items()})
        place = self.folder_of(kept)
        half = place.with_name(place.name + HALF)
        _write(half, {**texts, MANIFEST: msgspec.json.format(msgspec.json.encode(kept))})
        half.rename(place)
        sync_directory(self.folder)
        self._prune()
        return kept

    def forget(self, version: Version) -> None:
        """One that did not come into force after all. Out of sight first, so that a half removed one is none."""
        place = self.folder_of(version)
        try:
            half = place.with_name(place.name + HALF)
            place.rename(half)
            sync_directory(self.folder)
            shutil.rmtree(half)
        except OSError as error:
            log.error("version %d is kept although it is not in force: %s", version.n, error)

    def _found(self) -> Iterator[Version]:
        for path in self.folder.iterdir() if self.folder.is_dir() else ():
            name = NAME.fullmatch(path.name)
            if name is None:
                continue
            try:
                version = msgspec.json.decode((path / MANIFEST).read_bytes(), type=Version)
            except (OSError, msgspec.MsgspecError) as error:
                log.warning("%s is no version: %s", path, error)
                continue
            if (version.n, version.version) == (int(name[1]), name[2]):
                yield version

    def _sweep(self) -> None:
        for path in self.folder.glob(f"*{HALF}"):
            shutil.rmtree(path, ignore_errors=True)

    def _prune(self) -> None:
        """Oldest first. The newest, which is in force, and the one before it always stay."""
        for version in self.all()[:-KEPT]:
            self.forget(version)


def digest(text: bytes) -> str:
    return sha256(text).hexdigest()[:32]


def _write(folder: Path, texts: Mapping[str, bytes]) -> None:
    """All files safe on disk before anybody can see them. Addresses and names of people are in them: for us alone."""
    folder.mkdir(mode=0o700)
    for name, text in texts.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        fd = os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        with os.fdopen(fd, "wb") as out:
            out.write(text)
            out.flush()
            os.fsync(out.fileno())
    for place in {folder, *(path for path in folder.rglob("*") if path.is_dir())}:
        sync_directory(place)

"""The configuration's files as one document: ``acd.yaml``, or several files, each with some of its top-level keys.

Read are the ``*.yaml`` of the folder itself, and those of its folders that are named as a key is (``queues/``, ``agents/`` …). Every
file is written like ``acd.yaml``, with its keys. What stands in several files under one key is one mapping; the same entry twice is
refused with both places. Nobody includes anything: which file is read can be seen by its name.
"""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path as FilePath
from typing import Any

from acd.config.builder import Path, Place
from acd.config.document import Document, Problem, Refused, read_file
from acd.config.sentences import shown

FILE = "acd.yaml"
MOST_FILES = 2000


def config_files(folder: FilePath, keys: Sequence[str]) -> list[FilePath]:
    """All that is read, ``acd.yaml`` first. ``keys``: the top-level keys that there are."""
    places = [folder, *(folder / key for key in sorted(keys) if (folder / key).is_dir())]
    found = [file for place in places for file in sorted(place.glob("*.yaml")) if _is_read(file)]
    found.sort(key=lambda file: (file != folder / FILE, file.parent != folder, file))
    return found[: MOST_FILES + 1]


def _is_read(file: FilePath) -> bool:
    """Not what an editor leaves behind while it saves."""
    return not file.name.startswith(".")


def read_folder(folder: FilePath, keys: Sequence[str]) -> Document:
    """All files as one document. Raises Refused with what is wrong with the form of any of them."""
    files = config_files(folder, keys) or [folder / FILE]
    if len(files) > MOST_FILES:
        raise Refused([_problem(folder, f"holds more than {MOST_FILES:,} files; that many are allowed")])
    problems, documents = [*_misnamed(folder, keys)], []
    for file in files:
        try:
            documents.append(read_file(file))
        except Refused as refused:
            problems += refused.problems
    if problems:
        raise Refused(problems)
    return documents[0] if len(documents) == 1 else merged(documents)


def _misnamed(folder: FilePath, keys: Sequence[str]) -> Iterator[Problem]:
    """What somebody takes for a part of the configuration, and nobody would read."""
    for place in (folder, *(folder / key for key in keys)):
        for file in sorted(place.glob("*.yml")):
            if _is_read(file):
                yield _problem(file, f"is not read: only *.yaml is; name it {file.stem}.yaml")
    for place in sorted(folder.iterdir()) if folder.is_dir() else ():
        meant = next((key for key in keys if key in (f"{place.name}s", f"{place.name}es")), None)
        if meant and any(place.glob("*.yaml")):
            yield _problem(place, f"the folder {place.name!r} is not read; name it {meant!r}, as the key")


def _problem(file: FilePath, what: str) -> Problem:
    return Problem(file=str(file), line=1, column=1, what=what)


def merged(documents: Sequence[Document]) -> Document:
    """Raises Refused where two of them say the same."""
    whole = _Whole()
    for document in documents:
        whole.take(document)
    if whole.problems:
        raise Refused(whole.problems)
    return Document(file=documents[0].file, data=whole.data, keys=whole.keys, values=whole.values, files=whole.files)


class _Whole:
    def __init__(self) -> None:
        self.data: dict[str, Any] = {}
        self.keys: dict[Path, Place] = {}
        self.values: dict[Path, Place] = {}
        self.files: dict[Path, str] = {}
        self.problems: list[Problem] = []

    def take(self, document: Document) -> None:
        if document.data is None:
            return
        if not isinstance(document.data, Mapping):
            self.problems.append(document.problem((), f"found {shown(document.data)}; a mapping is needed"))
            return
        new: list[Path] = []
        for key, value in document.data.items():
            new += self._key(document, key, value)
        heads = set(new)
        for kept, places in ((self.keys, document.keys), (self.values, document.values)):
            kept.update((path, place) for path, place in places.items() if path[:1] in heads or path[:2] in heads)

    def _key(self, document: Document, key: str, value: Any) -> Iterator[Path]:
        """The paths that this file adds."""
        known = self.data.get(key)
        if known is None:
            self.data[key] = dict(value) if isinstance(value, Mapping) else value
            self.files[key,] = document.file
            yield (key,)
        elif isinstance(known, dict) and isinstance(value, Mapping):
            for name, entry in value.items():
                if name in known:
                    self._twice(document, (key, name))
                else:
                    known[name] = entry
                    self.files[key, name] = document.file
                    yield (key, name)
        elif value is not None:
            self._twice(document, (key,))

    def _twice(self, document: Document, path: Path) -> None:
        first = self.keys.get(path) or Place(line=1, column=1)
        file = self.files.get(path) or self.files[path[:1]]
        what = f"{shown(str(path[-1]))} is here a second time; it was given first in {file}:{first.line}"
        self.problems.append(document.problem(path, what))

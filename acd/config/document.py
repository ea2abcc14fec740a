"""A YAML text as plain data in which every value is a text, and the place in the file of each.

The one door for files that people write. It refuses what has no business in such a file (tags, aliases, duplicate keys,
bombs) and knows nothing of what the file should say: that is the shapes' matter, which ``validate`` asks. Because no value is
anything but text here, `NO`, `09:00`, `+1555…` and `0123` arrive as they were written.
"""

from bisect import bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from pathlib import Path as FilePath
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from acd.config.builder import Path, Place, TooMuch, build
from acd.config.sentences import sentences

MAX_BYTES = 2_000_000
MAX_PROBLEMS = 100

QUOTES = "a text that holds a comma, a bracket, ': ' or ' #' stands in quotes"
NOT_YAML = {
    "did not find expected ',' or '}'": f"a comma or }} is needed here; {QUOTES}",
    "did not find expected ',' or ']'": f"a comma or ] is needed here; {QUOTES}",
    "mapping values are not allowed in this context": f"no ': ' here; {QUOTES}; keys side by side are indented alike",
    "did not find expected key": "a key is needed here, with the indentation of its neighbours",
    "could not find expected ':'": "a colon is missing; 'key: value' is needed",
    "did not find expected alphabetic or numeric character": "what begins with * or & stands in quotes, such as '*'",
    "found character that cannot start any token": "nothing begins with this; indent with blanks, not tabs; quote such a text",
    "found a tab character that violates indentation": "indent with blanks, not with tabs",
    "block sequence entries are not allowed in this context": "no list may begin here; check the indentation",
    "found unexpected end of stream": "the file ends within a text in quotes",
    "did not find expected node content": "a value is needed here",
    "found unknown escape character": "after a \\ in double quotes only certain letters are allowed; use single quotes",
    "did not find expected <document start>": "nothing may stand beside the one mapping of a file; check the indentation",
    "did not find expected '-' indicator": "a '- ' is needed here, with the indentation of its neighbours",
}
"""What the parser says in its own words, in ours."""

Model = TypeVar("Model", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Problem:
    """One thing that is wrong, and where. Prints as ``file:line:column: what``."""

    file: str
    line: int
    column: int
    what: str

    def __str__(self) -> str:
        return f"{self.file}:{self.line}:{self.column}: {self.what}"


class Refused(Exception):
    """A file cannot be used; holds everything that is wrong with it."""

    def __init__(self, problems: Iterable[Problem]) -> None:
        self.problems = tuple(sorted(set(problems)))[:MAX_PROBLEMS]
        super().__init__("\n".join(str(problem) for problem in self.problems))


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What a file says (texts, lists and mappings of them; None where nothing stands) and where it says it."""

    file: str
    data: Any
    text: str = ""
    keys: Mapping[Path, Place] = field(default_factory=dict)
    values: Mapping[Path, Place] = field(default_factory=dict)
    files: Mapping[Path, str] = field(default_factory=dict)  # where several are one: which of them holds what is below a path

    def problem(self, path: Sequence[str | int], what: str, *, value: bool = False) -> Problem:
        """Something wrong with the key (or the value) at ``path``; the nearest parent's place when the file has nothing there."""
        place = self.values.get(tuple(path)) if value else None
        place = place or self.place(path)
        return Problem(file=self.file_of(path), line=place.line, column=place.column, what=what)

    def file_of(self, path: Sequence[str | int]) -> str:
        found = (self.files.get(tuple(path[:end])) for end in range(min(2, len(path)), 0, -1))
        return next((file for file in found if file), self.file)

    def place(self, path: Sequence[str | int]) -> Place:
        for end in range(len(path), -1, -1):
            part = tuple(path[:end])
            found = self.keys.get(part) or self.values.get(part)
            if found:
                return found
        return Place(line=1, column=1)

    def at(self, path: Sequence[str | int]) -> Any:
        """The data at ``path``; None when there is none."""
        here = self.data
        for part in path:
            try:
                here = here[part]
            except (KeyError, IndexError, TypeError):
                return None
        return here


def read_file(file: FilePath, *, name: str = "") -> Document:
    """The document in a file. Raises Refused, also when the file cannot be read."""
    shown = name or str(file)
    try:
        with file.open("rb") as stream:
            raw = stream.read(MAX_BYTES + 1)
    except OSError as error:
        raise Refused([_problem(shown, what=f"cannot be read: {error.strerror}")]) from error
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = raw.count(b"\n", 0, error.start) + 1
        raise Refused([_problem(shown, line, what="is not UTF-8 text")]) from error
    return read_text(text, shown)


def read_text(text: str, file: str) -> Document:
    """The document in ``text``. Raises Refused with all that is wrong with its form."""
    if len(text) > MAX_BYTES:
        raise Refused([_problem(file, what=f"is too large; up to {MAX_BYTES:,} bytes are allowed")])
    try:
        text.encode()
    except UnicodeEncodeError as error:  # half a character, as JSON may hold one
        raise Refused([_at_offset(file, text, error.start)]) from error
    try:
        built = build(text)
    except TooMuch as error:
        raise Refused([_problem(file, error.place.line, error.place.column, error.what)]) from error
    except yaml.YAMLError as error:
        raise Refused([_syntax(file, text, error)]) from error
    if built.faults:
        raise Refused(_problem(file, place.line, place.column, what) for place, what in built.faults)
    return Document(file=file, text=text, data=built.data, keys=built.keys, values=built.values)


def validate(model: type[Model], document: Document, at: Sequence[str | int] = (), *, context: object = None) -> Model:
    """The part of the document at ``at`` in the given shape. Raises Refused with one sentence for each thing that is wrong.

    ``context``: what the kinds of value need to know besides.
    """
    found = document.at(at)
    try:
        return model.model_validate({} if found is None else found, context=context)
    except ValidationError as error:
        first = islice(sentences(model, found, error), MAX_PROBLEMS)
        raise Refused(document.problem((*at, *path), what, value=value) for path, what, value in first) from error


def _problem(file: str, line: int = 1, column: int = 1, what: str = "") -> Problem:
    return Problem(file=file, line=line, column=column, what=what)


def _syntax(file: str, text: str, error: yaml.YAMLError) -> Problem:
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is not None:
        what = getattr(error, "problem", None) or getattr(error, "context", None) or "this is not YAML"
        return _problem(file, mark.line + 1, mark.column + 1, f"this is not YAML: {NOT_YAML.get(what, what)}")
    return _at_offset(file, text, getattr(error, "position", 0))


def _at_offset(file: str, text: str, offset: int) -> Problem:
    starts = [0, *(n + 1 for n, char in enumerate(text) if char == "\n")]
    line = bisect_right(starts, offset)
    return _problem(file, line, offset - starts[line - 1] + 1, "this character is not allowed in YAML")

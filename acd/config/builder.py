"""YAML events into plain data with places. Walks the event stream without recursion, so that depth costs no stack."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import yaml

from acd.config.sentences import SHOWN, shown

MAX_DEPTH = 24
MAX_NODES = 200_000
MAX_FAULTS = 100
TAG_SHOWN = 80

Path = tuple[str | int, ...]
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


@dataclass(frozen=True, slots=True)
class Place:
    line: int
    column: int


class TooMuch(Exception):
    """So large or so deep that reading on would only cost time."""

    def __init__(self, place: Place, what: str) -> None:
        super().__init__(what)
        self.place, self.what = place, what


@dataclass(slots=True)
class Open:
    """A list or mapping whose end has not come yet."""

    path: Path
    into: dict[str, Any] | list[Any]
    key: str | None = None
    skip: bool = False  # what comes now hangs on a key that was refused


@dataclass(slots=True)
class Built:
    data: Any = None
    keys: dict[Path, Place] = field(default_factory=dict)
    values: dict[Path, Place] = field(default_factory=dict)
    faults: list[tuple[Place, str]] = field(default_factory=list)
    stack: list[Open] = field(default_factory=list)
    nodes: int = 0

    def fault(self, place: Place, what: str) -> None:
        if len(self.faults) < MAX_FAULTS:
            self.faults.append((place, what))


def build(text: str) -> Built:
    """The data of the one document in ``text``, with its faults. Raises yaml.YAMLError and TooMuch."""
    built, documents = Built(), 0
    for event in _events(text):
        place = Place(event.start_mark.line + 1, event.start_mark.column + 1)
        if isinstance(event, yaml.DocumentStartEvent):
            documents += 1
            if documents == 2:
                built.fault(place, "a second document begins here; one file holds one document")
        elif documents == 1:
            _take(built, event, place)
    return built


def _events(text: str) -> Iterator[Any]:
    return iter(yaml.parse(text, Loader=LOADER))


def _take(built: Built, event: Any, place: Place) -> None:
    if isinstance(event, yaml.CollectionEndEvent):
        built.stack.pop()
        return
    if not isinstance(event, yaml.NodeEvent):
        return
    built.nodes += 1
    if built.nodes > MAX_NODES:
        raise TooMuch(place, f"the file is too large; up to {MAX_NODES:,} values are allowed")
    _refuse_extras(built, event, place)
    if isinstance(event, yaml.CollectionStartEvent):
        _begin(built, event, place)
    elif _expects_key(built):
        _key(built, _text(event) or "", place)
    else:
        _put(built, _text(event), place)


def _refuse_extras(built: Built, event: Any, place: Place) -> None:
    if isinstance(event, yaml.AliasEvent):
        built.fault(place, f"an alias (*{str(event.anchor)[:SHOWN]}) is not allowed; write the value out")
        return
    if event.anchor:
        built.fault(place, f"an anchor (&{str(event.anchor)[:SHOWN]}) is not allowed; write the value out where it is needed")
    if event.tag:
        built.fault(place, f"a tag ({str(event.tag)[:TAG_SHOWN]}) is not allowed; values are plain text, lists and mappings")


def _text(event: Any) -> str | None:
    """None where nothing was written (``key:``); quotes make an empty text."""
    if not isinstance(event, yaml.ScalarEvent):
        return None
    plain = event.style in (None, "")
    return None if event.value == "" and plain else str(event.value)


def _expects_key(built: Built) -> bool:
    return bool(built.stack) and isinstance(built.stack[-1].into, dict) and built.stack[-1].key is None


def _key(built: Built, key: str, place: Place) -> None:
    top = built.stack[-1]
    path = (*top.path, key)
    top.key, top.skip = key, key in top.into
    if top.skip:
        built.fault(place, f"the key {shown(key)} is here twice; it was given first in line {built.keys[path].line}")
    else:
        built.keys[path] = place


def _begin(built: Built, event: Any, place: Place) -> None:
    if len(built.stack) >= MAX_DEPTH:
        raise TooMuch(place, f"this is nested too deeply; up to {MAX_DEPTH} levels are allowed")
    into: dict[str, Any] | list[Any] = {} if isinstance(event, yaml.MappingStartEvent) else []
    if _expects_key(built):
        built.fault(place, "a key must be a plain text, not a list or a mapping")
        _key(built, f"\0{built.nodes}", place)
        # The stack keeps its shape: what follows belongs to this nameless thing, and its value to the next.
        built.stack.append(Open(path=(*built.stack[-1].path, built.stack[-1].key or ""), into=into, skip=True))
        return
    path = _put(built, into, place)
    built.stack.append(Open(path=path, into=into))


def _put(built: Built, value: Any, place: Place) -> Path:
    """Hang a value where it belongs; returns its path."""
    if not built.stack:
        built.data = value
        built.values[()] = place
        return ()
    top = built.stack[-1]
    if isinstance(top.into, list):
        path = (*top.path, len(top.into))
        top.into.append(value)
    else:
        key, top.key = top.key or "", None
        path = (*top.path, key)
        if top.skip:
            return path
        top.into[key] = value
    built.values.setdefault(path, place)
    return path

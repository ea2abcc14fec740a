"""YAML tables that know their lines, so that a refusal can say where. Values are text (or lists): the reader decides."""

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, cast

import yaml

T = TypeVar("T")
_MISSING = object()


class Bad(ValueError):
    def __init__(self, path: Path, line: int, text: str) -> None:
        super().__init__(f"{path}:{line}: {text}")


class Table:
    def __init__(self, path: Path, line: int, name: str, items: Mapping[str, tuple[int, object]]) -> None:
        self._path = path
        self._line = line
        self._name = name
        self._items = items
        self._read: set[str] = set()

    def names(self) -> tuple[str, ...]:
        return tuple(self._items)

    def table(self, name: str, default: Mapping[str, tuple[int, object]] | None = None) -> "Table":
        self._read.add(name)
        if name not in self._items:
            if default is None:
                raise Bad(self._path, self._line, f"{self._where(name)} is missing")
            return Table(self._path, self._line, name, default)
        line, value = self._items[name]
        if not isinstance(value, Table):
            raise Bad(self._path, line, f"{self._where(name)}: names with values are needed")
        return value

    def value(self, name: str, read: Callable[[Any], T], default: object = _MISSING) -> T:
        """``read`` turns the text (or list) into the value; its ValueError becomes Bad with the line."""
        self._read.add(name)
        if name not in self._items:
            if default is _MISSING:
                raise Bad(self._path, self._line, f"{self._where(name)} is missing")
            return cast(T, default)
        line, value = self._items[name]
        if isinstance(value, Table):
            raise Bad(self._path, line, f"{self._where(name)}: one value is needed")
        try:
            return read(value)
        except (ValueError, TypeError) as error:
            raise Bad(self._path, line, f"{self._where(name)}: {error}") from error

    def refuse_unknown(self) -> None:
        for name, (line, _value) in self._items.items():
            if name not in self._read:
                allowed = ", ".join(sorted(self._read))
                raise Bad(self._path, line, f"{self._where(name)} is not known; allowed are {allowed}")

    def _where(self, name: str) -> str:
        return f"{self._name}.{name}" if self._name else name


def read_table(text: str, path: Path) -> Table:
    """Raises yaml.YAMLError, or Bad for what is no table or has a name twice."""
    node = yaml.compose(text, Loader=yaml.SafeLoader)
    if not isinstance(node, yaml.MappingNode):
        raise Bad(path, 1, "names with values are needed")
    return _table(node, path, "")


def _table(node: yaml.MappingNode, path: Path, name: str) -> Table:
    items: dict[str, tuple[int, object]] = {}
    for key, value in node.value:
        line = key.start_mark.line + 1
        inner = f"{name}.{key.value}" if name else str(key.value)
        if key.value in items:
            raise Bad(path, line, f"{inner} stands here twice")
        items[str(key.value)] = (line, _value(value, path, inner))
    return Table(path, node.start_mark.line + 1, name, items)


def _value(node: yaml.Node, path: Path, name: str) -> object:
    if isinstance(node, yaml.MappingNode):
        return _table(node, path, name)
    if isinstance(node, yaml.SequenceNode):
        return [_value(item, path, name) for item in node.value]
    return str(node.value)

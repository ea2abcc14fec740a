"""Data as it is written in files, compared and shown. PURE."""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from acd.plan.change import GONE, NEW, OTHER, Change

SHOWN = 60
ACCESS = re.compile(r"(?<=://)[^\s@]*@")
MISSING: Any = None
"""Nothing is written: the value is the default."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    path: tuple[str, ...]
    old: Any
    new: Any

    @property
    def change(self) -> Change:
        name = ".".join(self.path)
        old, new = shown(self.old), shown(self.new)
        if self.old is MISSING:
            return Change(sign=NEW, kind="key", name=name, what=new, new=masked(self.new))
        if self.new is MISSING:
            return Change(sign=GONE, kind="key", name=name, what=old, old=masked(self.old))
        return Change(sign=OTHER, kind="key", name=name, what=f"{old} -> {new}", old=masked(self.old), new=masked(self.new))


def differences(old: Any, new: Any, path: tuple[str, ...] = ()) -> Iterator[Difference]:
    """Mappings key by key, everything else as a whole. In the new order, then what is gone."""
    if old == new or {str(old), str(new)} == {"None", "{}"}:
        return
    if isinstance(old, Mapping) and isinstance(new, Mapping):
        for key in [*new, *(key for key in old if key not in new)]:
            yield from differences(old.get(key, MISSING), new.get(key, MISSING), (*path, str(key)))
    else:
        yield Difference(path=path, old=old, new=new)


def shown(value: Any) -> str:
    """As somebody would write it in one line, shortened."""
    text = _written(masked(value))
    return text if len(text) <= SHOWN else text[: SHOWN - 1] + "…"


def _written(value: Any) -> str:
    if value is None:
        return "nothing"
    if isinstance(value, Mapping):
        return "{" + ", ".join(f"{key}: {_written(inner)}" for key, inner in value.items()) + "}"
    if isinstance(value, list | tuple):
        return "[" + ", ".join(_written(inner) for inner in value) + "]"
    return " ".join(str(value).split())


def masked(value: Any) -> Any:
    """Without the user and password of a URL: a plan is shown to more people than the file."""
    if isinstance(value, str):
        return ACCESS.sub("…@", value)
    if isinstance(value, Mapping):
        return {key: masked(inner) for key, inner in value.items()}
    return [masked(inner) for inner in value] if isinstance(value, list | tuple) else value

"""What a plan is made of: lines with a sign, some with lines below them. PURE."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

NEW, GONE, OTHER = "+", "-", "~"
"""The signs."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One thing that will be otherwise. ``old`` and ``new`` are values as they are written in the files, for programs."""

    sign: str
    kind: str
    name: str
    what: str = ""
    old: Any = None
    new: Any = None
    inner: tuple["Change", ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """``token`` names what was found in the folder, byte for byte: what is applied must be what was looked at."""

    before: str = ""
    after: str = ""
    token: str = ""
    source: str = ""  # where the new one stands
    running: str = ""  # what it was compared with, in words
    changes: tuple[Change, ...] = ()
    people: tuple[str, ...] = ()  # who is concerned, a sentence each
    standing: tuple[str, ...] = ()  # how the house came to what it runs, where that is not simply the folder
    warnings: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()

    @property
    def is_empty(self) -> bool:
        return not self.changes


def summary(plan: Plan) -> str:
    """In one short line: ``flow ~main +bank, queue ~sales``."""
    kinds: dict[str, list[str]] = {}
    for change in plan.changes:
        kinds.setdefault(change.kind, []).append(f"{change.sign}{change.name}")
    return ", ".join(f"{kind} {' '.join(_few(names))}" for kind, names in kinds.items()) or "no change"


def _few(names: list[str], most: int = 6) -> Iterator[str]:
    yield from names[:most]
    if len(names) > most:
        yield f"and {len(names) - most} more"

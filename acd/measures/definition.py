"""A definition: one formula with its id, its words, and where it comes from. PURE."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from typing import Generic, TypeVar

C = TypeVar("C")
"""The counters that a formula is made of."""


class Unit(StrEnum):
    COUNT = "count"
    SECONDS = "seconds"
    SHARE = "share"  # 0 to 1
    NUMBER = "number"


@dataclass(frozen=True, slots=True, kw_only=True)
class Definition(Generic[C]):
    """``of`` gives None where nobody counted: there is no service level of an empty day.

    ``parameters``: what besides the counters the number depends on, by the letter that the formula uses.
    """

    id: str  # measure/definition, for ever
    name: str
    formula: str
    unit: Unit
    of: Callable[[C], float | None]
    source: str = ""
    parameters: tuple[str, ...] = ()

    @property
    def measure(self) -> str:
        return self.id.partition("/")[0]

    @property
    def short(self) -> str:
        """The part of the id that tells it from its siblings."""
        return self.id.partition("/")[2]


class Glossary(Generic[C]):
    """The definitions over one kind of counters, in the order in which they are told."""

    def __init__(self, *definitions: Definition[C]) -> None:
        self._by_id = {definition.id: definition for definition in definitions}
        assert len(self._by_id) == len(definitions), "an id is here twice"

    def __iter__(self) -> Iterator[Definition[C]]:
        return iter(self._by_id.values())

    def __getitem__(self, id: str) -> Definition[C]:
        return self._by_id[id]

    def of_measure(self, measure: str) -> dict[str, Definition[C]]:
        """By their short names."""
        return {each.short: each for each in self if each.measure == measure}


def share(part: float, whole: float) -> float | None:
    return part / whole if whole else None

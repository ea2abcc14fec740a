"""Texts with ``{{ expression }}`` in them. PURE.

They are parsed once, when the flow is loaded; what a caller supplies is only ever put in, never read as a template.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from acd.ivr.expressions import Expression, ExpressionError, parse
from acd.ivr.functions import MAX_TEXT


@dataclass(frozen=True, slots=True)
class Template:
    """Fixed texts and expressions, in order."""

    parts: tuple[str | Expression, ...]

    @property
    def names(self) -> frozenset[str]:
        return frozenset(name for part in self.parts if isinstance(part, Expression) for name in part.names)

    @property
    def calls(self) -> frozenset[str]:
        """The functions that it uses."""
        return frozenset(name for part in self.parts if isinstance(part, Expression) for name in part.calls)

    @property
    def source(self) -> str:
        """As it is written."""
        return "".join(part if isinstance(part, str) else "{{" + part.source + "}}" for part in self.parts)

    @property
    def fixed(self) -> tuple[str, ...]:
        """The texts that are known now."""
        return tuple(part for part in self.parts if isinstance(part, str))

    def pieces(self, variables: Mapping[str, str]) -> tuple[str, ...]:
        """The parts as texts, each for itself."""
        return tuple(part if isinstance(part, str) else part.text(variables) for part in self.parts)

    def text(self, variables: Mapping[str, str]) -> str:
        return "".join(self.pieces(variables))[:MAX_TEXT]


def template(source: str) -> Template:
    """Raises ExpressionError, with the column in ``source``."""
    parts: list[str | Expression] = []
    at = 0
    while (start := source.find("{{", at)) >= 0:
        end = source.find("}}", start)
        if end < 0:
            raise ExpressionError(start + 1, "{{ has no }}")
        if source[at:start]:
            parts.append(source[at:start])
        parts.append(_inner(source, start + 2, end))
        at = end + 2
    if "}}" in source[at:]:
        raise ExpressionError(source.index("}}", at) + 1, "}} has no {{ before it")
    if source[at:]:
        parts.append(source[at:])
    return Template(tuple(parts))


def _inner(source: str, start: int, end: int) -> Expression:
    try:
        return parse(source[start:end])
    except ExpressionError as error:
        raise ExpressionError(start + error.column, error.what) from None

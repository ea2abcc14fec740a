"""Whether the waits that callers were told came true. PURE."""

from dataclasses import dataclass

from acd.measures.definition import Definition, Glossary, Unit, share


@dataclass(frozen=True, slots=True, kw_only=True)
class Promised:
    """Waits that were told. Some have no end: the caller left before anybody could know."""

    told: int = 0
    kept: int = 0
    broken: int = 0
    kept_at_most: int = 0
    broken_at_most: int = 0

    def __add__(self, other: "Promised") -> "Promised":
        return Promised(
            told=self.told + other.told,
            kept=self.kept + other.kept,
            broken=self.broken + other.broken,
            kept_at_most=self.kept_at_most + other.kept_at_most,
            broken_at_most=self.broken_at_most + other.broken_at_most,
        )


PROMISES: Glossary[Promised] = Glossary(
    Definition(id="promises/acd-1", name="told", formula="waits that callers in line were told", unit=Unit.COUNT, of=lambda p: p.told),
    Definition(
        id="promise_p50/acd-1",
        name="P50 kept",
        formula="answered within the P50 told ÷ those whose end is known; honest is 50 %",
        unit=Unit.SHARE,
        of=lambda p: share(p.kept, p.kept + p.broken),
    ),
    Definition(
        id="promise_p80/acd-1",
        name="P80 kept",
        formula="answered within the P80 told ÷ those whose end is known; honest is 80 %",
        unit=Unit.SHARE,
        of=lambda p: share(p.kept_at_most, p.kept_at_most + p.broken_at_most),
    ),
    Definition(
        id="promises_open/acd-1",
        name="open",
        formula="told, and the caller left before it was known whether the P80 holds",
        unit=Unit.COUNT,
        of=lambda p: p.told - p.kept_at_most - p.broken_at_most,
    ),
)

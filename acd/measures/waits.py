"""Percentiles of waits. PURE."""

from collections.abc import Sequence
from math import ceil

from acd.measures.definition import Definition, Glossary, Unit

SHARES = (50, 80, 95)


def percentile(waits: Sequence[float], per_cent: int) -> float | None:
    """By nearest rank: the shortest wait of somebody that at least so many per cent did not exceed. ``waits`` are sorted."""
    return waits[max(1, ceil(len(waits) * per_cent / 100)) - 1] if waits else None


def _definition(per_cent: int) -> Definition[Sequence[float]]:
    return Definition(
        id=f"wait_p{per_cent}/acd-1",
        name=f"P{per_cent} of wait",
        formula=f"the shortest wait w of an answered visit so that {per_cent} % of the answered waited w or less (nearest rank)",
        unit=Unit.SECONDS,
        of=lambda waits: percentile(waits, per_cent),
    )


WAITS: Glossary[Sequence[float]] = Glossary(*(_definition(per_cent) for per_cent in SHARES))

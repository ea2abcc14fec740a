"""Who gave up: when, after how long, and whether they came back. PURE."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

from acd.measures.callbacks import SINCE, GaveUp
from acd.reports.table import Report, instant, number, seconds, text

COLUMNS = (
    instant("left_at", "left"),
    text("caller_number", "caller"),
    text("caller_name", "name"),
    text("queue"),
    text("outcome"),
    seconds("waited_s", "waited"),
    number("offers"),
    instant("again_at", "called again"),
    instant("back_at", "called back"),
    instant("served_at", "served since"),
    text("contact"),
)


def abandoned(rows: Iterable[Mapping[str, Any]], *, zone: tzinfo | None) -> Report:
    """``rows`` as ``acd.records.coming_back.abandoned`` gives them."""
    rows = [*rows]
    since = GaveUp(
        visits=len(rows),
        again=sum(row["again_at"] is not None for row in rows),
        back=sum(row["back_at"] is not None for row in rows),
        served=sum(row["served_at"] is not None for row in rows),
    )
    return Report(
        columns=COLUMNS,
        rows=[[row["ended_at" if c.key == "left_at" else c.key] for c in COLUMNS] for row in rows],
        about=[(definition, definition.of(since)) for definition in SINCE],
        zone=zone,
    )

"""Callbacks that were promised and never came about, with the reason, and how many did. PURE."""

from collections.abc import Iterable, Mapping
from datetime import tzinfo
from typing import Any

from acd.core.outside.callback import NEVER_CAME_ABOUT, CallbackOutcome
from acd.measures.callbacks import CALLBACKS, CalledBack
from acd.reports.table import Report, instant, text

COLUMNS = (
    instant("asked_at", "asked"),
    text("queue"),
    text("number"),
    instant("ended_at", "given up"),
    text("outcome"),
    text("why"),
    text("attempts"),
    text("contact"),
    text("id"),
)
COUNTED = {
    CallbackOutcome.SERVED: "served",
    CallbackOutcome.MERGED: "called_in",
    CallbackOutcome.CANCELLED: "cancelled",
    **dict.fromkeys(NEVER_CAME_ABOUT, "never"),
}
"""Not those that were asked for twice: the first one is counted."""


def callbacks(rows: Iterable[Mapping[str, Any]], *, zone: tzinfo | None) -> Report:
    """``rows`` as ``Reader.callbacks_over`` gives them."""
    counts, never = dict.fromkeys(COUNTED.values(), 0), []
    for row in rows:
        counted = COUNTED.get(row["outcome"])
        if counted is not None:
            counts[counted] += 1
        if counted == "never":
            never.append([_cell(row, column.key) for column in COLUMNS])
    whole = CalledBack(**counts)
    return Report(columns=COLUMNS, rows=never, about=[(each, each.of(whole)) for each in CALLBACKS], zone=zone)


def _cell(row: Mapping[str, Any], key: str) -> Any:
    if key == "attempts":
        return ", ".join(attempt["outcome"] for attempt in row["attempts"] or ())
    return row[key] or "" if key == "why" else row[key]

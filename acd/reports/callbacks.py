"""Callbacks that were promised and never came about, with the reason, and how many did. PURE."""

from collections import Counter
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
    rows = list(rows)
    never = [[_cell(row, column.key) for column in COLUMNS] for row in rows if COUNTED.get(row["outcome"]) == "never"]
    whole = called_back(row["outcome"] for row in rows)
    return Report(columns=COLUMNS, rows=never, about=[(each, each.of(whole)) for each in CALLBACKS], zone=zone)


def called_back(outcomes: Iterable[CallbackOutcome]) -> CalledBack:
    by = Counter(outcomes)
    counts = dict.fromkeys(COUNTED.values(), 0)
    for outcome, field in COUNTED.items():
        counts[field] += by[outcome]
    return CalledBack(**counts, expired=by[CallbackOutcome.EXPIRED])


def _cell(row: Mapping[str, Any], key: str) -> Any:
    if key == "attempts":
        return ", ".join(attempt["outcome"] for attempt in row["attempts"] or ())
    return row[key] or "" if key == "why" else row[key]

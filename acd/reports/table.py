"""A report as a table whose columns know what they are, and the forms in which it is given to programs. PURE."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, tzinfo
from enum import StrEnum
from typing import Any

from acd.measures.definition import Definition, Unit


class Kind(StrEnum):
    """Of a cell that is no measure."""

    TEXT = "text"
    INSTANT = "instant"


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """``key`` is the id of the definition where there is one: so every number carries it, in JSON and CSV."""

    key: str
    name: str
    unit: Unit | Kind
    definition: Definition[Any] | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Report:
    """``rows``: a value for each column; None where there is no number. Instants are shown in ``zone`` (None: the machine's).

    ``about``: numbers of the whole, beside the rows. ``notes``: what a reader must know, a sentence each.
    """

    columns: Sequence[Column]
    rows: Sequence[Sequence[Any]]
    about: Sequence[tuple[Definition[Any], float | None]] = ()
    notes: Sequence[str] = ()
    zone: tzinfo | None = None

    @property
    def definitions(self) -> list[Definition[Any]]:
        return [*(c.definition for c in self.columns if c.definition), *(definition for definition, _ in self.about)]


def text(key: str, name: str = "") -> Column:
    return Column(key=key, name=name or key, unit=Kind.TEXT)


def instant(key: str, name: str = "") -> Column:
    return Column(key=key, name=name or key, unit=Kind.INSTANT)


def seconds(key: str, name: str = "") -> Column:
    return Column(key=key, name=name or key, unit=Unit.SECONDS)


def number(key: str, name: str = "") -> Column:
    return Column(key=key, name=name or key, unit=Unit.COUNT)


def measured(definitions: Iterable[Definition[Any]]) -> list[Column]:
    return [Column(key=one.id, name=one.name, unit=one.unit, definition=one) for one in definitions]


def iso(at: float, zone: tzinfo | None) -> str:
    moment = datetime.fromtimestamp(at, zone) if zone else datetime.fromtimestamp(at).astimezone()
    return moment.isoformat(timespec="seconds")


def plain(report: Report) -> dict[str, Any]:
    """For JSON: rows by column, and under each id its formula."""
    return {
        "rows": [dict(zip((c.key for c in report.columns), _cells(report, row), strict=True)) for row in report.rows],
        "all": {definition.id: value for definition, value in report.about},
        "definitions": {
            one.id: {"name": one.name, "formula": one.formula, "unit": one.unit, "source": one.source, "parameters": one.parameters}
            for one in report.definitions
        },
        "notes": list(report.notes),
    }


def _cells(report: Report, row: Sequence[Any]) -> list[Any]:
    return [
        iso(value, report.zone) if column.unit is Kind.INSTANT and value is not None else value
        for column, value in zip(report.columns, row, strict=True)
    ]


def as_csv(report: Report) -> str:
    """The first line names the columns: a number's heading is the id of its definition. Seconds and shares are plain numbers."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow([column.key for column in report.columns])
    writer.writerows([_csv_cell(cell) for cell in _cells(report, row)] for row in report.rows)
    return out.getvalue()


def _csv_cell(cell: Any) -> Any:
    """A text that a spreadsheet would take for a formula stays a text: numbers and names come from callers."""
    return (
        f"'{cell}"
        if isinstance(cell, str) and cell[:1] in ("=", "@", "+", "-", "\t", "\r") and not cell.lstrip("+").isdigit()
        else cell
    )

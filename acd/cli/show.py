"""How the commands print: a table with colours in a terminal, plain columns elsewhere, JSON when asked.

What callers sent (names, numbers) is printed as text only: no markup, and no control characters that would command the terminal.
"""

import json
import sys
from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

import click
from rich.console import Console
from rich.table import Table
from rich.text import Text

COLOURS = {
    "ready": "green", "talking": "cyan", "offered": "yellow", "wrap_up": "magenta", "not_ready": "red", "logged_out": "dim",
    "answered": "green", "abandoned": "red", "short_abandoned": "dim", "abandoned_while_ringing": "red", "timed_out": "yellow",
    "system_error": "bold red",
}  # fmt: skip


def printable(value: object) -> str:
    """Text that cannot move a cursor, ring a bell or pretend to be another line."""
    return "".join(c if c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in str(value))


def as_json(value: Any) -> None:
    click.echo(json.dumps(value, indent=2, default=str))


def table(headings: Sequence[str], rows: Iterable[Sequence[object]], *, empty: str) -> None:
    """``empty`` is said instead of a table without rows."""
    cells = [["" if cell is None else printable(cell) for cell in row] for row in rows]
    if not cells:
        click.echo(empty)
    elif sys.stdout.isatty():
        in_colours(headings, cells)
    else:
        in_columns(headings, cells)


def in_colours(headings: Sequence[str], cells: list[list[str]]) -> None:
    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for heading in headings:
        drawn.add_column(heading, overflow="fold")
    for row in cells:
        drawn.add_row(*(Text(cell, style=COLOURS.get(cell.split(" ")[0], "")) for cell in row))
    Console().print(drawn)


def in_columns(headings: Sequence[str], cells: list[list[str]]) -> None:
    """For ``grep`` and ``awk``: two spaces between columns, an empty cell is a dash."""
    lines = [list(headings), *([cell or "-" for cell in row] for row in cells)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(headings))]
    for line in lines:
        click.echo("  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip())


def styled(text: str, style: str) -> str:
    """Colours only where they are seen (click takes them out of a pipe)."""
    return click.style(printable(text), fg=style) if style else printable(text)


def local_time(at: float | None) -> str:
    """``2026-03-29T01:59:59+01:00``, in the zone of whoever looks."""
    return "" if at is None else datetime.fromtimestamp(at).astimezone().isoformat(timespec="seconds")


def clock_time(at: float) -> str:
    return datetime.fromtimestamp(at).astimezone().strftime("%H:%M:%S.%f")[:-3]


def span(seconds: float | None) -> str:
    """``0:07``, ``12:05``, ``1:00:00``."""
    if seconds is None:
        return ""
    whole = int(max(0.0, seconds) + 0.5)
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02}:{whole % 60:02}" if hours else f"{minutes}:{whole % 60:02}"


def percent(share: float | None) -> str:
    return "" if share is None else f"{share * 100:.1f} %"

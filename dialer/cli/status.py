"""``dialer status``: each campaign in a line, once or live."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import click
from rich.console import Console
from rich.live import Live
from rich.table import Table

from acd.cli import control, show
from acd.cli.place import home_option, json_option

EVERY_S = 1.0


@click.command()
@click.option("--once", is_flag=True, help="Once, and not live.")
@json_option
@home_option
def status(home: Path, json_: bool, once: bool) -> None:
    """What campaigns do now: calls by state, what keeps them from dialling more, and the abandons that the law still bears."""
    if json_:
        show.as_json(control.get(home, "campaigns"))
        return
    console = Console()
    if once or not console.is_terminal:
        console.print(table_of(control.get(home, "campaigns")))
        return
    with Live(table_of(control.get(home, "campaigns")), console=console, auto_refresh=False) as live:
        try:
            for found in _again(home):
                live.update(table_of(found), refresh=True)
        except KeyboardInterrupt:
            return


def _again(home: Path) -> Iterator[Any]:
    while True:
        time.sleep(EVERY_S)
        yield control.get(home, "campaigns")


def table_of(campaigns: list[dict[str, Any]]) -> Table:
    table = Table(box=None, pad_edge=False)
    for name in ("campaign", "state", "dialled", "rings", "waits", "told", "talks", "abandoned", "room", "what binds it"):
        table.add_column(name, overflow="fold")
    for each in campaigns:
        calls, worst = each["calls"], max(each["ledger"], key=lambda count: float(count["rate"]), default=None)
        rate = f"{worst['abandoned']} of {worst['answered']} ({worst['rate']:.1%})" if worst else ""
        table.add_row(
            each["campaign"],
            each["state"],
            *(str(calls[state]) for state in ("asked", "ringing", "answered", "told", "talking")),
            rate,
            str(each["room"]),
            each["binds"],
        )
    if not campaigns:
        table.caption = "no campaign is configured (docs/CAMPAIGNS.md)"
    return table

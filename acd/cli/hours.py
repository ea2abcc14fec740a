"""``acd hours``: what is open now and until when; and a supervisor's word that opens or closes by hand."""

import getpass
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option


@click.command()
@click.argument("wish", type=click.Choice(["open", "close", "auto"]), required=False)
@click.argument("name", required=False)
@click.option("--until", default="", help="18:00 (of the calendar's zone) or 2026-12-24T14:00; left out: until somebody says auto.")
@click.option("--by", default="", help="Who says so; kept with it.  [default: your user name]")
@json_option
@home_option
def hours(wish: str | None, name: str | None, until: str, by: str, home: Path, json_: bool) -> None:
    """List the calendars, or make calendar NAME open, closed, or go by its own hours again (auto).

    What is opened or closed by hand stays so across a restart. Callers who are past their `hours` step already go on.
    """
    if wish and not name:
        raise click.UsageError(f"which calendar? acd hours {wish} NAME; acd hours lists them")
    if until and not wish:
        raise click.UsageError("--until belongs to open and close")
    if wish and name:
        found = [control.post(home, "calendars", name, wish, until=until, by=by or whoever())]
    else:
        found = control.get(home, "calendars")
    if json_:
        show.as_json(found[0] if wish else found)
        return
    show.table(
        ["calendar", "now", "why", "until", "then", "zone"],
        ([c["calendar"], c["state"], why(c), moment(c["next_at"], c["zone"]), c["next"], c["zone"]] for c in found),
        empty="no calendar is configured",
    )


def why(calendar: dict[str, Any]) -> str:
    return f"by hand ({calendar['by']})" if calendar["forced"] else "its hours"


def moment(at: float | None, zone: str) -> str:
    """In the calendar's own zone: that is what its hours are written in."""
    return "" if at is None else datetime.fromtimestamp(at, ZoneInfo(zone)).strftime("%a %Y-%m-%d %H:%M")


def whoever() -> str:
    try:
        return getpass.getuser()
    except (KeyError, OSError, ImportError):  # an account without a name
        return ""

"""``acd call ID``: the whole story of one call, running or ended, with the reason of every offer."""

from pathlib import Path
from typing import Any

import click

from acd.cli import control, show
from acd.cli.place import database_option, home_option, json_option, records
from acd.records.story import Moment, tell

STYLES = {"arrival": "bright_white", "queue": "yellow", "offer": "cyan", "talk": "green", "message": "magenta", "end": "red"}


@click.command()
@click.argument("id")
@json_option
@database_option
@home_option
def call(id: str, home: Path, database: str | None, json_: bool) -> None:
    """The whole story of a call. The beginning of its ID is enough for one that has ended."""
    rows = running(home, id) or recorded(home, database, id)
    if json_:
        show.as_json(rows)
        return
    contact = rows["contact"]
    click.echo(f"call {show.printable(contact['id'])}, {show.local_time(contact['arrived_at'])}")
    for moment in tell(rows):
        print_moment(moment, contact["arrived_at"])
    if contact["ended_at"] is None:
        click.echo("it is still running")


def running(home: Path, id: str) -> dict[str, Any] | None:
    """The story so far, if a controller runs and has this call."""
    try:
        found: dict[str, Any] = control.get(home, "calls", id)
        return found
    except control.NotRunning:
        return None
    except control.Refused as why:
        if why.status == 404:
            return None
        raise


def recorded(home: Path, database: str | None, id: str) -> dict[str, Any]:
    with records(home, database) as reader:
        found = reader.story(id)
    if found is None:
        raise click.ClickException(f"no call {id!r} is running or recorded (or more than one begins with this); see: acd calls")
    return found


def print_moment(moment: Moment, start: float) -> None:
    after = f"+{max(0.0, moment.at - start):.1f}s"
    click.echo(f"{show.clock_time(moment.at)} {after:>9}  {show.styled(moment.text, STYLES.get(moment.kind, ''))}")
    for detail in moment.details:
        click.echo(f"{'':>24}{show.styled(detail, 'bright_black')}")

"""``acd callbacks``: who waits to be called back, in the order of the places that are kept for them."""

import getpass
import time
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from acd.cli import show
from acd.cli.place import database_option, default_database, home_option, json_option, records
from acd.records.closing import close_callback


@click.group(invoke_without_command=True)
@click.pass_context
def callbacks(context: click.Context) -> None:
    """Who waits to be called back."""
    if context.invoked_subcommand is None:
        with list_.make_context("list", [], parent=context) as listing:
            list_.invoke(listing)


@callbacks.command("list")
@click.option("--queue", default="", help="Only of this queue.")
@click.option("--all", "closed", is_flag=True, help="Those that are done as well.")
@json_option
@database_option
@home_option
def list_(home: Path, database: str | None, json_: bool, queue: str, closed: bool) -> None:
    """The first to be called first."""
    with records(home, database) as reader:
        found = reader.callbacks(queue=queue, closed=closed)
    if json_:
        show.as_json(found)
        return
    show.table(
        ["waiting since", "queue", "priority", "number", "asked", "done", "by", "id"],
        (
            [
                show.local_time(row["since"]),
                row["queue"],
                row["priority"] or "",
                row["number"],
                show.local_time(row["asked_at"]),
                show.local_time(row["closed_at"]),
                row["closed_by"],
                row["id"],
            ]
            for row in found
        ),
        empty="nobody waits to be called back",
    )


@callbacks.command("done")
@click.argument("id")
@click.option("--by", default=getpass.getuser, help="Who called; left out: your user name.")
@database_option
@home_option
def done(id: str, home: Path, database: str | None, by: str) -> None:
    """Callback ID has been made (or is not wanted any more); so is every other one of the same number and queue."""
    with records(home, database):
        pass  # says so where there are no records
    try:
        closed = close_callback(database or default_database(home), id, by=by, at=time.time())
    except DBAPIError as error:
        raise click.ClickException(f"the records cannot be written: {error.orig}") from None
    if not closed:
        raise click.ClickException(f"no callback {id!r} is open; see: acd callbacks")
    click.echo(f"done: {', '.join(closed)}")

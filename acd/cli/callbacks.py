"""``acd callbacks``: who waits to be called back, in the order of the places that are kept for them."""

import getpass
import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click
from sqlalchemy.exc import DBAPIError

from acd.cli import control, show
from acd.cli.place import Since, database_option, default_database, home_option, json_option, records
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
        ["waiting since", "queue", "priority", "number", "state", "next", "attempts", "why", "done", "id"],
        (list(columns(row)) for row in found),
        empty="nobody waits to be called back",
    )


def columns(row: Mapping[str, Any]) -> Iterator[object]:
    yield show.local_time(row["since"])
    yield row["queue"]
    yield row["priority"] or ""
    yield row["number"]
    yield row["outcome"] or row["state"] or ("done" if row["closed_at"] else "by hand")
    yield show.local_time(row["next_at"])
    yield ", ".join(attempt["outcome"] or "under way" for attempt in row["attempts"])
    yield row["why"] or ""
    yield show.local_time(row["ended_at"] or row["closed_at"])
    yield row["id"]


@callbacks.command("done")
@click.argument("id")
@click.option("--by", default=getpass.getuser, help="Who called; left out: your user name.")
@database_option
@home_option
def done(id: str, home: Path, database: str | None, by: str) -> None:
    """Callback ID has been made by hand (or is not wanted any more); so is every other one of the same number and queue."""
    with records(home, database):
        pass  # says so where there are no records
    try:
        closed = close_callback(database or default_database(home), id, by=by, at=time.time())
    except DBAPIError as error:
        raise click.ClickException(f"the records cannot be written: {error.orig}") from None
    if not closed:
        raise click.ClickException(f"no callback {id!r} is open that is made by hand; see: acd callbacks, acd callbacks cancel")
    click.echo(f"done: {', '.join(closed)}")


@callbacks.command("cancel")
@click.argument("id")
@home_option
def cancel(id: str, home: Path) -> None:
    """Callback ID is not wanted any more; a phone that rings for it stops."""
    control.post(home, "callbacks", id, "cancel")
    click.echo(f"cancelled: {id}")


@callbacks.command("now")
@click.argument("id")
@home_option
def now(id: str, home: Path) -> None:
    """Callback ID is not held any longer; hours and limits hold all the same."""
    found = control.post(home, "callbacks", id, "now")
    click.echo(f"{id}: {found['state']}")


@callbacks.command("add")
@click.argument("number")
@click.option("--queue", required=True, help="Whose agents call.")
@click.option("--at", "when", type=Since(), default=None, help="Not before this time, such as 2026-12-01T14:00.")
@click.option("--priority", type=click.IntRange(0, 100), default=0)
@home_option
def add(number: str, queue: str, when: float | None, priority: int, home: Path) -> None:
    """NUMBER is to be called back."""
    body = {"number": number, "queue": queue, "when": "" if when is None else f"{when:.3f}", "priority": str(priority)}
    found = control.post(home, "callbacks", **body)
    click.echo(f"{found['callback']}: {found['state']}{_from(found, when)}")


def _from(found: Mapping[str, Any], when: float | None) -> str:
    """When it is their turn at the earliest, where that is later than wished for."""
    first, calendar = found["first_at"], found["hours"]
    if first is None:
        return f", until {calendar} opens"
    if first > (when or time.time()) + 1.0:
        return f" until {show.local_time(first)}, when {calendar} opens"
    return "" if when is None else f" until {show.local_time(first)}"

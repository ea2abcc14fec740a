"""``dialer dnc``: who must not be called."""

import getpass
import time
from datetime import datetime
from pathlib import Path

import click

from acd.cli import control, show
from acd.cli.place import database_option, home_option
from dialer.cli.place import number_in, store_at
from dialer.lists import do_not_call

scope_option = click.option("--scope", default="internal", show_default=True, help="internal, campaign:ID or national:NAME.")
region_option = click.option("--region", default="", help="Of numbers that are written without +, such as DE.")


def _scope(scope: str) -> str:
    try:
        return do_not_call.known_scope(scope)
    except ValueError as why:
        raise click.ClickException(str(why)) from None


@click.group()
def dnc() -> None:
    """Who must not be called. What is added holds at once, also for numbers that are about to be dialled."""


@dnc.command("add")
@click.argument("number")
@scope_option
@region_option
@click.option("--days", type=click.FloatRange(0.01), default=None, help="For so long; left out: for ever.")
@database_option
@home_option
def add(number: str, scope: str, region: str, days: float | None, home: Path, database: str | None) -> None:
    """NUMBER is not called any more."""
    listed, at = number_in(number, region), time.time()
    until = None if days is None else at + days * 86400
    with store_at(home, database) as store, store.begin() as connection:
        do_not_call.add(connection, [listed], _scope(scope), source=f"{getpass.getuser()}, by hand", at=at, until=until)
    _dropped(home, listed, scope)
    click.echo(f"{listed}: {scope}")


def _dropped(home: Path, number: str, scope: str) -> None:
    """What rings there now, if anything runs: a phone is let ring its least."""
    only = scope.removeprefix("campaign:") if scope.startswith("campaign:") else ""
    try:
        control.post(home, "opt-outs", number=number, campaign=only)
    except (control.NotRunning, control.Refused):
        return  # nothing is dialled, then


@dnc.command("remove")
@click.argument("number")
@scope_option
@region_option
@database_option
@home_option
def remove(number: str, scope: str, region: str, home: Path, database: str | None) -> None:
    """NUMBER may be called again, as far as this scope goes."""
    listed = number_in(number, region)
    with store_at(home, database) as store, store.begin() as connection:
        gone = do_not_call.remove(connection, listed, _scope(scope))
    if not gone:
        raise click.ClickException(f"{listed} is not listed in {scope}")
    click.echo(f"{listed}: not in {scope} any more")


@dnc.command("check")
@click.argument("number")
@region_option
@database_option
@home_option
def check(number: str, region: str, home: Path, database: str | None) -> None:
    """Where NUMBER is listed."""
    listed = number_in(number, region)
    with store_at(home, database) as store, store.begin() as connection:
        rows = do_not_call.check(connection, listed)
    lines = ([row["scope"], row["source"], show.local_time(row["at"]), show.local_time(row["until"])] for row in rows)
    show.table(["scope", "source", "since", "until"], lines, empty=f"{listed} is on no list")


@dnc.command("import")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@scope_option
@region_option
@click.option("--dated", type=click.DateTime(["%Y-%m-%d"]), default=None, help="The date of a national file: it grows old from there.")
@database_option
@home_option
def import_(file: Path, scope: str, region: str, dated: datetime | None, home: Path, database: str | None) -> None:
    """Take the numbers of FILE: one a line, or a CSV with a column number. A national file takes the place of the one before."""
    if _scope(scope).startswith("national:") and dated is None:
        raise click.ClickException("--dated: a national file grows old, so its date must be known")
    at = time.time()
    with store_at(home, database) as store:
        done = do_not_call.import_file(store, file, scope, region=region, dated_at=at if dated is None else dated.timestamp(), at=at)
    click.echo(f"{done.numbers} numbers listed in {scope}, {done.refused} lines were none")
    if done.stopped:
        raise click.ClickException(f"stopped at {done.stopped}; the list before it stays in force too")

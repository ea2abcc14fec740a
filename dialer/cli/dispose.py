"""``dialer dispose``: what came of a talk, said afterwards or corrected, and when a promised call is due."""

from datetime import datetime
from pathlib import Path

import click
from sqlalchemy import select

from acd.cli import control, show
from acd.cli.place import database_option, home_option
from dialer.cli.place import store_at
from dialer.lists.schema import attempts

FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


@click.command()
@click.argument("attempt")
@click.argument("name")
@click.option("--at", "call_at", type=click.DateTime(FORMATS), help="When they are called again, by the clock here; of a callback.")
@click.option("--by", default="command line", show_default=True, help="Who says it.")
@database_option
@home_option
def dispose(attempt: str, name: str, call_at: datetime | None, by: str, home: Path, database: str | None) -> None:
    """Say what came of ATTEMPT: NAME, a disposition of its queue. The lead goes on by the rule for it; the last word counts."""
    with store_at(home, database) as store, store.begin() as connection:
        row = connection.execute(select(attempts).where(attempts.c.id == attempt)).mappings().one_or_none()
    if row is None:
        raise click.ClickException(f"no attempt {attempt}")
    if row["outcome"] is None:
        raise click.ClickException(f"attempt {attempt} is not over; the agent says it in the talk, or when it is")
    due = None if call_at is None else call_at.astimezone().timestamp()
    what = {"attempt": attempt, "disposition": name, "by": by, "call_at": "" if due is None else str(due)}
    control.post(home, "campaigns", row["campaign"], "dispositions", **what)
    click.echo(f"{attempt}: {name}" + (f", to be called at {show.local_time(due)}" if due is not None else ""))

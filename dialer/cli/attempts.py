"""``dialer attempts``: what was dialled and what came of it."""

from pathlib import Path
from typing import Any

import click
from sqlalchemy import select

from acd.cli import show
from acd.cli.place import database_option, home_option, json_option
from dialer.cli.place import store_at
from dialer.lists.schema import attempts as table


@click.command()
@click.option("--campaign", default="", help="Only of this one.")
@click.option("--number", default="", help="Only to this number.")
@click.option("--limit", type=click.IntRange(1, 100_000), default=50, show_default=True)
@json_option
@database_option
@home_option
def attempts(home: Path, database: str | None, json_: bool, campaign: str, number: str, limit: int) -> None:
    """What was dialled and what came of it, the newest first."""
    query = select(table).order_by(table.c.at.desc()).limit(limit)
    if campaign:
        query = query.where(table.c.campaign == campaign)
    if number:
        query = query.where(table.c.number == number)
    with store_at(home, database) as store, store.begin() as connection:
        found: list[dict[str, Any]] = [dict(row) for row in connection.execute(query).mappings()]
    if json_:
        show.as_json(found)
        return
    show.table(
        ["at", "campaign", "number", "answered", "agent there", "agent", "ended", "outcome", "came of it", "the switch's word", "id"],
        (
            [
                show.local_time(row["at"]),
                row["campaign"],
                row["number"],
                show.local_time(row["answered_at"]),
                show.local_time(row["bridged_at"]),
                row["agent"],
                show.local_time(row["ended_at"]),
                row["outcome"] or "under way",
                row["disposition"],
                row["cause"],
                row["id"],
            ]
            for row in found
        ),
        empty="nothing was dialled",
    )

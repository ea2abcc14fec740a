"""``acd calls``: the newest calls that ended, from the records."""

from pathlib import Path

import click

from acd.cli import show
from acd.cli.place import Since, database_option, home_option, json_option, records
from acd.words import EntryOutcome


@click.command()
@click.option("--since", type=Since(), help="Only calls that arrived since: 30m, 2h, 7d, today, 2026-03-29.")
@click.option("--queue", default="", help="Only calls whose last queue was this one.")
@click.option("--outcome", type=click.Choice([outcome.value for outcome in EntryOutcome]), help="Only calls whose last queue ended so.")
@click.option("--caller", default="", help="Only callers whose number contains this.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@json_option
@database_option
@home_option
def calls(
    home: Path, database: str | None, json_: bool, since: float | None, queue: str, outcome: str | None, caller: str, limit: int
) -> None:
    """Calls that ended, the newest first."""
    with records(home, database) as reader:
        found = reader.calls(since=since, queue=queue, outcome=outcome or "", caller=caller, limit=limit)
    if json_:
        show.as_json(found)
        return
    show.table(
        ["arrived", "caller", "name", "dialled", "queue", "outcome", "waited", "talked", "agent", "lasted", "id"],
        (
            [
                show.local_time(row["arrived_at"]),
                row["caller_number"],
                row["caller_name"],
                row["dialled"],
                row["queue"],
                row["outcome"],
                show.span(row["waited_s"]),
                show.span(row["talk_s"]),
                row["served_by"],
                show.span(row["duration_s"]),
                row["id"],
            ]
            for row in found
        ),
        empty="no calls are recorded that match",
    )

"""``acd queues``: who waits now, and how the day went so far."""

import time
from pathlib import Path
from typing import Any

import click

from acd.cli import control, show
from acd.cli.place import Since, database_option, default_database, home_option, json_option
from acd.measures.visits import SERVICE_LEVEL, VISITS, Visits
from acd.records.counting import Scope, by_queue
from acd.records.reader import NoRecords, Reader


@click.command()
@click.option("--since", type=Since(), default="today", show_default=True, help="From when the numbers count: 30m, 2h, today …")
@click.option("--definition", type=click.Choice(list(SERVICE_LEVEL)), default="acd-1", help="Of the service level.")
@click.option("--callers", is_flag=True, help="List everybody who waits.")
@json_option
@database_option
@home_option
def queues(home: Path, database: str | None, json_: bool, since: float, definition: str, callers: bool) -> None:
    """Each queue: who waits now, and its numbers since midnight (or --since)."""
    live, why_not_live = live_queues(home)
    counts, why_no_records = recorded(home, database, since)
    if why_not_live and why_no_records:
        raise click.ClickException(f"{why_not_live}; {why_no_records}")
    names = sorted(live.keys() | counts.keys())
    rows = [numbers(name, live.get(name), counts.get(name, Visits()), definition) for name in names]
    if json_:
        show.as_json({"at": time.time(), "since": since, "definition": definition, "live": not why_not_live, "queues": rows})
        return
    for why in filter(None, (why_not_live, why_no_records)):
        click.echo(f"note: {why}", err=True)
    print_queues(rows, definition)
    if callers:
        print_callers(live)


def live_queues(home: Path) -> tuple[dict[str, dict[str, Any]], str]:
    try:
        return {queue["queue"]: queue for queue in control.get(home, "state")["queues"]}, ""
    except control.NotRunning as why:
        return {}, why.message


def recorded(home: Path, database: str | None, since: float) -> tuple[dict[str, Visits], str]:
    try:
        reader = Reader(database or default_database(home))
        try:
            return by_queue(reader, Scope(since=since, until=float("inf"))), ""
        finally:
            reader.close()
    except NoRecords as why:
        return {}, str(why)


def numbers(name: str, live: dict[str, Any] | None, counts: Visits, definition: str) -> dict[str, Any]:
    return {
        "queue": name,
        "waiting": live["waiting"] if live else None,
        "longest_wait_s": live["longest_wait_s"] if live else None,
        "talking": live["talking"] if live else None,
        "available": live["available"] if live else None,
        "staffed": live["staffed"] if live else None,
        "online": live["online"] if live else None,
        "overtaken_s": live["overtaken_s"] if live else None,
        "promises": live["promises_at_most"] if live else None,
        "promises_kept": live["promises_at_most_kept"] if live else None,
        "offered": counts.offered,
        "answered": counts.answered,
        "answered_in_time": counts.answered_in_time,
        "abandoned": counts.abandoned,
        "short_abandoned": counts.short_abandoned,
        "unserved": counts.unserved,
        "flow_outs": counts.flow_outs,
        "service_level": SERVICE_LEVEL[definition].of(counts),
        "abandon_rate": VISITS["abandon_rate/acd-1"].of(counts),
        "average_speed_of_answer_s": VISITS["average_speed_of_answer/acd-1"].of(counts),
    }


def print_queues(rows: list[dict[str, Any]], definition: str) -> None:
    show.table(
        [
            "queue", "waiting", "longest", "talking", "available/staffed/online", "offered", "answered", "abandoned", "short",
            "unserved", "elsewhere", f"service level ({definition})", "abandon rate", "speed of answer",
            "waits told true", "overtaken within",
        ],
        (
            [
                row["queue"], row["waiting"], show.span(row["longest_wait_s"]), row["talking"],
                None if row["staffed"] is None else f"{row['available']}/{row['staffed']}/{row['online']}",
                row["offered"], row["answered"], row["abandoned"], row["short_abandoned"], row["unserved"], row["flow_outs"],
                show.percent(row["service_level"]), show.percent(row["abandon_rate"]),
                show.span(row["average_speed_of_answer_s"]), told_true(row), show.span(row["overtaken_s"]),
            ]
            for row in rows
        ),
        empty="no queue is configured and none is recorded",
    )  # fmt: skip


def told_true(row: dict[str, Any]) -> str | None:
    """Of the waits that were told as at most so long (four in five should be true)."""
    if not row["promises"]:
        return None
    return f"{show.percent(row['promises_kept'] / row['promises'])} of {row['promises']}"


def print_callers(live: dict[str, dict[str, Any]]) -> None:
    click.echo()
    show.table(
        ["queue", "place", "caller", "waited", "priority", "state", "rings", "call"],
        (
            [name, c["place"], c["caller_number"], show.span(c["waited_s"]), c["priority"], c["state"], c["rings"], c["call"]]
            for name, queue in sorted(live.items())
            for c in queue["callers"]
        ),
        empty="nobody waits",
    )

"""``acd outbound``: what left the house, what was refused and by which rule, and how much room is left."""

from pathlib import Path

import click

from acd.cli import control, show
from acd.cli.place import Since, database_option, home_option, json_option, records


@click.group(invoke_without_command=True)
@click.pass_context
def outbound(context: click.Context) -> None:
    """Calls that left the house, and room for more."""
    if context.invoked_subcommand is None:
        with list_.make_context("list", [], parent=context) as listing:
            list_.invoke(listing)


@outbound.command("list")
@click.option("--since", type=Since(), default="1d", show_default=True, help="30m, 2h, 7d, today, 2026-03-29.")
@click.option("--refused", is_flag=True, help="Only what was refused.")
@click.option("--number", default="", help="Only numbers with these digits.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@database_option
@home_option
def list_(home: Path, database: str | None, json_: bool, since: float, refused: bool, number: str, limit: int) -> None:
    """The newest first."""
    with records(home, database) as reader:
        found = reader.outbound(since=since, refused=refused, number=number, limit=limit)
    if json_:
        show.as_json(found)
        return
    show.table(
        ["at", "for", "number", "trunk", "shown", "who", "answered", "ended", "what became of it"],
        (
            [
                show.local_time(row["at"]),
                row["reason"],
                row["number"],
                row["trunk"],
                row["shown"],
                row["agent"] or row["queue"] or row["contact"] or "",
                show.local_time(row["answered_at"]),
                show.local_time(row["ended_at"]),
                f"refused: {row['why']}" if row["refused"] else row["cause"],
            ]
            for row in found
        ),
        empty="nothing left the house, and nothing was refused",
    )


@outbound.command("room")
@json_option
@home_option
def room(home: Path, json_: bool) -> None:
    """What has been let out on each account, against its limit."""
    found = control.get(home, "outbound")
    if json_:
        show.as_json(found)
        return
    show.table(
        ["account", "calls", "limit", "left", "anew at"],
        (
            [each["account"], each["calls"], each["limit"], each["left"], show.local_time(each["until"])]
            for each in [*found["trunks"], *found["accounts"]]
        ),
        empty="nothing has left the house",
    )


@outbound.command("dial")
@click.argument("number")
@click.option("--queue", default="", help="Whose agents talk to whoever answers.")
@click.option("--flow", default="", help="Or what whoever answers hears, with no agent.")
@click.option("--message", default="", help="The flow that is heard when no agent is there in time; left out: nothing, and it ends.")
@click.option("--priority", type=click.IntRange(0, 100), default=0)
@click.option("--ring", "ring_s", type=click.IntRange(15, 120), default=30, show_default=True, help="Seconds.")
@home_option
def dial(number: str, queue: str, flow: str, message: str, priority: int, ring_s: int, home: Path) -> None:
    """NUMBER is dialled now; a person who answers is given to an agent of the queue, within two seconds, or is in the flow at once."""
    wanted = {"number": number, "queue": queue, "flow": flow, "message": message}
    found = control.post(home, "dialled", **wanted, priority=str(priority), ring_s=str(ring_s))
    click.echo(f"{found['attempt']}: {found['state']}")


@outbound.command("drop")
@click.argument("id")
@home_option
def drop(id: str, home: Path) -> None:
    """What was dialled by ID is not wanted any more; a phone that rings is let ring for fifteen seconds."""
    found = control.post(home, "dialled", id, "drop")
    click.echo(f"{found['attempt']}: {found['state']}")


@outbound.command("dialled")
@click.option("--since", type=Since(), default="1d", show_default=True, help="30m, 2h, 7d, today, 2026-03-29.")
@click.option("--campaign", default="", help="Only of this campaign.")
@click.option("--limit", type=click.IntRange(1, 10_000), default=50, show_default=True)
@json_option
@database_option
@home_option
def dialled(home: Path, database: str | None, json_: bool, since: float, campaign: str, limit: int) -> None:
    """What was dialled for a queue and is over, the newest first."""
    with records(home, database) as reader:
        found = reader.dialled(since=since, campaign=campaign, limit=limit)
    if json_:
        show.as_json(found)
        return
    show.table(
        ["at", "campaign", "queue", "answered", "agent there", "agent", "ended", "outcome", "the switch's word", "id"],
        (
            [
                show.local_time(row["at"]),
                row["campaign"],
                row["queue"],
                show.local_time(row["answered_at"]),
                show.local_time(row["bridged_at"]),
                row["agent"],
                show.local_time(row["ended_at"]),
                f"refused: {row['refused']}" if row["refused"] else row["outcome"],
                row["cause"],
                row["id"],
            ]
            for row in found
        ),
        empty="nothing was dialled for a queue",
    )

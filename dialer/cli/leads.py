"""``dialer leads``: whom campaigns dial."""

import time
from pathlib import Path

import click
from sqlalchemy import func, select

from acd.cli import show as shown
from acd.cli.place import database_option, home_option, json_option
from dialer.cli.place import store_at
from dialer.lists.importing import DUPLICATES, Imported, Importing, import_csv
from dialer.lists.numbering import is_zone
from dialer.lists.recycling import put_in_order, recycle
from dialer.lists.schema import attempts, lead_numbers, lists
from dialer.lists.schema import leads as table


@click.group()
def leads() -> None:
    """Whom campaigns dial."""


@leads.command("import")
@click.argument("list_id", metavar="LIST")
@click.argument("file", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@click.option("--region", default="", help="Of numbers that are written without +, such as DE.")
@click.option("--zone", default="", help="Of times that name none, such as Europe/Berlin; left out: the lead's own.")
@click.option(
    "--duplicates", type=click.Choice(DUPLICATES), default="refuse", show_default=True, help="A row for who is there already."
)
@click.option(
    "--across", type=click.Choice(["allowed", "refused"]), default="allowed", show_default=True, help="Numbers of other lists."
)
@database_option
@home_option
def import_(list_id: str, file: Path, region: str, zone: str, duplicates: str, across: str, home: Path, database: str | None) -> None:
    """Take the rows of FILE (CSV, UTF-8) into LIST. The same file twice changes nothing. Refused rows go to FILE.refused.csv."""
    if zone and not is_zone(zone):
        raise click.ClickException(f"{zone}: no time zone such as Europe/Berlin")
    how = Importing(list=list_id, region=region.upper(), zone=zone, duplicates=duplicates, across=across)
    report = file.with_name(f"{file.name}.refused.csv")
    with store_at(home, database) as store:
        done = import_csv(store, file, how, time.time(), report)
    _tell(done, report)
    if done.stopped:
        raise click.ClickException(f"stopped at {done.stopped}; what stands up to line {done.line} is taken in")


def _tell(done: Imported, report: Path) -> None:
    click.echo(f"{done.added} added, {done.updated} updated, {done.unchanged} unchanged, {done.kept} kept as they were")
    for why, n in done.refused.most_common():
        click.echo(f"{n} refused: {why}")
    if done.refused:
        click.echo(f"each with its line: {report}")


@leads.command("show")
@click.argument("list_id", metavar="LIST")
@click.argument("key", metavar="ID")
@json_option
@database_option
@home_option
def show(list_id: str, key: str, json_: bool, home: Path, database: str | None) -> None:
    """One lead of LIST: what is known, where it stands, and every attempt."""
    with store_at(home, database) as store, store.begin() as connection:
        row = connection.execute(select(table).where(table.c.list == list_id, table.c.key == key)).mappings().one_or_none()
        if row is None:
            raise click.ClickException(f"no lead {key!r} in list {list_id!r}")
        own = connection.scalars(select(lead_numbers.c.number).where(lead_numbers.c.lead == row["id"]).order_by(lead_numbers.c.n)).all()
        copies = connection.execute(select(table).where(table.c.home == row["id"]).order_by(table.c.list)).mappings().all()
        ids = [row["id"], *(each["id"] for each in copies)]
        tried = connection.execute(select(attempts).where(attempts.c.lead.in_(ids)).order_by(attempts.c.at)).mappings().all()
    stands = {each["list"]: f"{each['state']} {each['why']}".strip() for each in copies}
    found = {**row, "numbers": list(own), "copies": stands, "tried": [dict(each) for each in tried]}
    if json_:
        shown.as_json(found)
        return
    told = ("key", "name", "state", "why", "priority", "consent", "consent_source", "fields", "numbers")
    rows = [[name, str(found[name])] for name in told] + [["due", shown.local_time(row["due_at"])], *map(list, stands.items())]
    shown.table(["what", "value"], rows, empty="")
    lines = ([shown.local_time(a["at"]), a["campaign"], a["number"], a["outcome"] or "under way", a["cause"]] for a in tried)
    shown.table(["at", "campaign", "number", "outcome", "cause"], lines, empty="never dialled")


@leads.command("report")
@json_option
@database_option
@home_option
def report(json_: bool, home: Path, database: str | None) -> None:
    """Every list with its leads by state. Counts all of them, which takes a while where there are millions."""
    with store_at(home, database) as store, store.begin() as connection:
        order = {row[0]: row[1] for row in connection.execute(select(lists.c.id, lists.c.order))}
        counted = select(table.c.list, table.c.state, func.count()).group_by(table.c.list, table.c.state).order_by(table.c.list)
        rows = [list(row) for row in connection.execute(counted)]
    if json_:
        shown.as_json([{"list": row[0], "order": order.get(row[0], ""), "state": row[1], "leads": row[2]} for row in rows])
        return
    shown.table(["list", "order", "state", "leads"], ([row[0], order.get(row[0], ""), *row[1:]] for row in rows), empty="no leads")


@leads.command("recycle")
@click.argument("list_id", metavar="LIST")
@click.option(
    "--outcome", "outcomes", multiple=True, required=True, help="How they ended, such as no_answer; may be given several times."
)
@database_option
@home_option
def recycle_(list_id: str, outcomes: tuple[str, ...], home: Path, database: str | None) -> None:
    """Put back those of LIST that are done with one of these outcomes."""
    with store_at(home, database) as store:
        click.echo(f"{recycle(store, list_id, outcomes)} put back")


@leads.command("order")
@click.argument("list_id", metavar="LIST")
@click.argument("order")
@database_option
@home_option
def order_(list_id: str, order: str, home: Path, database: str | None) -> None:
    """Dial LIST in ORDER: oldest, newest, chance, 'highest FIELD' or 'lowest FIELD'."""
    try:
        with store_at(home, database) as store:
            put_in_order(store, list_id, order)
    except ValueError as why:
        raise click.ClickException(str(why)) from None

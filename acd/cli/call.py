"""``acd call ID``: the whole story of one call, running or ended, with the reason of every offer."""

from pathlib import Path
from typing import Any

import click

from acd.cli import control, show
from acd.cli.place import database_option, home_option, json_option, records
from acd.records.moment import Moment
from acd.records.story import of_attempts, tell

STYLES = {
    "arrival": "bright_white",
    "queue": "yellow",
    "offer": "cyan",
    "talk": "green",
    "message": "magenta",
    "tape": "blue",
    "end": "red",
}


@click.command()
@click.argument("id")
@json_option
@database_option
@home_option
def call(id: str, home: Path, database: str | None, json_: bool) -> None:
    """The whole story of a call, and of those that belong to it. The beginning of its ID is enough for one that has ended.

    ID may be that of a campaign's attempt: then also of one that nobody answered.
    """
    if (tried := unanswered(home, database, id)) is not None:
        if json_:
            show.as_json(tried)
        else:
            print_attempt(tried)
        return
    told = story(home, database, id)
    if json_:
        show.as_json(next(rows for rows in told if is_of(rows, id)))
        return
    for rows in told:
        contact = rows["contact"]
        click.echo(f"call {show.printable(contact['id'])}, {show.local_time(contact['arrived_at'])}")
        for moment in tell(rows):
            print_moment(moment, contact["arrived_at"])
        if contact["ended_at"] is None:
            click.echo("it is still running")


def is_of(rows: dict[str, Any], id: str) -> bool:
    return any(str(row["id"]).startswith(id) for row in (rows["contact"], *rows.get("dialled", ()), *rows.get("attempts", ())))


def unanswered(home: Path, database: str | None, id: str) -> dict[str, Any] | None:
    """What is known of an attempt that is no contact (yet); None of everything else."""
    if running(home, id) is not None:
        return None
    try:
        with records(home, database) as reader:
            if reader.story(id) is not None or (found := reader.attempt(id)) is None:
                return None
    except click.ClickException:
        return None
    return None if any(row["contact"] for row in found["dialled"]) else found


def print_attempt(tried: dict[str, Any]) -> None:
    moments = of_attempts(tried)
    first = [*tried["attempts"], *tried["dialled"]][0]
    click.echo(f"attempt {show.printable(first['id'])}, {show.local_time(first['at'])}")
    for moment in moments:
        print_moment(moment, moments[0].at)
    if first["ended_at"] is None:
        click.echo("it is under way")


def story(home: Path, database: str | None, id: str) -> list[dict[str, Any]]:
    """The rows of a contact, running or ended, with those of the contacts that belong to the same need, in the order of time.

    What has ended of a contact that is still running stands in the records only.
    """
    now = running(home, id)
    try:
        with records(home, database) as reader:
            rows = with_what_ended(now, reader.of_contact(now["contact"]["id"])) if now else recorded(home, database, id)
            if now is not None:
                rows["attempts"] = reader.kept_of([one["id"] for one in rows.get("dialled", ())])
            whole = rows["contact"]
            others = {one for one in reader.linked(whole["linked_to"] or whole["id"]) if one != whole["id"]}
            found = [other for one in others if (other := running(home, one) or reader.story(one)) is not None]
    except click.ClickException:
        if now is None:
            raise
        rows, found = now, []
    return sorted([rows, *found], key=lambda one: float(one["contact"]["arrived_at"]))


def with_what_ended(now: dict[str, Any], ended: dict[str, Any]) -> dict[str, Any]:
    """A running contact's rows: what the records have, and what the controller knows, which is newer."""
    rows = {**now}
    for kind, known in ended.items():
        by_id = {row["id"]: row for row in (*known, *now.get(kind, ()))}
        rows[kind] = list(by_id.values())
    rows["visits"].sort(key=lambda visit: visit["joined_at"])
    rows["offers"].sort(key=lambda offer: offer["offered_at"])
    return rows


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
        if found is None and (tried := reader.attempt(id)) is not None and tried["dialled"]:
            found = reader.story(tried["dialled"][0]["contact"] or id)
    if found is None:
        raise click.ClickException(f"no call {id!r} is running or recorded (or more than one begins with this); see: acd calls")
    return found


def print_moment(moment: Moment, start: float) -> None:
    after = f"+{max(0.0, moment.at - start):.1f}s"
    click.echo(f"{show.clock_time(moment.at)} {after:>9}  {show.styled(moment.text, STYLES.get(moment.kind, ''))}")
    for detail in moment.details:
        click.echo(f"{'':>24}{show.styled(detail, 'bright_black')}")

"""``acd recordings``: talks on tape: which there are, their sound, who holds them, what is deleted."""

import getpass
import time
from pathlib import Path

import click
from sqlalchemy.exc import DBAPIError

from acd.cli import control, show
from acd.cli.place import Since, database_option, default_database, home_option, json_option, records
from acd.live.talk_files import NoRecording, Shelf
from acd.records import purging
from acd.records.rows import Row
from acd.words import TapeWish

by_option = click.option("--by", default=getpass.getuser, help="Who; left out: your user name.")


@click.group(invoke_without_command=True)
@click.pass_context
def recordings(context: click.Context) -> None:
    """Talks on tape; without a command they are listed."""
    if context.invoked_subcommand is None:
        with list_.make_context("list", [], parent=context) as listing:
            list_.invoke(listing)


@recordings.command("list")
@click.option("--since", type=Since(), help="Begun since then: 2h, today, 2026-03-29.")
@click.option("--queue", default="", help="Only of this queue.")
@click.option("--agent", default="", help="Only of this agent.")
@click.option("--contact", default="", help="Only of this call.")
@click.option("--failed", is_flag=True, help="Only those that failed.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@json_option
@database_option
@home_option
def list_(
    home: Path, database: str | None, json_: bool, since: float | None, queue: str, agent: str, contact: str, failed: bool, limit: int
) -> None:
    """The newest first."""
    with records(home, database) as reader:
        found = reader.recordings(since=since, queue=queue, agent=agent, contact=contact, failed=failed, limit=limit)
    if json_:
        show.as_json(found)
        return
    show.table(
        ["began", "length", "queue", "agent", "state", "kept until", "id"],
        (
            [
                show.local_time(row["started_at"]),
                show.span(row["duration_s"]),
                row["queue"],
                row["agent"],
                _state(row),
                "held" if row["held_at"] else show.local_time(row["keep_until"]),
                row["id"],
            ]
            for row in found
        ),
        empty="no recordings",
    )


def _state(row: Row) -> str:
    if row["purged_at"] is not None:
        return "deleted"
    if row["outcome"] is None:
        return str(row["state"])
    return f"failed: {row['why']}" if row["outcome"] == "failed" else "masked in parts" if row["masks"] else "kept"


@recordings.command("show")
@click.argument("id")
@database_option
@home_option
def show_(id: str, home: Path, database: str | None) -> None:
    """All that is known of recording ID, as JSON."""
    row = _row(home, database, id)
    show.as_json({**row, "file": str(_shelf(home).path(id)), "bytes": _shelf(home).size(id)})


@recordings.command("path")
@click.argument("id")
@database_option
@home_option
def path(id: str, home: Path, database: str | None) -> None:
    """Print the file of recording ID, e.g. for: aplay $(acd recordings path ID)"""
    _row(home, database, id)
    if _shelf(home).size(id) is None:
        raise click.ClickException(f"{_shelf(home).path(id)} is not on this machine; the switch that recorded it may have it")
    click.echo(_shelf(home).path(id))


@recordings.command("export")
@click.argument("id")
@click.argument("file", type=click.Path(path_type=Path))
@database_option
@home_option
def export(id: str, file: Path, home: Path, database: str | None) -> None:
    """Copy recording ID to FILE (or into that folder)."""
    _row(home, database, id)
    try:
        click.echo(_shelf(home).copy(id, file))
    except (NoRecording, OSError) as error:
        raise click.ClickException(str(error)) from None


@recordings.command("hold")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--release", is_flag=True, help="It may be deleted again.")
@by_option
@database_option
@home_option
def hold(ids: tuple[str, ...], release: bool, by: str, home: Path, database: str | None) -> None:
    """Nobody and nothing deletes these until the hold is taken off."""
    for id in ids:
        _row(home, database, id)
        with _writing():
            held = purging.hold(database or default_database(home), id, by=by, at=time.time(), held=not release)
        if not held:
            raise click.ClickException(f"{id} is deleted already")
        click.echo(f"{id}: {'released' if release else 'held'}")


@recordings.command("purge")
@click.argument("ids", nargs=-1, metavar="[ID...]")
@click.option("--dry-run", "dry", is_flag=True, help="Say what would be deleted.")
@database_option
@home_option
def purge(ids: tuple[str, ...], dry: bool, home: Path, database: str | None) -> None:
    """Delete the sound of recordings that are due (keep), or of these IDs before their time; never of one that is held."""
    with records(home, database):
        pass  # says so where there are no records
    url, shelf, now = database or default_database(home), _shelf(home), time.time()
    for id in ids:
        _row(home, database, id)
        with _writing():
            why = "" if dry else purging.delete(url, shelf, id, at=now)
        if why:
            raise click.ClickException(f"{id}: {why}")
        click.echo(f"{id}: {'would be ' if dry else ''}deleted")
    if not ids:
        with _writing():
            done = purging.purge(url, shelf, at=now, dry=dry)
        click.echo(f"{len(done.ids)} {'would be ' if dry else ''}deleted")
        for id, why in done.failed:
            click.echo(f"{id}: {why}", err=True)
        if done.failed:
            raise SystemExit(1)


@recordings.command("tape")
@click.argument("wish", type=click.Choice([wish.value for wish in TapeWish]))
@click.argument("call")
@by_option
@json_option
@home_option
def tape(wish: str, call: str, by: str, home: Path, json_: bool) -> None:
    """Pause (mask), resume, start, stop or decline the recording of CALL: a call's id, or that of the agent who talks in it."""
    found = control.post(home, "calls", call, "recording", wish, by=by)
    if json_:
        show.as_json(found)
        return
    for row in found["recordings"]:
        click.echo(f"{row['id']}: {row['state']}")


@recordings.command("orphans")
@database_option
@home_option
def orphans(home: Path, database: str | None) -> None:
    """Files that no recording in the records explains (a crash between), and recordings whose file is gone."""
    shelf = _shelf(home)
    with records(home, database) as reader:
        known = {row["id"]: row for row in reader.recordings(limit=10_000_000)}
    there = set(shelf.all())
    for id in sorted(there - known.keys()):
        click.echo(f"{shelf.path(id)}: no record of it")
    for id, row in sorted(known.items()):
        if id not in there and row["outcome"] == "kept" and row["purged_at"] is None:
            click.echo(f"{id}: its file is gone")


def _shelf(home: Path) -> Shelf:
    return Shelf(root=home / "recordings")


def _row(home: Path, database: str | None, id: str) -> Row:
    with records(home, database) as reader:
        found = reader.recording(id)
    if found is None:
        raise click.ClickException(f"no recording {id!r}; see: acd recordings list")
    return found


class _writing:
    def __enter__(self) -> None:
        pass

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, DBAPIError):
            raise click.ClickException(f"the records cannot be written: {error.orig}") from None
        if isinstance(error, OSError | NoRecording):
            raise click.ClickException(str(error)) from None

"""``acd voicemail``: what callers left, and where the sound is."""

import re
from pathlib import Path

import click

from acd.cli import show
from acd.cli.place import database_option, home_option, json_option, records

NAME = re.compile(r"[A-Za-z0-9._-]{1,128}")


@click.group(invoke_without_command=True)
@click.pass_context
def voicemail(context: click.Context) -> None:
    """Messages that callers left."""
    if context.invoked_subcommand is None:
        with list_.make_context("list", [], parent=context) as listing:
            list_.invoke(listing)


@voicemail.command("list")
@click.option("--mailbox", default="", help="Only this mailbox.")
@click.option("--limit", default=50, show_default=True, type=click.IntRange(1, 100_000))
@json_option
@database_option
@home_option
def list_(home: Path, database: str | None, json_: bool, mailbox: str, limit: int) -> None:
    """The newest messages first."""
    with records(home, database) as reader:
        found = reader.messages(mailbox, limit)
    if json_:
        show.as_json(found)
        return
    show.table(
        ["left", "mailbox", "caller", "length", "id", "call"],
        (
            [show.local_time(m["left_at"]), m["mailbox"], m["caller_number"], show.span(m["seconds"]), m["id"], m["contact"]]
            for m in found
        ),
        empty="no messages",
    )


@voicemail.command("path")
@click.argument("id")
@database_option
@home_option
def path(id: str, home: Path, database: str | None) -> None:
    """Print the file of message ID, e.g. for: aplay $(acd voicemail path ID)"""
    with records(home, database) as reader:
        found = reader.message(id)
    if found is None:
        raise click.ClickException(f"no message {id!r}; see: acd voicemail list")
    file = file_of(home, str(found["id"]))
    if not file.is_file():
        raise click.ClickException(f"{file} is not on this machine; the switch that recorded it may have it")
    click.echo(file)


def file_of(home: Path, id: str) -> Path:
    """Ids are ours, and still: a name with a slash in it never becomes a path."""
    if not NAME.fullmatch(id) or ".." in id or id.startswith("."):
        raise click.ClickException(f"message id {id!r} is no file name")
    return (home / "messages" / f"{id}.wav").absolute()

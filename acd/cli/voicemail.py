"""``acd voicemail``: what callers left, and what becomes of it."""

from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click
from click.core import ParameterSource

from acd.cli import show
from acd.cli.place import database_option, home_option, json_option, records
from acd.live.message_files import Box, NoName
from acd.records.reader import Reader
from acd.records.rows import Row

F = TypeVar("F", bound=Callable[..., Any])
MOST = 100_000


def list_options(command: F) -> F:
    for option in (
        click.option("--mailbox", default="", help="Only this mailbox."),
        click.option("--new", is_flag=True, help="Only those that nobody has heard."),
        click.option("--limit", default=50, show_default=True, type=click.IntRange(1, MOST)),
        json_option,
        database_option,
        home_option,
    ):
        command = option(command)
    return command


@click.group(invoke_without_command=True)
@list_options
@click.pass_context
def voicemail(context: click.Context, /, **options: Any) -> None:
    """Messages that callers left; without a command they are listed."""
    if context.invoked_subcommand is None:
        _list(**options)


@voicemail.command("list")
@list_options
def list_(**options: Any) -> None:
    """The newest messages first."""
    _list(**{name: _given(name, value) for name, value in options.items()})


@voicemail.command("path")
@click.argument("id")
@database_option
@home_option
def path(id: str, home: Path, database: str | None) -> None:
    """Print the file of message ID, e.g. for: aplay $(acd voicemail path ID)"""
    click.echo(_sound(_box(home), id, database))


@voicemail.command("save")
@click.argument("id")
@click.argument("file", type=click.Path(path_type=Path))
@database_option
@home_option
def save(id: str, file: Path, home: Path, database: str | None) -> None:
    """Copy message ID to FILE (or into that folder)."""
    box = _box(home)
    _sound(box, id, database)
    try:
        click.echo(box.save(id, file))
    except OSError as error:
        raise click.ClickException(f"{file}: {error.strerror}") from None


@voicemail.command("heard")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@click.option("--not", "undo", is_flag=True, help="Nobody has heard it after all.")
@database_option
@home_option
def heard(ids: tuple[str, ...], undo: bool, home: Path, database: str | None) -> None:
    """Mark messages as heard."""
    box = _box(home)
    for id in _there(box, ids, database):
        box.mark(id, heard=not undo)


@voicemail.command("delete")
@click.argument("ids", nargs=-1, required=True, metavar="ID...")
@database_option
@home_option
def delete(ids: tuple[str, ...], home: Path, database: str | None) -> None:
    """Delete messages with their sound, for good; that they were left stays in the records of the call."""
    box = _box(home)
    for id in _there(box, ids, database):
        box.delete(id)


def _list(*, home: Path, database: str | None, json_: bool, mailbox: str, new: bool, limit: int) -> None:
    box = Box(home=home)
    with records(home, database) as reader:
        found = _listed(reader, box, mailbox, new=new)[:limit]
    if json_:
        show.as_json(found)
        return
    show.table(
        ["left", "mailbox", "caller", "length", "heard", "id", "call"],
        (
            [
                show.local_time(m["left_at"]),
                m["mailbox"],
                m["caller_number"],
                show.span(m["seconds"]),
                "yes" if m["heard"] else "new",
                m["id"],
                m["contact"],
            ]
            for m in found
        ),
        empty="no messages",
    )


def _listed(reader: Reader, box: Box, mailbox: str, *, new: bool) -> list[Row]:
    there = [m for m in reader.messages(mailbox, MOST) if not box.is_deleted(m["id"])]
    return [{**m, "heard": is_heard} for m in there if not ((is_heard := box.is_heard(m["id"])) and new)]


def _box(home: Path) -> Box:
    return Box(home=_given("home", home))


def _there(box: Box, ids: tuple[str, ...], database: str | None) -> tuple[str, ...]:
    """The same ids, when all of them are messages: all or none is marked or deleted."""
    with records(box.home, _given("database", database)) as reader:
        for id in ids:
            _must_be(reader, box, id)
    return ids


def _must_be(reader: Reader, box: Box, id: str) -> None:
    try:
        if reader.message(id) is not None and not box.is_deleted(id):
            return
    except NoName as odd:
        raise click.ClickException(str(odd)) from None
    raise click.ClickException(f"no message {id!r}; see: acd voicemail list")


def _sound(box: Box, id: str, database: str | None) -> Path:
    _there(box, (id,), database)
    file = box.sound(id)
    if not file.is_file():
        raise click.ClickException(f"{file} is not on this machine; the switch that recorded it may have it")
    return file


def _given(name: str, value: Any) -> Any:
    """What was written after the command, or before it: ``acd voicemail --home X list`` is ``acd voicemail list --home X``."""
    context = click.get_current_context()
    group = context.parent
    if context.get_parameter_source(name) is ParameterSource.COMMANDLINE or group is None:
        return value
    return group.params[name] if group.get_parameter_source(name) is ParameterSource.COMMANDLINE else value

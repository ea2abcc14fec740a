"""Where a command finds things: ``--home`` (the controller's directory), its control socket, its database."""

import re
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta, tzinfo
from pathlib import Path
from typing import Any, TypeVar

import click

from acd.records.reader import NoRecords, Reader

F = TypeVar("F", bound=Callable[..., Any])

HOME, DATABASE = "var", "acd.db"


def default_database(home: Path) -> str:
    return f"sqlite:///{home / DATABASE}"


def control_socket(home: Path) -> Path:
    return home / "run" / "acd.sock"


def home_option(command: F) -> F:
    return click.option(
        "--home",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="ACD_HOME",
        default=HOME,
        show_default=True,
        help="The controller's directory (or $ACD_HOME).",
    )(command)


def database_option(command: F) -> F:
    return click.option("--database", envvar="ACD_DATABASE", help="URL of the records, if not in --home (or $ACD_DATABASE).")(command)


def json_option(command: F) -> F:
    return click.option("--json", "json_", is_flag=True, help="JSON instead of a table.")(command)


@contextmanager
def records(home: Path, database: str | None) -> Iterator[Reader]:
    """The records, read only; a plain message where there are none."""
    try:
        reader = Reader(database or default_database(home))
        try:
            yield reader
        finally:
            reader.close()
    except NoRecords as why:
        raise click.ClickException(str(why)) from None


UNITS = {"s": 1, "m": 60, "h": 3600, "d": 86400}
WHEN = "allowed are 30m, 2h, 7d, now, today, yesterday, 2026-03-29 or 2026-03-29T14:00"


class Since(click.ParamType[float]):
    """A moment of the past, by the clock of the machine unless it says otherwise."""

    name = "when"

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        return value if isinstance(value, float) else moment(value, None, time.time())


def moment(value: str, zone: tzinfo | None, now: float) -> float:
    """``30m``, ``2h``, ``7d``, ``now``, ``today``, ``yesterday``, or an ISO date or time (of the zone unless it says otherwise)."""
    if value == "now":
        return now
    if value in ("today", "yesterday"):
        day = datetime.fromtimestamp(now, zone).replace(hour=0, minute=0, second=0, microsecond=0, fold=0)
        return (day - timedelta(days=1) if value == "yesterday" else day).timestamp()
    if ago := re.fullmatch(r"([0-9]{1,6})([smhd])", value):
        return now - int(ago[1]) * UNITS[ago[2]]
    try:
        found = datetime.fromisoformat(value)
        return (found if found.tzinfo else found.replace(tzinfo=zone)).timestamp()
    except (ValueError, OverflowError):
        raise click.BadParameter(f"{value!r}: {WHEN}") from None

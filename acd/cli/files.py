"""Options for commands that read the configuration, and how its problems are shown."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, TypeVar

import click

from acd.config.document import Refused
from acd.places import DEFAULT_CONFIG

F = TypeVar("F", bound=Callable[..., Any])


def config_option(command: F) -> F:
    return click.option(
        "--config",
        type=click.Path(path_type=Path, file_okay=False),
        envvar="ACD_CONFIG",
        default=DEFAULT_CONFIG,
        show_default=True,
        help="The folder with acd.yaml (or $ACD_CONFIG).",
    )(command)


@contextmanager
def problems_shown() -> Iterator[None]:
    """Every problem on a line of its own, ``file:line:column: what``, and exit code 1."""
    try:
        yield
    except Refused as refused:
        for problem in refused.problems:
            click.echo(problem, err=True)
        count = len(refused.problems)
        raise click.exceptions.Exit(_said(count)) from None


def _said(count: int) -> int:
    click.echo(f"{count} problem{'s' if count != 1 else ''}", err=True)
    return 1

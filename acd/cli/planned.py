"""What ``acd plan``, ``acd apply`` and ``acd rollback`` share: getting a plan, showing it, asking, and having it done."""

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, NoReturn

import click
import msgspec
from click.core import ParameterSource
from click.exceptions import Exit

from acd.cli import control, show
from acd.cli.hours import whoever
from acd.config.document import Problem, Refused
from acd.plan.change import Plan
from acd.plan.lines import counted, lines

PLAN_S = 60.0
APPLY_S = 900.0
"""Prompts are spoken before anything is swapped, and that may take its time."""
COLOURS = {"+": "green", "-": "red", "~": "yellow", "!": "magenta"}


def asked_for(home: Path, *path: str) -> Plan:
    """The controller's plan. Raises NotRunning."""
    return msgspec.convert(control.asked(home, "GET", ("plan", *path), None, PLAN_S), type=Plan, strict=False)


@contextmanager
def refusals_shown(*, json_: bool = False) -> Iterator[None]:
    """Problems of the files as ``file:line:column: what`` and nothing before them, so that editors find their places."""
    try:
        yield
    except Refused as refused:
        _problems(refused.problems, json_)
    except control.Refused as refused:
        if refused.status != 422:
            raise
        _problems(msgspec.convert(refused.found["problems"], type=tuple[Problem, ...]), json_, refused.found.get("notes", []))


def _problems(problems: tuple[Problem, ...], json_: bool, notes: Iterable[str] = ()) -> NoReturn:
    if json_:
        show.as_json({"problems": [msgspec.to_builtins(problem) for problem in problems], "standing": [*notes]})
    for problem in () if json_ else problems:
        click.echo(show.printable(problem), err=True)
    for note in notes:
        click.echo(coloured(f"! {note}"), err=True)
    click.echo(f"{len(problems)} problem{'s' if len(problems) != 1 else ''}; what runs is not changed", err=True)
    raise Exit(1)


def same_folder(context: click.Context, config: Path, plan: Plan) -> None:
    """A controller reads its own folder only; whoever names another one must not be told of that one."""
    given = context.get_parameter_source("config")
    if given is ParameterSource.COMMANDLINE and config.resolve() != Path(plan.source).resolve():
        raise click.ClickException(f"the controller reads {plan.source}; nothing but that can be planned and applied while it runs")


def shown(plan: Plan) -> None:
    click.echo(f"{show.printable(plan.source)} against {show.printable(plan.running)}:")
    click.echo()
    for line in lines(plan):
        click.echo(coloured(line))
    if plan.is_empty:
        click.echo("No change.")
    else:
        click.echo()
        click.echo(f"{counted(plan)}.")


def coloured(line: str) -> str:
    sign = line.lstrip()[:1]
    return show.styled(line, COLOURS[sign]) if sign in COLOURS and line.lstrip()[1:2] == " " else show.printable(line)


def agreed(question: str, yes: bool) -> None:
    """Raises ClickException where nobody can be asked, Exit where the answer is no."""
    if yes:
        return
    if not _is_terminal():
        raise click.ClickException("there is no terminal to ask at; look at acd plan, then say --yes")
    if not click.confirm(question):
        click.echo("nothing is changed")
        raise Exit(1)


def _is_terminal() -> bool:
    return sys.stdin.isatty()


def done(home: Path, *path: str, plan: Plan) -> None:
    body = {"by": whoever(), "expect": plan.token}
    version: dict[str, Any] = control.asked(home, "POST", path, body, APPLY_S)
    click.echo(f"in force: version {version['n']} ({version['version']})")
    if version["pinned"]:
        click.echo("it is pinned: a restart starts it again, until acd apply puts the folder in force")

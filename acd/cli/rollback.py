"""``acd rollback``: back to a version that was in force; it is pinned until the next ``acd apply``."""

from pathlib import Path

import click

from acd.cli.place import home_option
from acd.cli.planned import agreed, asked_for, done, refusals_shown, shown


@click.command()
@click.argument("n", type=click.IntRange(1, 999_999_999), required=False)
@home_option
@click.option("--yes", is_flag=True, help="Do not ask.")
def rollback(n: int | None, home: Path, yes: bool) -> None:
    """Go back to version N (see acd versions); left out: to the one before. The files in the folder stay as they are.

    The version is pinned: a restart starts it again, until `acd apply` puts the folder in force.
    """
    number = str(n or 0)
    with refusals_shown():
        plan = asked_for(home, number)
        shown(plan)
        agreed("Go back?", yes)
        done(home, "rollback", number, plan=plan)

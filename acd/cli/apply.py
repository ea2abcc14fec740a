"""``acd apply``: the changed files into force, whole or not at all, after a look at what that changes."""

from pathlib import Path

import click

from acd.cli.files import config_option
from acd.cli.place import home_option
from acd.cli.planned import agreed, asked_for, done, refusals_shown, same_folder, shown


@click.command()
@config_option
@home_option
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--again", is_flag=True, help="Also when nothing has changed: secrets that stand elsewhere are read anew.")
@click.pass_context
def apply(context: click.Context, /, config: Path, home: Path, yes: bool, again: bool) -> None:
    """Show what would change, ask, and put it in force. If anything is wrong with the files, what is running goes on.

    Callers on their way finish in the version in which they began. What is applied is what was shown: when files change between
    the two, nothing is done.
    """
    with refusals_shown():
        plan = asked_for(home)
        same_folder(context, config, plan)
        shown(plan)
        if plan.is_empty and not plan.standing and not again:
            return
        agreed("Apply?", yes)
        done(home, "apply", plan=plan)

"""``dialer start|pause|drain|stop CAMPAIGN``."""

from pathlib import Path

import click

from acd.cli import control
from acd.cli.place import home_option
from dialer.core.run import RunWish


def _command(wish: RunWish, says: str) -> click.Command:
    @click.command(wish.value, help=says)
    @click.argument("campaign")
    @click.option("--by", default="command line", show_default=True, help="Who wishes it; it is kept.")
    @click.option("--why", default="", help="Why; it is kept.")
    @home_option
    def command(campaign: str, by: str, why: str, home: Path) -> None:
        found = control.post(home, "campaigns", campaign, wish.value, by=by, why=why)
        click.echo(f"{found['campaign']}: {found['state']}; {found['binds']}")

    return command


start = _command(RunWish.START, "CAMPAIGN begins to dial, or goes on.")
pause = _command(RunWish.PAUSE, "CAMPAIGN dials nobody new; what rings, rings on.")
drain = _command(RunWish.DRAIN, "CAMPAIGN dials nobody new, and is stopped when its last call is over.")
stop = _command(RunWish.STOP, "CAMPAIGN is stopped; what rings at people is dropped once it has rung its least time.")

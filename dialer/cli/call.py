"""``dialer call AGENT NUMBER --campaign C``: an agent dials a number of their own choice."""

from pathlib import Path

import click

from acd.cli import control
from acd.cli.place import home_option


@click.command()
@click.argument("agent")
@click.argument("number")
@click.option("--campaign", required=True, help="For which campaign; its mode is manual.")
@click.option("--by", default="", help="Who asks; kept with it.")
@home_option
def call(agent: str, number: str, campaign: str, by: str, home: Path) -> None:
    """NUMBER is dialled for AGENT, whose phone rings when somebody answers; or what holds it is said."""
    found = control.post(home, "campaigns", campaign, "calls", agent=agent, number=number, by=by)
    click.echo(f"{number} is dialled for {agent} (attempt {found['attempt']})")

"""``acd reload``: the changed files into force, whole or not at all."""

from pathlib import Path

import click

from acd.cli.control import post
from acd.cli.place import home_option


@click.command()
@home_option
def reload(home: Path) -> None:
    """Put the changed configuration and flows in force. If anything is wrong with them, what is running goes on."""
    click.echo(f"in force: {post(home, 'reload')['in_force']}")

"""``acd agent …``: asks for an agent's state, as the agent could from the phone."""

from pathlib import Path

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option


@click.command()
@click.argument("wish", type=click.Choice(["ready", "not-ready", "log-in", "log-out"]))
@click.argument("id")
@click.option("--reason", default="", help="Of not-ready; the configuration says which there are.")
@json_option
@home_option
def agent(wish: str, id: str, reason: str, home: Path, json_: bool) -> None:
    """Make agent ID ready or not ready, log in or log out. A talk is never cut: the wish then waits for its end."""
    if reason and wish != "not-ready":
        raise click.UsageError("--reason belongs to not-ready")
    found = control.post(home, "agents", id, wish, reason=reason)
    if json_:
        show.as_json(found)
        return
    why = f" ({found['reason']})" if found["reason"] else ""
    later = f"; {found['pending'].replace('_', ' ')} when this is over" if found["pending"] else ""
    click.echo(f"{show.printable(found['agent'])} is {found['state'].replace('_', ' ')}{show.printable(why)}{later}")

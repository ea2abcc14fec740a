"""``acd supervise``: a supervisor at an agent's talk; rings the supervisor's phone."""

import getpass
from pathlib import Path

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option

MODES = ["listen", "whisper", "barge", "take-over", "stop"]


@click.command()
@click.argument("agent", default="")
@click.option("--as", "supervisor", required=True, help="Which supervisor of acd.yaml; that one's phone rings.")
@click.option("--mode", type=click.Choice(MODES), default="listen", show_default=True)
@click.option("--follow", type=click.Choice(["contact", "agent"]), help="Where to go when the talk is handed on; or as in acd.yaml.")
@click.option("--by", default=getpass.getuser, help="Who asks, for the records; left out: your user name.")
@json_option
@home_option
def supervise(agent: str, supervisor: str, mode: str, follow: str | None, by: str, home: Path, json_: bool) -> None:
    """Be at the talk of AGENT: listen, whisper to the agent, barge in, take over, or leave it again (stop).

    Asked once more it changes what the supervisor does; AGENT may then be left out. Each of it is a right of its own, and is kept.
    """
    found = control.post(home, "supervisors", supervisor, mode.replace("-", "_"), agent=agent, follow=follow or "", by=by)
    if json_:
        show.as_json(found)
    elif not found["monitors"]:
        click.echo(f"{supervisor} is at no talk")
    for one in found["monitors"] if not json_ else ():
        click.echo(f"{supervisor}: {one['state']} ({one['mode']}) at {one['agent']}, call {one['contact']}")

"""``acd talk …``: what an agent may ask for in a talk, as by the keys of the phone."""

from pathlib import Path

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option

WISHES = ["hold", "resume", "transfer", "consult", "toggle", "complete", "cancel", "conference", "leave"]
NEED_TARGET = ("transfer", "consult")


@click.command()
@click.argument("wish", type=click.Choice(WISHES))
@click.argument("agent")
@click.argument("target", default="")
@click.option("--by", default="", help="Who asks, for the records; left out: the command line.")
@json_option
@home_option
def talk(wish: str, agent: str, target: str, by: str, home: Path, json_: bool) -> None:
    """Hold, resume, transfer or consult for AGENT, who talks; TARGET is an agent, an extension, a queue, a flow or a number.

    A consult goes on with toggle, complete (the colleague gets the customer), cancel, conference and leave. What TARGET is may be
    said in front of it: agent:anna, queue:sales, flow:menu, number:+4930123456.
    """
    if bool(target) is not (wish in NEED_TARGET):
        raise click.UsageError(f"TARGET belongs to {' and '.join(NEED_TARGET)}, which need one")
    found = control.post(home, "agents", agent, "talk", wish, target=target, by=by)
    if json_:
        show.as_json(found)
        return
    with_whom = found["colleague"] or found["outside"]
    colleague = f" with {with_whom}" if with_whom else f" in {found['queue']}" if found["queue"] else ""
    click.echo(f"{show.printable(agent)}: {show.printable((found['state'] or 'no talk') + colleague)}")

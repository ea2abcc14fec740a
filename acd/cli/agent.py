"""``acd agent …``: asks for an agent's state, as the agent could from the phone."""

from datetime import datetime
from pathlib import Path

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option

WISHES = ["ready", "not-ready", "log-in", "log-out", "dispose", "more-time", "nail-up", "take-down"]
FORMATS = ["%Y-%m-%dT%H:%M", "%Y-%m-%d %H:%M"]


@click.command()
@click.argument("wish", type=click.Choice(WISHES))
@click.argument("id")
@click.option("--reason", default="", help="Of not-ready; the configuration says which there are.")
@click.option("--disposition", default="", help="Of dispose: what came of the talk.")
@click.option("--at", "call_at", type=click.DateTime(FORMATS), help="Of dispose: when the customer is called again, by the clock here.")
@click.option("--by", default="", help="Who asks, for the records; left out: the command line.")
@click.option("--forced", is_flag=True, help="A supervisor says so: a wrap-up that waits for a disposition does not hold it up.")
@json_option
@home_option
def agent(
    wish: str,
    id: str,
    reason: str,
    disposition: str,
    call_at: datetime | None,
    by: str,
    forced: bool,
    home: Path,
    json_: bool,
) -> None:
    """Make agent ID ready or not ready, log in or log out, say what came of a talk (dispose), give a wrap-up more time, or
    nail up a leg that stands all day (and take it down).

    A talk is never cut: the wish then waits for its end, and asking for ready takes it back.
    """
    if reason and wish != "not-ready":
        raise click.UsageError("--reason belongs to not-ready")
    if bool(disposition) is not (wish == "dispose"):
        raise click.UsageError("--disposition belongs to dispose, which needs one")
    if call_at is not None and wish != "dispose":
        raise click.UsageError("--at belongs to dispose")
    more = {"forced": "yes"} if forced else {}
    if call_at is not None:
        more["call_at"] = str(call_at.astimezone().timestamp())
    found = control.post(home, "agents", id, wish, reason=reason or disposition, by=by, **more)
    if json_:
        show.as_json(found)
        return
    why = f" ({found['reason']})" if found["reason"] else ""
    later = f"; {found['pending'].replace('_', ' ')} when this is over" if found["pending"] else ""
    click.echo(f"{show.printable(found['agent'])} is {found['state'].replace('_', ' ')}{show.printable(why)}{later}")

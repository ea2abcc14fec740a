"""``dialer preview|accept|skip AGENT``: the lead that an agent sees before it is dialled."""

from pathlib import Path

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option


@click.command()
@click.argument("agent")
@json_option
@home_option
def preview(agent: str, json_: bool, home: Path) -> None:
    """The lead that AGENT sees now, and when it is dialled."""
    found = control.get(home, "previews", agent)
    if json_:
        show.as_json(found)
        return
    due = "when the agent says so" if found["dialled_at"] is None else show.local_time(found["dialled_at"])
    rows = [["campaign", found["campaign"]], ["number", found["number"]], ["is dialled", due], ["guide", found["guide"]]]
    rows += [[name, value] for name, value in sorted(found["lead"].items())]
    show.table(["what", "value"], rows, empty="")


@click.command()
@click.argument("agent")
@home_option
def accept(agent: str, home: Path) -> None:
    """The lead that AGENT sees is dialled now."""
    control.post(home, "previews", agent, "accept")


@click.command()
@click.argument("agent")
@home_option
def skip(agent: str, home: Path) -> None:
    """AGENT passes the lead on: for ten minutes nobody sees it."""
    control.post(home, "previews", agent, "skip")

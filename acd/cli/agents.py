"""``acd agents``: what everybody does now, and how long they have done it today."""

from pathlib import Path
from typing import Any

import click

from acd.cli import control, show
from acd.cli.place import home_option, json_option


@click.command()
@click.option("--queue", default="", help="Only agents of this queue.")
@json_option
@home_option
def agents(home: Path, json_: bool, queue: str) -> None:
    """What each agent does now, since when, and whether the phone is there."""
    found = [a for a in control.get(home, "state")["agents"] if not queue or queue in a["queues"]]
    if json_:
        show.as_json(found)
        return
    show.table(
        ["agent", "name", "state", "reason", "for", "next", "phone", "registered", "call"],
        (
            [
                a["agent"],
                a["name"],
                doing(a),
                a["reason"],
                show.span(a["for_s"]),
                a["pending"],
                a["phone"],
                "yes" if a["registered"] else "no",
                a["call"],
            ]
            for a in found
        ),
        empty="no agent is configured" + (f" for queue {queue}" if queue else ""),
    )


def doing(agent: dict[str, Any]) -> str:
    if agent["own_call"]:
        return f"{agent['state']} (own call)"
    return f"{agent['state']} (resting)" if agent["resting"] else str(agent["state"])

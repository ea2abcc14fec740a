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
        ["agent", "name", "state", "reason", "for", "next", "by", "phone", "registered", "call"],
        (
            [
                a["agent"],
                a["name"],
                doing(a),
                a["reason"],
                show.span(a["for_s"]),
                next_of(a),
                a["pending_by"] or a["by"],
                ", ".join(phone["phone"] for phone in a["phones"]),
                "yes" if a["registered"] else "no",
                a["call"],
            ]
            for a in found
        ),
        empty="no agent is configured" + (f" for queue {queue}" if queue else ""),
    )


def next_of(agent: dict[str, Any]) -> str:
    """What was asked for and comes when the work is done."""
    if not agent["pending"]:
        return ""
    return f"{agent['pending']} ({agent['pending_reason']})" if agent["pending_reason"] else str(agent["pending"])


def doing(agent: dict[str, Any]) -> str:
    """The state, and what else is to be seen at a glance."""
    desk_lost = agent["desk"] == "lost" and agent["reason"] != "desk_lost"
    seen = (
        ("own call", agent["own_call"]),
        ("resting", agent["resting"]),
        ("reserved", bool(agent["reserved_for"])),
        ("nailed up", agent["nailed_up"]),
        ("desk lost", desk_lost),
    )
    more = [word for word, there in seen if there]
    more += [agent["alarm"].replace("_", " ")] if agent["alarm"] else []
    return f"{agent['state']} ({', '.join(more)})" if more else str(agent["state"])

"""``acd why CONTACT``: for each offer who was considered and who was passed over, and why nobody was offered in between."""

import time
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import click

from acd.cli import show
from acd.cli.call import print_moment, story
from acd.cli.files import config_option
from acd.cli.place import database_option, home_option, json_option, records
from acd.config.document import Refused
from acd.config.load import load
from acd.core.lines.personal import agent_of
from acd.core.policy import Policy
from acd.places import Places
from acd.plan.change import Change
from acd.plan.compare import compare
from acd.plan.lines import change_lines
from acd.records.reader import Reader
from acd.records.unoffered import Unoffered, unoffered
from acd.records.why import explained, of_agent, plain
from acd.taking import take_version
from acd.versions import Version, Versions
from acd.words import AgentId, QueueId

Rows = dict[str, Any]


@click.command()
@click.argument("contact")
@click.option("--agent", default="", help="Why (not) this agent.")
@json_option
@database_option
@config_option
@home_option
def why(contact: str, agent: str, home: Path, database: str | None, json_: bool, config: Path) -> None:
    """Why a contact went as it did: who was asked in which order, who was passed over by which rule, and why nobody was asked between.

    The beginning of the id is enough for one that has ended. What belongs to it (a call that took its place, or whose place it took)
    is told along.
    """
    places = Places(config=config, home=home)
    told = [_of_one(rows, agent, places, database) for rows in story(home, database, contact)]
    if json_:
        show.as_json([_plain for _, _, _plain in told])
        return
    for rows, moments, found in told:
        first = rows["contact"]
        click.echo(f"contact {show.printable(first['id'])}, {show.local_time(first['arrived_at'])}")
        if agent and not moments:
            click.echo(f"nobody was looked for: {show.printable(agent)} could not be asked")
        for moment in moments:
            print_moment(moment, first["arrived_at"])
        for line in found["configuration_since"]:
            click.echo(show.printable(line))
        if first["ended_at"] is None:
            click.echo("it is still running")


def _of_one(rows: Rows, agent: str, places: Places, database: str | None) -> tuple[Rows, list[Any], dict[str, Any]]:
    versions = Versions(places.versions).all()
    queues = {visit["queue"] for visit in rows["visits"]}
    with records(places.home, database) as reader:
        gaps = [*_gaps(reader, rows, places, versions)]
    serves = _serves(agent, rows, places, versions) if agent else None
    moments = of_agent(agent, rows, gaps, serves) if agent else explained(rows, gaps)
    differs = [*_since_then(rows, places, versions, queues)]
    return rows, moments, plain(rows, gaps, moments, differs)


def _gaps(reader: Reader, rows: Rows, places: Places, versions: list[Version]) -> Iterator[Unoffered]:
    now = time.time()
    for visit in rows["visits"]:
        offers = [offer for offer in rows["offers"] if offer["visit"] == visit["id"]]
        members = _members(visit, offers, places, versions)
        over = visit["connected_at"] or visit["ended_at"] or now
        activities = reader.activities(sorted(members), visit["joined_at"], over)
        yield from unoffered(visit, offers, activities, members, reader.beside(visit, over), now)


def _members(visit: Mapping[str, Any], offers: list[Rows], places: Places, versions: list[Version]) -> set[str]:
    """Who served the queue: by the configuration that was in force then, and all whom the traces name."""
    traces = [offer["trace"] for offer in offers]
    named = {one["agent"] for trace in traces for kind in ("candidates", "passed_over") for one in trace[kind]}
    if (asked := agent_of(QueueId(visit["queue"]))) is not None:
        return {asked, *named}
    policy = _policy_at(visit["joined_at"], places, versions)
    return {*named, *(id for id, agent in policy.agents.items() if visit["queue"] in agent.queues)} if policy else named


def _policy_at(at: float, places: Places, versions: list[Version]) -> Policy | None:
    """What was in force then, or the oldest that is kept; where none is kept, what is in the folder."""
    then = [version for version in versions if version.applied_at <= at] or versions[:1]
    try:
        kept = Versions(places.versions).folder_of(then[-1]) if then else None
        return load(places.config, kept=kept).policy
    except Refused:
        return None


def _serves(agent: str, rows: Rows, places: Places, versions: list[Version]) -> bool | None:
    for visit in rows["visits"][:1]:
        policy = _policy_at(visit["joined_at"], places, versions)
        known = policy.agents.get(AgentId(agent)) if policy else None
        return None if policy is None else known is not None and visit["queue"] in known.queues
    return None


def _since_then(rows: Rows, places: Places, versions: list[Version], queues: set[str]) -> Iterator[str]:
    """What of the configuration that decided is otherwise now."""
    by = next((offer["trace"]["policy"] for offer in reversed(rows["offers"])), "")
    then = next((version for version in reversed(versions) if version.version == by), None)
    if not by or not versions or versions[-1].version == by:
        return
    if then is None:
        yield f"decided by configuration {by}, which is not kept any more; in force now: {versions[-1].version}"
        return
    try:
        old, new = (take_version(places.config, Versions(places.versions), one).house for one in (then, versions[-1]))
    except Refused:
        yield f"decided by version {then.n} ({by}), which cannot be read any more"
        return
    serving = {id for house in (old, new) for id, agent in house.policy.agents.items() if queues & set(agent.queues)}
    made = [change for change in compare(old, new).changes if _concerns(change, queues, {str(id) for id in serving})]
    yield f"decided by version {then.n} ({by}); since then of its queues and agents {'this' if made else 'nothing'} has changed:"
    for change in made:
        yield from (f"  {line}" for line in change_lines(change))


def _concerns(change: Change, queues: set[str], agents: set[str]) -> bool:
    """The rest of the house decides nothing about who is asked."""
    match change.kind:
        case "queue":
            return change.name in queues
        case "agent":
            return change.name in agents
    return change.kind == "setting" and change.name in ("limits", "on_failed_offer", "leaving_while_rung", "routing")

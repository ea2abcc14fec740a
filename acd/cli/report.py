"""``acd report``: how queues and agents did, by definitions that are named."""

import time
from typing import Any

import click

from acd.cli import show
from acd.cli.reporting import Asked, asking
from acd.measures.glossary import SUBJECTS
from acd.measures.repeats import DAYS, REPEATS
from acd.records import coming_back, counting
from acd.reports import abandoned as givers_up
from acd.reports import agents as of_agents
from acd.reports import callbacks as called_back
from acd.reports import promises as told
from acd.reports import queues as of_queues
from acd.reports.table import Report, measured, text


@click.group()
def report() -> None:
    """How queues and agents did. Every number has the id of its definition (--formula, --json, --csv).

    A visit is counted in the interval in which it joined the queue, whatever came of it later, and an offer in that in which it was
    made; the time of agents is split where an interval ends. What has not ended is in no report yet.
    """


@report.command()
@asking(intervals=True)
def queues(asked: Asked) -> None:
    """Each queue, or each interval of it (--by 30m): offered, answered, abandoned, service level, waits, handling time."""
    asked.show("queues", of_queues.queues(_queues(asked), every=asked.every, zone_of=asked.zone_of))


@report.command()
@asking()
def levels(asked: Asked) -> None:
    """The service level of each queue by all definitions, side by side."""
    asked.show("levels", of_queues.levels(_queues(asked, whole=False)))


@report.command()
@asking()
def outcomes(asked: Asked) -> None:
    """How the visits of each queue ended."""
    asked.show("outcomes", of_queues.outcomes(_queues(asked, whole=False)))


@report.command()
@asking()
def abandoned(asked: Asked) -> None:
    """Everybody who gave up: when, after how long, and whether they called again, were called back, or were served since."""
    with asked.reader() as reader:
        found = coming_back.abandoned(reader, asked.scope, asked.region)
    asked.show("abandoned", givers_up.abandoned(found, zone=asked.zone))


@report.command()
@asking()
def callbacks(asked: Asked) -> None:
    """Callbacks that were promised and never came about, each with its reason, and what became of all that were asked for."""
    with asked.reader() as reader:
        found = reader.callbacks_over(asked.scope.since, asked.scope.until, asked.scope.queue)
    asked.show("callbacks", called_back.callbacks(found, zone=asked.zone))


@report.command()
@asking(intervals=True)
def agents(asked: Asked) -> None:
    """Each agent, or each interval (--by day): offers, handling time, time in each state, occupancy."""
    asked.show("agents", of_agents.agents(_agents(asked), every=asked.every, zone=asked.zone))


@report.command()
@asking()
def states(asked: Asked) -> None:
    """The time of each agent by state and reason."""
    asked.show("states", of_agents.states(_agents(asked)))


@report.command()
@asking()
def offers(asked: Asked) -> None:
    """How the offers to each agent ended. Only no_answer is the agent's own doing."""
    asked.show("offers", of_agents.offers(_agents(asked)))


@report.command()
@asking()
def fairness(asked: Asked) -> None:
    """What each agent was dealt beside an even share among those who were free, and how uneven the whole is."""
    with asked.reader() as reader:
        asked.show("fairness", of_agents.fairness(counting.traces(reader, asked.scope)))


@report.command()
@asking()
def promises(asked: Asked) -> None:
    """Whether the waits that callers were told came true."""
    with asked.reader() as reader:
        asked.show("promises", told.promises(counting.promises(reader, asked.scope)))


@report.command()
@click.option("--days", type=click.FloatRange(0.01, 90), default=DAYS, show_default=True, help="Who calls again within so many.")
@asking()
def repeats(asked: Asked, days: float) -> None:
    """First contact resolution: of how many the same number did not come to the same queue again."""
    with asked.reader() as reader:
        found = [*coming_back.repeats(reader, asked.scope, days, time.time())]
    rows = [[queue, *(definition.of(each) for definition in REPEATS)] for queue, each in found]
    asked.show("repeats", Report(columns=[text("queue"), *measured(REPEATS)], rows=rows, notes=[f"N is {days:g} days"]))


@report.command()
@click.option("--json", "json_", is_flag=True, help="JSON instead of a text.")
def definitions(json_: bool) -> None:
    """Every definition: its id, its formula, and where it comes from."""
    if json_:
        show.as_json([{**_plain(one), "subject": subject} for subject, glossary in SUBJECTS.items() for one in glossary])
        return
    for subject, glossary in SUBJECTS.items():
        click.echo(f"\n{subject}\n")
        for one in glossary:
            click.echo(f"  {one.id}: {one.name} = {one.formula}{f'  ({one.source})' if one.source else ''}")


def _plain(one: Any) -> dict[str, Any]:
    return {
        "id": one.id,
        "name": one.name,
        "formula": one.formula,
        "unit": one.unit,
        "source": one.source,
        "parameters": one.parameters,
    }


def _queues(asked: Asked, *, whole: bool = True) -> dict[tuple[str, float | None], of_queues.OfQueue]:
    """``whole``: with handling times and waits, which cost more."""
    scope, cut = asked.scope, asked.cut
    with asked.reader() as reader:
        return of_queues.gathered(
            counting.visits(reader, scope, cut),
            counting.handled(reader, scope, "queue", cut) if whole else (),
            counting.waits(reader, scope, cut) if whole else (),
            of_queues.begins(asked.every, asked.zone_of),
        )


def _agents(asked: Asked) -> dict[tuple[str, float | None], of_agents.OfAgent]:
    scope, cut = asked.scope, asked.cut
    with asked.reader() as reader:
        return of_agents.gathered(
            counting.handled(reader, scope, "agent", cut),
            counting.times(reader, scope, cut),
            of_queues.begins(asked.every, asked.zone_of),
        )

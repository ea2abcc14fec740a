"""Where ``acd replay`` takes a day from: the journal, or the records of a day whose journal is gone."""

from functools import partial
from pathlib import Path

import click

from acd.cli import show
from acd.cli.place import records
from acd.core.policy import Policy
from acd.live.kept import lines_since
from acd.measures.times import Times
from acd.places import Places
from acd.sim import journal_day, recorded_day
from acd.sim.days import Day
from acd.sim.journal_reading import read
from acd.words import AgentId

GAP_S = 60.0
"""A journal that begins so little after the time that was asked for misses nothing of it."""


def of_journal(config: Path, home: Path, since: float, until: float, rules: Policy) -> Day:
    """``rules``: those that were in force. Raises ClickException where the journal does not reach back so far."""
    journal = Places(config=config, home=home).journal
    reading = read(lines_since(journal, since), since, until)
    if reading.begin is None:
        raise click.ClickException(f"{journal} holds nothing of that time; --from-records lives what the records say of it")
    if reading.begin > since + GAP_S and not reading.from_the_first:
        begin = show.local_time(reading.begin)
        raise click.ClickException(f"{journal} goes back to {begin} only (acd.yaml: journal: keep); --since {begin}, or --from-records")
    said = []
    if reading.configurations:
        said.append(f"The configuration changed {reading.configurations} times meanwhile; here the first one holds all the time.")
    if reading.unreadable:
        said.append(f"{reading.unreadable} records of the journal are not of this release and could not be read.")
    return Day(
        source="the journal",
        visits=journal_day.visits_of(reading, rules),
        times=reading.spent.times_of(),
        experiment=lambda policy, seed: journal_day.experiment_of(reading, policy, rules, seed),
        unknown=partial(journal_day.unknown, reading),
        said=said,
    )


def of_records(home: Path, database: str | None, since: float, until: float) -> Day:
    with records(home, database) as reader:
        visits, offers, activities = reader.lived(since, until)
    recorded = recorded_day.Recorded(since=since, until=until, visits=visits, offers=offers, activities=activities)
    return Day(
        source="the records",
        visits=visits,
        times=_times(recorded),
        experiment=partial(recorded_day.experiment_of, recorded),
        unknown=partial(recorded_day.unknown, recorded),
        said=("Lived from the records: overflows and transfers are not decided again, what agents asked for is not known.",),
    )


def _times(recorded: recorded_day.Recorded) -> dict[AgentId, Times]:
    found: dict[AgentId, Times] = {}
    for row in recorded.activities:
        end = recorded.until if row["until"] is None else min(row["until"], recorded.until)
        seconds = max(0.0, end - max(row["since"], recorded.since))
        id = AgentId(row["agent"])
        found[id] = found.get(id, Times()) + Times(by={(row["state"], row["reason"]): seconds})
    return found

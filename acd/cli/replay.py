"""``acd replay``: a day as it was recorded, through the same core with the rules that were in force and with changed ones."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from acd.changes import named
from acd.cli import show
from acd.cli.files import config_option, problems_shown
from acd.cli.place import Since, database_option, home_option, json_option, records
from acd.cli.simulate import COLUMNS, UNITS, shown
from acd.core.policy import Policy
from acd.measures.visits import VISITS, count
from acd.measures.waits import WAITS
from acd.places import Places
from acd.sim.changed import changed
from acd.sim.estimate import Estimate
from acd.sim.experiment import run
from acd.sim.recorded_day import Recorded, Unknown, experiment_of, unknown
from acd.sim.results import ALL, DAY, Measured, Results, difference, measured, results
from acd.sim.tally import Tally
from acd.taking import take_version
from acd.versions import Versions
from acd.words import EntryOutcome

SHOWN = [each for each in COLUMNS if not each.startswith("occupancy")]


def _yesterday() -> float:
    midnight = datetime.now().replace(hour=0, minute=0, second=0, microsecond=0)
    return (midnight - timedelta(days=1)).timestamp()


@click.command()
@config_option
@home_option
@database_option
@click.option("--since", type=Since(), help="From when; left out: yesterday.")
@click.option("--until", type=Since(), help="Until when; left out: a day from then.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="What else is changed: queues.sales.ring=10s, say.")
@click.option(
    "--replications", default=10, show_default=True, type=click.IntRange(2, 1000), help="Each guesses what is not known anew."
)
@click.option("--seed", default="1", show_default=True)
@json_option
def replay(
    config: Path,
    home: Path,
    database: str | None,
    since: float | None,
    until: float | None,
    sets: tuple[str, ...],
    replications: int,
    seed: str,
    json_: bool,
) -> None:
    """Live a recorded day again with the configuration that is in the folder, beside the one that was in force.

    Both meet the same callers, so what the simulation does not know of the day makes no difference between them. What really happened
    is shown too: how far the rules that were in force are from it says how far the rest is to be believed.
    """
    since = _yesterday() if since is None else since
    recorded = _recorded(home, database, since, since + 86400.0 if until is None else until)
    with problems_shown():
        new = changed(config, sets)
        name, old = _in_force(config, home)
    if not recorded.visits:
        raise click.ClickException("nobody was in a queue in that time")
    began = time.perf_counter()
    was, runs_old = _lived(recorded, old, replications, seed)
    became, runs_new = _lived(recorded, new, replications, seed)
    took_s = time.perf_counter() - began
    both = {"in force": results(runs_old, was[0]), "changed": results(runs_new, became[0])}
    both["difference"] = difference(runs_old, runs_new, was[0])
    real, shares = _real(recorded), _shares(recorded, was, became)
    guessed = unknown(recorded, new)
    if json_:
        return show.as_json(_as_json(both, real, shares, guessed))
    click.echo(f"{len(recorded.visits):,} visits; in force: {name}; {replications} replications of each in {took_s:.0f} s")
    _tables(both, real)
    _who(shares)
    _told(guessed)


def _recorded(home: Path, database: str | None, since: float, until: float) -> Recorded:
    with records(home, database) as reader:
        visits, offers, activities = reader.lived(since, until)
    return Recorded(since=since, until=until, visits=visits, offers=offers, activities=activities)


def _in_force(config: Path, home: Path) -> tuple[str, Policy]:
    """What was in force last; the folder, where nothing ever was. Raises Refused."""
    versions = Versions(Places(config=config, home=home).versions)
    last = versions.last()
    if last is None:
        return f"{config} (nothing was in force here yet)", changed(config, ())
    return named(last), take_version(config, versions, last).loaded.policy


def _lived(recorded: Recorded, policy: Policy, replications: int, seed: str) -> tuple[list[Tally], list[Measured]]:
    tallies = [run(experiment_of(recorded, policy, (seed, n)), (seed, n)) for n in range(replications)]
    return tallies, [measured(tally) for tally in tallies]


def _real(recorded: Recorded) -> dict[tuple[str, str], float | None]:
    found: dict[tuple[str, str], float | None] = {}
    for queue in [ALL, *sorted({row["queue"] for row in recorded.visits})]:
        rows = [row for row in recorded.visits if queue in (ALL, row["queue"])]
        visits = count(rows)
        waits = sorted(row["waited_s"] for row in rows if row["outcome"] == EntryOutcome.ANSWERED)
        found |= {(queue, each.id): each.of(visits) for each in VISITS} | {(queue, wait.id): wait.of(waits) for wait in WAITS}
    return found


Shares = Mapping[str, Mapping[str, float]]
"""agent -> real, in force, changed: calls answered, on the mean."""


def _shares(recorded: Recorded, was: Sequence[Tally], became: Sequence[Tally]) -> Shares:
    counted = {
        "real": _by_agent([recorded.visits]),
        "in force": _by_agent([tally.visits for tally in was]),
        "changed": _by_agent([tally.visits for tally in became]),
    }
    agents = sorted({agent for each in counted.values() for agent in each})
    return {agent: {name: each.get(agent, 0.0) for name, each in counted.items()} for agent in agents}


def _by_agent(several: Sequence[Sequence[Mapping[str, Any]]]) -> dict[str, float]:
    total = Counter(row["agent"] for rows in several for row in rows if row["outcome"] == EntryOutcome.ANSWERED and row["agent"])
    return {agent: n / len(several) for agent, n in total.items()}


def _tables(both: Mapping[str, Results], real: Mapping[tuple[str, str], float | None]) -> None:
    rows = []
    for queue in [*both["in force"].queues, ALL]:
        rows.append([queue or "all", "really", *(_plain(id, real.get((queue, id))) for id in SHOWN)])
        rows += [["", name, *(shown(id, found.of(id, queue, DAY)) for id in SHOWN)] for name, found in both.items()]
    show.table(["queue", "", *(COLUMNS[id] for id in SHOWN)], rows, empty="")


def _plain(id: str, value: float | None) -> str:
    return "" if value is None else shown(id, Estimate(mean=value, half=0.0, n=1))


def _who(shares: Shares) -> None:
    click.echo("\nwho answered how many")
    show.table(
        ["agent", "really", "in force", "changed"],
        [[agent, *(f"{n:.1f}" for n in of.values())] for agent, of in shares.items()],
        empty="",
    )


def _told(guessed: Unknown) -> None:
    impatient, served, all_ = guessed.patience_known, guessed.talk_known, guessed.callers
    click.echo(f"\nNot known: how patient {all_ - impatient} of {all_} callers would have been, only that it was more than their wait;")
    click.echo(f"and how long {all_ - served} who were not served would have talked. Both are drawn from the others of their queue.")
    click.echo("A day on which nobody waited long tells little of patience.")
    for queue, n in guessed.queues_gone.items():
        click.echo(f"The queue {queue} is not in this configuration: {n} visits are left out.")
    if guessed.agents_gone:
        click.echo(f"Not in this configuration any more: {', '.join(guessed.agents_gone)}.")


def _as_json(both: Mapping[str, Results], real: Mapping[tuple[str, str], float | None], shares: Shares, guessed: Unknown) -> Any:
    def one(found: Results, queue: str, id: str) -> Any:
        each = found.of(id, queue, DAY)
        return None if each is None else {"mean": each.mean, "half": each.half}

    ids = [id for id in UNITS if (ALL, id) in real]
    measures = [
        {
            "queue": queue,
            "measure": id,
            "really": real.get((queue, id)),
            **{name: one(found, queue, id) for name, found in both.items()},
        }
        for queue in [*both["in force"].queues, ALL]
        for id in ids
    ]
    not_known = {"patience": guessed.callers - guessed.patience_known, "talk": guessed.callers - guessed.talk_known}
    return {"measures": measures, "agents": shares, "not_known": not_known, "queues_gone": dict(guessed.queues_gone)}

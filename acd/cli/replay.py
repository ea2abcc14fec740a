"""``acd replay``: a day that was, through the same core with the rules that were in force and with changed ones."""

import time
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import click

from acd.changes import named
from acd.cli import show
from acd.cli.files import config_option, problems_shown
from acd.cli.place import Since, database_option, home_option, json_option
from acd.cli.replay_days import of_journal, of_records
from acd.cli.simulate import COLUMNS, UNITS, shown
from acd.core.policy import Policy
from acd.measures.times import TIMES, Times
from acd.measures.visits import VISITS, count
from acd.measures.waits import WAITS
from acd.places import Places
from acd.records.rows import Row
from acd.sim.beside import NEAR_S, Likeness, Otherwise, likeness, otherwise
from acd.sim.changed import changed
from acd.sim.days import Day
from acd.sim.estimate import Estimate
from acd.sim.experiment import run
from acd.sim.results import ALL, DAY, Measured, Results, difference, measured, results
from acd.sim.tally import Tally
from acd.sim.unknown import Unknown
from acd.taking import take_version
from acd.versions import Versions
from acd.words import AgentId, EntryOutcome

SHOWN = [each for each in COLUMNS if not each.startswith("occupancy")]
OCCUPANCY = next(each for each in TIMES if each.id in COLUMNS)


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
@click.option("--from-records", is_flag=True, help="A day whose journal is gone: what the records say of it, which is less.")
@click.option("--contacts", is_flag=True, help="Every contact that would have gone to somebody else, or ended otherwise.")
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
    from_records: bool,
    contacts: bool,
    replications: int,
    seed: str,
    json_: bool,
) -> None:
    """Live a day of the journal again with the configuration that is in the folder, beside the one that was in force.

    Both meet the same callers and the same agents, so what the simulation does not know of the day makes no difference between them.
    What really happened is shown too: how far the rules that were in force are from it says how far the rest is to be believed.
    """
    since = _yesterday() if since is None else since
    until = min(since + 86400.0 if until is None else until, time.time())
    with problems_shown():
        new = changed(config, sets)
        name, old = _in_force(config, home, since)
    day = of_records(home, database, since, until) if from_records else of_journal(config, home, since, until, old)
    if not day.visits:
        raise click.ClickException("nobody was in a queue in that time")
    began = time.perf_counter()
    told = _Told(
        day=day, was=_lived(day, old, replications, seed), became=_lived(day, new, replications, seed), guessed=day.unknown(new)
    )
    if json_:
        return show.as_json(told.as_json(contacts=contacts))
    took_s = time.perf_counter() - began
    click.echo(f"{len(day.visits):,} visits of {day.source}; in force: {name}; {replications} replications of each in {took_s:.0f} s")
    told.shown(contacts=contacts)


def _in_force(config: Path, home: Path, since: float) -> tuple[str, Policy]:
    """What was in force then, or what is the oldest that is kept; the folder, where nothing ever was. Raises Refused."""
    versions = Versions(Places(config=config, home=home).versions)
    kept = versions.all()
    if not kept:
        return f"{config} (nothing was in force here yet)", changed(config, ())
    then = next((each for each in reversed(kept) if each.applied_at <= since), kept[0])
    return named(then), take_version(config, versions, then).loaded.policy


@dataclass(frozen=True, slots=True, kw_only=True)
class _Lived:
    tallies: Sequence[Tally]
    runs: Sequence[Measured]

    @property
    def results(self) -> Results:
        return results(self.runs, self.tallies[0])

    def answered(self) -> Mapping[str, float]:
        return _by_agent([tally.visits for tally in self.tallies])

    def occupancy(self, agent: str) -> float | None:
        times = sum((tally.spent.times_of().get(AgentId(agent), Times()) for tally in self.tallies), Times())
        return OCCUPANCY.of(times)


def _lived(day: Day, policy: Policy, replications: int, seed: str) -> _Lived:
    tallies = [run(day.experiment(policy, (seed, n)), (seed, n)) for n in range(replications)]
    return _Lived(tallies=tallies, runs=[measured(tally) for tally in tallies])


def _by_agent(several: Sequence[Sequence[Row]]) -> dict[str, float]:
    total = Counter(row["agent"] for rows in several for row in rows if row["outcome"] == EntryOutcome.ANSWERED and row["agent"])
    return {agent: n / len(several) for agent, n in total.items()}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Told:
    """The day as it was (really), as it is lived with the same rules (in force), and with the others (changed)."""

    day: Day
    was: _Lived
    became: _Lived
    guessed: Unknown

    @property
    def like(self) -> Likeness:
        return likeness(self.day.visits, self.was.tallies[0].visits)

    @property
    def otherwise(self) -> list[Otherwise]:
        """In the first replication: the same guesses on both sides."""
        return otherwise(self.was.tallies[0].visits, self.became.tallies[0].visits)

    def both(self) -> dict[str, Results]:
        found = {"in force": self.was.results, "changed": self.became.results}
        return found | {"difference": difference(self.was.runs, self.became.runs, self.was.tallies[0])}

    def real(self) -> dict[tuple[str, str], float | None]:
        found: dict[tuple[str, str], float | None] = {}
        for queue in [ALL, *sorted({row["queue"] for row in self.day.visits})]:
            rows = [row for row in self.day.visits if queue in (ALL, row["queue"])]
            visits = count(rows)
            waits = sorted(row["waited_s"] for row in rows if row["outcome"] == EntryOutcome.ANSWERED)
            found |= {(queue, each.id): each.of(visits) for each in VISITS} | {(queue, wait.id): wait.of(waits) for wait in WAITS}
        return found

    def agents(self) -> dict[str, dict[str, dict[str, float | None]]]:
        """agent -> calls answered and occupancy, on the mean, of each life."""
        lives = {"in force": self.was, "changed": self.became}
        answered = {"real": _by_agent([self.day.visits])} | {name: life.answered() for name, life in lives.items()}
        ids = sorted({agent for each in answered.values() for agent in each})
        occupancy = {id: {"real": OCCUPANCY.of(self.day.times.get(AgentId(id), Times()))} for id in ids}
        for id in ids:
            occupancy[id] |= {name: life.occupancy(id) for name, life in lives.items()}
        return {
            id: {"answered": {name: each.get(id, 0.0) for name, each in answered.items()}, "occupancy": occupancy[id]} for id in ids
        }

    # -- shown ---------------------------------------------------------------------------------------------------------

    def shown(self, *, contacts: bool) -> None:
        both, real = self.both(), self.real()
        rows = []
        for queue in [*both["in force"].queues, ALL]:
            rows.append([queue or "all", "really", *(_plain(id, real.get((queue, id))) for id in SHOWN)])
            rows += [["", name, *(shown(id, found.of(id, queue, DAY)) for id in SHOWN)] for name, found in both.items()]
        show.table(["queue", "", *(COLUMNS[id] for id in SHOWN)], rows, empty="")
        self._who()
        self._honest()
        if contacts:
            self._contacts()
        _told(self.guessed)
        for each in self.day.said:
            click.echo(each)

    def _who(self) -> None:
        click.echo("\nwho answered how many, and how occupied they were")
        rows = []
        for agent, of in self.agents().items():
            answered, occupied = of["answered"], of["occupancy"]
            rows.append([agent, *(f"{n or 0.0:.1f}" for n in answered.values()), *(_share(each) for each in occupied.values())])
        show.table(["agent", "really", "in force", "changed", "occupied, really", "in force", "changed"], rows, empty="")

    def _honest(self) -> None:
        like = self.like
        swapped = "" if like.swapped is None else f"; {like.swapped:.1%} of pairs in another order"
        click.echo(
            f"\nIn force against really: {like.same_end} of {like.visits} visits ended the same way with the same agent,"
            f" {like.near} of them within {NEAR_S:g} s of the same wait{swapped}."
        )
        click.echo(f"{len(self.otherwise)} visits would have gone to somebody else or ended otherwise (--contacts lists them).")

    def _contacts(self) -> None:
        rows = [
            [show.local_time(each.joined_at), each.contact, each.queue, _ended(each.was), _ended(each.became)]
            for each in self.otherwise
        ]
        show.table(["joined", "contact", "queue", "in force", "changed"], rows, empty="Nobody would have gone to somebody else.")

    def as_json(self, *, contacts: bool) -> Any:
        both, real, like = self.both(), self.real(), self.like

        def one(found: Results, queue: str, id: str) -> Any:
            each = found.of(id, queue, DAY)
            return None if each is None else {"mean": each.mean, "half": each.half}

        ids = [id for id in UNITS if (ALL, id) in real]
        measures = [
            {"queue": queue, "measure": id, "really": real.get((queue, id)), **{name: one(of, queue, id) for name, of in both.items()}}
            for queue in [*both["in force"].queues, ALL]
            for id in ids
        ]
        guessed = self.guessed
        told = {
            "source": self.day.source,
            "measures": measures,
            "agents": self.agents(),
            "honest": {"visits": like.visits, "same_end": like.same_end, "near": like.near, "swapped": like.swapped},
            "not_known": {"patience": guessed.callers - guessed.patience_known, "talk": guessed.callers - guessed.talk_known},
            "queues_gone": dict(guessed.queues_gone),
            "agents_gone": list(guessed.agents_gone),
        }
        if contacts:
            told["contacts"] = [
                {
                    "contact": e.contact,
                    "queue": e.queue,
                    "joined_at": e.joined_at,
                    "in force": _brief(e.was),
                    "changed": _brief(e.became),
                }
                for e in self.otherwise
            ]
        return told


def _plain(id: str, value: float | None) -> str:
    return "" if value is None else shown(id, Estimate(mean=value, half=0.0, n=1))


def _share(value: float | None) -> str:
    return "" if value is None else f"{value:.1%}"


def _ended(row: Row | None) -> str:
    if row is None:
        return "never got there"
    who = row["agent"] if row["outcome"] == EntryOutcome.ANSWERED else str(row["outcome"])
    return f"{who} after {row['waited_s'] or 0.0:.0f} s"


def _brief(row: Row | None) -> Any:
    return None if row is None else {"outcome": str(row["outcome"]), "agent": row["agent"], "waited_s": row["waited_s"]}


def _told(guessed: Unknown) -> None:
    impatient, served, all_ = guessed.patience_known, guessed.talk_known, guessed.callers
    click.echo(f"\nNot known: how patient {all_ - impatient} of {all_} callers would have been, only that it was more than their wait;")
    click.echo(f"and how long {all_ - served} who were not served would have talked. Both are drawn from the others of their queue.")
    click.echo("A day on which nobody waited long tells little of patience.")
    for queue, n in guessed.queues_gone.items():
        click.echo(f"The queue {queue} is not in this configuration: {n} visits are left out.")
    if guessed.agents_gone:
        click.echo(f"Not in this configuration any more: {', '.join(guessed.agents_gone)}.")

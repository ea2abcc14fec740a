"""``acd simulate``: a day of callers and agents through the same core, with this configuration and perhaps beside another."""

import csv
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from zoneinfo import ZoneInfo

import click

from acd.cli import show
from acd.cli.files import config_option, problems_shown
from acd.cli.pictures import plot_option
from acd.cli.place import json_option
from acd.core.policy import Policy
from acd.measures.callbacks import CALLBACKS, WISHES
from acd.measures.times import TIMES
from acd.measures.visits import VISITS
from acd.measures.waits import WAITS
from acd.sim.bank_log import read_log
from acd.sim.calls_file import read_calls
from acd.sim.changed import changed
from acd.sim.estimate import Estimate
from acd.sim.experiment import Experiment, run
from acd.sim.log_replay import replayed
from acd.sim.plot import draw
from acd.sim.results import ALL, DAY, Measured, Results, difference, measured, results
from acd.sim.scenario import read_scenario
from acd.sim.tally import Tally

UNITS = {each.id: each.unit for each in (*VISITS, *WAITS, *TIMES, *CALLBACKS, *WISHES)}
COLUMNS = {
    "offered/acd-1": "offered",
    "answered/acd-1": "answered",
    "service_level/acd-1": "service level",
    "abandon_rate/acd-1": "abandoned",
    "short_abandoned/acd-1": "short",
    "average_speed_of_answer/acd-1": "speed",
    "wait_p50/acd-1": "P50",
    "wait_p80/acd-1": "P80",
    "wait_p95/acd-1": "P95",
    "occupancy/acd-2": "occupancy",
}
ASKED = "callbacks_asked/acd-1"
CALLED_BACK = {
    ASKED: "asked to be called back",
    "callbacks_served/acd-1": "called back",
    "callbacks_kept/acd-1": "kept",
    "callback_wait_p50/acd-1": "P50",
    "callback_wait_p80/acd-1": "P80",
    "callbacks_expired/acd-1": "expired",
    "callbacks_called_in/acd-1": "called in",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Ran:
    """What one configuration came to."""

    name: str
    runs: Sequence[Measured]
    like: Tally

    @property
    def results(self) -> Results:
        return results(self.runs, self.like)


@click.command()
@config_option
@click.option("--scenario", type=click.Path(path_type=Path, dir_okay=False), help="Who calls and who is staffed.")
@click.option("--log", type=click.Path(path_type=Path, dir_okay=False), help="In place of both: a call log of the Technion's bank.")
@click.option("--credit", default=90.0, show_default=True, help="With --log: seconds of waiting that priority customers are credited.")
@click.option("--calls", type=click.Path(path_type=Path, dir_okay=False), help="Calls one by one (CSV), in place of arrivals.")
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, 366), help="So many days from the scenario's on.")
@click.option("--replications", default=10, show_default=True, type=click.IntRange(1, 10_000), help="So often each day.")
@click.option("--seed", default="1", show_default=True, help="The same seed meets the same callers.")
@click.option("--compare", type=click.Path(path_type=Path, file_okay=False), help="Another configuration, for the same callers.")
@click.option("--set", "sets", multiple=True, metavar="KEY=VALUE", help="What else to compare: queues.sales.ring=10s, say.")
@click.option("--intervals", is_flag=True, help="Also by interval.")
@click.option("--definitions", is_flag=True, help="Every measure of the glossary, with its formula.")
@click.option("--csv", "csv_", type=click.Path(path_type=Path, dir_okay=False), help="Everything into this file.")
@plot_option
@json_option
def simulate(
    config: Path,
    scenario: Path | None,
    log: Path | None,
    credit: float,
    calls: Path | None,
    days: int,
    replications: int,
    seed: str,
    compare: Path | None,
    sets: tuple[str, ...],
    intervals: bool,
    definitions: bool,
    csv_: Path | None,
    plot: Path | None,
    json_: bool,
) -> None:
    """Simulate days of callers and agents with this configuration, thousands of times faster than they pass.

    The core that decides is the one that runs; callers, talks and phones are drawn from seeded dice. With --compare or --set a second
    configuration meets the same callers, and the difference is shown.
    """
    if (scenario is None) is (log is None):
        raise click.UsageError("one of --scenario and --log is needed")
    if log is not None:
        return _log(log, days, replications, seed, credit, json_=json_)
    assert scenario is not None
    with problems_shown():
        policies = dict(_policies(config, compare, sets))
        read = read_scenario(scenario)
        read.fits([*policies.values()])
        ran = []
        for name, policy in policies.items():
            plans = [read.experiment(policy, day) for day in range(days)]
            if calls is not None:
                plans = [read_calls(calls, read.at(day), plan) for day, plan in enumerate(plans)]
            ran.append(_run(name, plans, replications, seed, quiet=json_))
    _shown(ran, intervals=intervals, definitions=definitions, json_=json_)
    if csv_ is not None:
        _write(ran, csv_)
    if plot is not None:
        draw({each.name: each.results for each in ran}, plot, ZoneInfo(read.shape.zone))


def _log(file: Path, days: int, replications: int, seed: str, credit: float, *, json_: bool) -> None:
    """The house is what the log shows of it; what really happened stands beside what became of it here."""
    with problems_shown():
        log = read_log(file)
    chosen = log.days()[:days]
    found = replayed(log, chosen, replications, seed, credit)
    if json_:
        rows = [
            {"group": b.group, "measure": b.measure, "real": b.real, "simulated": b.simulated.mean, "half": b.simulated.half}
            for b in found
        ]
        return show.as_json({"rows": log.rows, "taken": len(log.calls), "left_out": dict(log.left_out), "measures": rows})
    click.echo(f"{log.rows:,} rows, {len(log.calls):,} callers in a queue; {len(chosen)} of {len(log.days())} days; left out:")
    for why, n in log.left_out.items():
        click.echo(f"  {n:>6,}  {why}")
    rows_ = [[b.group, b.measure, f"{b.real:.1f}", f"{b.simulated.mean:.1f}", _half(b.simulated)] for b in found]
    show.table(["callers", "measure", "real", "simulated", "±"], rows_, empty="nobody called")


def _half(estimate: Estimate) -> str:
    return f"{estimate.half:.1f}" if estimate.n > 1 else ""


def _policies(config: Path, compare: Path | None, sets: Sequence[str]) -> Iterator[tuple[str, Policy]]:
    """Raises Refused."""
    yield str(config), changed(config, ())
    if compare is not None or sets:
        yield " ".join([str(compare or config), *sets]), changed(compare or config, sets)


def _run(name: str, plans: Sequence[Experiment], replications: int, seed: str, *, quiet: bool) -> Ran:
    began, runs, like, simulated_s, visits = time.perf_counter(), [], None, 0.0, 0
    for day, plan in enumerate(plans):
        for n in range(replications):
            like = run(plan, (seed, day, n))
            runs.append(measured(like))
            simulated_s += plan.end - plan.begin
            visits += len(like.visits)
    assert like is not None
    took_s = max(1e-6, time.perf_counter() - began)
    if not quiet:
        click.echo(
            f"{name}: {len(runs)} replications, {visits:,} calls, {simulated_s / took_s:,.0f} times real speed"
            f" ({took_s / max(1, visits) * 1e3:.2f} ms a call)",
            err=True,
        )
    return Ran(name=name, runs=runs, like=like)


def _shown(ran: Sequence[Ran], *, intervals: bool, definitions: bool, json_: bool) -> None:
    found = {each.name: each.results for each in ran}
    if len(ran) > 1:
        found["difference"] = difference(ran[0].runs, ran[1].runs, ran[0].like)
    if json_:
        return show.as_json({name: [*_flat(each)] for name, each in found.items()})
    for name, each in found.items():
        if len(found) > 1:
            click.echo(f"\n{name}")
        _table(each, intervals=intervals)
    if definitions:
        _definitions(found)
    click.echo("\n± is the 95 % confidence interval of the mean over the replications; formulas: --definitions")


def _table(found: Results, *, intervals: bool) -> None:
    wheres = [(queue, n) for queue in (*found.queues, ALL) for n in ((DAY, *found.intervals) if intervals else (DAY,))]
    _columns(found, wheres, COLUMNS)
    asked = found.of(ASKED)
    if asked is not None and (asked.mean or asked.half):
        click.echo()
        _columns(found, [where for where in wheres if found.of(ASKED, *where) is not None], CALLED_BACK)


def _columns(found: Results, wheres: Sequence[tuple[str, int]], columns: Mapping[str, str]) -> None:
    rows = [[queue or "all", _interval(found, n), *(shown(id, found.of(id, queue, n)) for id in columns)] for queue, n in wheres]
    show.table(["queue", "from", *columns.values()], rows, empty="nobody called")


def _interval(found: Results, n: int) -> str:
    return "" if n == DAY else show.clock_time(found.start + n * found.interval_s)[:5]


def shown(id: str, estimate: Estimate | None) -> str:
    if estimate is None:
        return ""
    unit, scale = {"share": (" %", 100.0), "seconds": (" s", 1.0)}.get(UNITS[id], ("", 1.0))
    half = f" ±{estimate.half * scale:.1f}" if estimate.n > 1 else ""
    return f"{estimate.mean * scale:.1f}{half}{unit}"


def _definitions(found: Mapping[str, Results]) -> None:
    click.echo()
    rows = [
        [each.id, *(shown(each.id, one.of(each.id)) for one in found.values()), each.formula]
        for each in (*VISITS, *WAITS, *TIMES, *CALLBACKS, *WISHES)
    ]
    show.table(["measure", *found, "formula"], rows, empty="")


def _flat(found: Results) -> Iterator[dict[str, object]]:
    for (queue, interval, measure), each in found.by.items():
        start = None if interval == DAY else found.start + interval * found.interval_s
        half = each.half if each.n > 1 else None
        yield {"queue": queue, "from": start, "measure": measure, "mean": each.mean, "half": half, "replications": each.n}


def _write(ran: Sequence[Ran], file: Path) -> None:
    try:
        with file.open("w", newline="", encoding="utf-8") as stream:
            writer = csv.DictWriter(stream, ["configuration", "queue", "from", "measure", "mean", "half", "replications"])
            writer.writeheader()
            writer.writerows({"configuration": each.name, **row} for each in ran for row in _flat(each.results))
    except OSError as error:
        raise click.ClickException(f"{file} cannot be written: {error.strerror}") from None

"""``dialer simulate``: shifts of one campaign, thousands of times faster than they pass, with one pacer beside another."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from math import isfinite
from pathlib import Path

import click

from acd.campaign import Mode
from acd.cli import show
from acd.cli.files import problems_shown
from acd.cli.pictures import plot_option
from acd.cli.place import json_option
from acd.config.kinds import seconds
from acd.sim.shapes import share
from dialer.cli.plot import draw
from dialer.cli.world import read_world
from dialer.core.pacing.choosing import pacer_of
from dialer.core.pacing.pacer import Kept, Pacer
from dialer.sim.results import Mean, Results
from dialer.sim.results import days as shifts_of_days
from dialer.sim.shift import QUARTER_S
from dialer.sim.world import World, base

Make = Callable[[Kept | None], Pacer]
PACERS: Mapping[str, Mode] = {"predictive": Mode.PREDICTIVE, "progressive": Mode.PROGRESSIVE}
MOST_DAYS = 30
"""The longest period of the law: the simulated ledger forgets nothing."""


class _Kind(click.ParamType[float]):
    """A text that a reader of ours takes, or refuses with a sentence."""

    def __init__(self, name: str, read: Callable[[str], float]) -> None:
        self.name, self._read = name, read

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> float:
        try:
            return value if isinstance(value, float) else self._read(str(value))
        except ValueError as wrong:
            self.fail(str(wrong), param, ctx)


SHARE, DURATION = _Kind("share", share), _Kind("duration", seconds)


@click.command()
@click.option("--scenario", type=click.Path(path_type=Path, dir_okay=False), help="Who is called and who is there (YAML).")
@click.option("--agents", type=click.IntRange(1, 1_000), help="A team of so many; 20 without a scenario.")
@click.option("--hit", type=SHARE, help="So many lines are answered by a person; 10% without a scenario.")
@click.option("--handling", type=DURATION, help="Talk and wrap-up in the mean; 60s without a scenario, not with one.")
@click.option("--hours", type=click.FloatRange(0.1, 24.0), help="Of a shift; 8 without a scenario.")
@click.option("--seeds", default=4, show_default=True, type=click.IntRange(1, 1_000), help="So many shifts.")
@click.option("--first", default=0, show_default=True, type=click.IntRange(0), help="The first seed.")
@click.option("--days", default=1, show_default=True, type=click.IntRange(1, MOST_DAYS), help="One after the other.")
@click.option("--pacer", "pacers", multiple=True, help="predictive, progressive, or lines for each free agent such as 2.5.")
@click.option("--each", is_flag=True, help="Also every shift.")
@click.option("--quarters", is_flag=True, help="Also every quarter-hour.")
@plot_option
@json_option
def simulate(
    scenario: Path | None,
    agents: int | None,
    hit: float | None,
    handling: float | None,
    hours: float | None,
    seeds: int,
    first: int,
    days: int,
    pacers: tuple[str, ...],
    each: bool,
    quarters: bool,
    plot: Path | None,
    json_: bool,
) -> None:
    """Simulate shifts of a campaign, and compare pacers in them.

    The pacer that decides is the one that dials; whoever answers, talks or goes away is drawn from seeded dice. The first day begins
    with nothing learnt and with an empty ledger; the days that follow have what was learnt, and what the ledger holds.
    """
    made = {name: _pacer(name) for name in pacers or ("predictive", "progressive")}
    with problems_shown():
        world = _world(scenario, agents, hit, handling, hours)
    found: dict[str, Results] = {}
    for name, make in made.items():
        found |= _run(name, world, make, range(first, first + seeds), days, quiet=json_)
    if json_:
        show.as_json({name: _plain(results, first) for name, results in found.items()})
    else:
        _shown(found, world.limit, first, each=each, quarters=quarters)
    if plot is not None:
        draw(found, plot, world)


def _shown(found: Mapping[str, Results], limit: float, first: int, *, each: bool, quarters: bool) -> None:
    _summary(found, limit)
    if each:
        _shifts(found, first)
    if quarters:
        _quarters(found)
    click.echo("\n± is the 95 % confidence interval of the mean over the shifts; abandoned: of those who answered in person")


def _pacer(name: str) -> Make:
    if name in PACERS:
        mode = PACERS[name]
        return lambda kept: pacer_of(mode, None, kept)
    try:
        lines = float(name)
    except ValueError:
        lines = 0.0
    if not (isfinite(lines) and lines >= 1.0):
        raise click.BadParameter(f"{name}: one of {', '.join(PACERS)} or a number from 1 is needed", param_hint="--pacer")
    return lambda kept: pacer_of(Mode.RATIO, lines, kept)


def _world(scenario: Path | None, agents: int | None, hit: float | None, handling: float | None, hours: float | None) -> World:
    """Raises Refused."""
    if scenario is None:
        world = base(agents or 20, 0.1 if hit is None else hit, handling or 60.0)
    elif handling is not None:
        raise click.UsageError("--handling is said by the scenario: talk and wrap_up")
    else:
        world = read_world(scenario)
    if hit is not None:
        if hit <= 0.0:
            raise click.UsageError("--hit: where nobody answers there is nothing to pace")
        world = replace(world, hit_ratio=hit, hit_ratio_steps=())
    return replace(world, agents=agents or world.agents, shift_s=hours * 3600 if hours else world.shift_s).quickly()


def _run(name: str, world: World, make: Make, seeds: Sequence[int], days: int, *, quiet: bool) -> dict[str, Results]:
    began = time.perf_counter()
    found = shifts_of_days(world, make, seeds, days)
    speed = len(seeds) * days * world.shift_s / max(1e-6, time.perf_counter() - began)
    if not quiet:
        click.echo(f"{name}: {len(seeds) * days} shifts of {world.shift_s / 3600:g} h, {speed:,.0f} times real speed", err=True)
    return {name: found[0]} if days == 1 else {f"{name}, day {n}": results for n, results in enumerate(found, 1)}


def _percent(mean: Mean) -> str:
    return f"{100 * mean.value:.1f}" + (f" ±{100 * mean.half:.1f}" if isfinite(mean.half) else "")


def _summary(found: Mapping[str, Results], limit: float) -> None:
    rows = [
        [
            name,
            _percent(results.utilisation) + " %",
            f"{_percent(results.abandon_rate)} %",
            f"{100 * max(shift.abandon_rate for shift in results.shifts):.2f} %",
            f"{results.above(limit)} of {len(results.shifts)}",
            f"{sum(shift.answers for shift in results.shifts) / len(results.shifts):,.0f}",
            f"{sum(shift.dialled for shift in results.shifts) / len(results.shifts):,.0f}",
        ]
        for name, results in found.items()
    ]
    show.table(["pacer", "utilisation", "abandoned", "worst shift", f"above {limit:.1%}", "answers", "lines"], rows, empty="")


def _shifts(found: Mapping[str, Results], first: int) -> None:
    click.echo()
    rows = [
        [name, first + n, f"{100 * s.utilisation:.1f} %", f"{s.answers:,}", f"{s.abandons:,}", f"{100 * s.abandon_rate:.2f} %"]
        for name, results in found.items()
        for n, s in enumerate(results.shifts)
    ]
    show.table(["pacer", "seed", "utilisation", "answers", "abandons", "abandoned"], rows, empty="")


def _quarters(found: Mapping[str, Results]) -> None:
    click.echo()
    by = {name: results.by_quarter() for name, results in found.items()}
    rows = []
    for quarter in sorted({quarter for told in by.values() for quarter in told}):
        minutes = int(quarter * QUARTER_S // 60)
        for name, told in by.items():
            here = told[quarter]
            shares = (_percent(each) + " %" if each else "" for each in (here.utilisation, here.abandon_rate))
            rows.append([f"{minutes // 60}:{minutes % 60:02}", name, *shares, f"{here.answers.value:,.0f}"])
    show.table(["from", "pacer", "utilisation", "abandoned", "answers"], rows, empty="nobody was there")


def _plain(results: Results, first: int) -> dict[str, object]:
    return {
        "utilisation": _mean(results.utilisation),
        "abandon_rate": _mean(results.abandon_rate),
        "shifts": [
            {"seed": first + n, "utilisation": s.utilisation, "answers": s.answers, "abandons": s.abandons, "lines": s.dialled}
            for n, s in enumerate(results.shifts)
        ],
        "quarters": [
            {
                "from_s": quarter * QUARTER_S,
                "answers": each.answers.value,
                "abandon_rate": _mean(each.abandon_rate),
                "utilisation": _mean(each.utilisation),
            }
            for quarter, each in results.by_quarter().items()
        ],
    }


def _mean(mean: Mean | None) -> dict[str, float | None] | None:
    return None if mean is None else {"mean": mean.value, "half": mean.half if isfinite(mean.half) else None}

"""Pacers in a model of one campaign, cell by cell: utilisation and abandon rate, beside the column that is to be beaten.

    OPENBLAS_NUM_THREADS=1 python -m bench.pacing
    ... --pacers predictive,4 --agents 5,20 --hit 0.1 --handling 60 --seeds 10 --days 20 --jobs 2 --ticks 50

A number among the pacers is a fixed ratio. Each cell is a team, a hit ratio and a handling time; each seed is a shift of eight
hours that begins with nothing learnt. Told for each: utilisation in percent with the 95 % interval over the seeds, abandoned of
answered in percent (the mean, and the worst shift), shifts that ended above 3.00 %, the column, by how much it is beaten ("below" where
the intervals do not reach each other), one-to-one dialling in the same shifts, by how much more is gained over it than the column
gains over its own, and seconds of CPU for a shift.

The same talks are drawn for every pacer of a seed, and their luck moves all of them alike: what one-to-one dialling makes of the
shifts, which no pacer can help, is the measure of that luck. So gains compare better than utilisations, above all of small teams.

The law's ledger is empty when the shift begins, as on the first day of a campaign: then nobody may be abandoned before 34 persons
have answered. With --days it holds so many days before that each had 2.8 % abandoned: then good days bear a bad hour, and only the
pacer itself keeps today under the limit.

The pacer is asked once a second and after every event, as the dialer does. The column asked its own in teams of 50 and more once a
second only, to save time: --ticks 50 does so too.

Small matrices are multiplied all the time: threads of BLAS only make it slower.
"""

import argparse
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, replace
from itertools import repeat
from statistics import mean

from dialer.core.pacing.pacer import Pacer
from dialer.core.pacing.predictive import Predictive
from dialer.core.pacing.ratio import Progressive, Ratio
from dialer.sim.results import Mean, shifts
from dialer.sim.world import SHIFT_S, World, base

LIMIT = 0.03
Cell = tuple[int, float, float]
LOOK_AHEAD: dict[Cell, tuple[float, float, float, float]] = {
    # agents, hit ratio, handling time: utilisation, its interval, abandoned, and one-to-one of the same shifts, all in percent
    (5, 0.1, 60): (61.5, 0.6, 2.94, 25.9),
    (5, 0.1, 180): (75.1, 1.1, 2.91, 51.1),
    (5, 0.3, 60): (67.7, 0.6, 2.94, 52.7),
    (5, 0.3, 180): (82.6, 0.5, 2.37, 77.3),
    (5, 0.6, 60): (76.4, 0.4, 2.71, 71.9),
    (5, 0.6, 180): (89.1, 0.4, 1.14, 88.6),
    (10, 0.1, 60): (73.2, 0.4, 2.93, 25.6),
    (10, 0.1, 180): (81.9, 0.9, 2.93, 50.9),
    (10, 0.3, 60): (76.4, 0.5, 2.96, 52.1),
    (10, 0.3, 180): (85.3, 0.5, 2.9, 77.0),
    (10, 0.6, 60): (80.7, 0.2, 2.96, 71.5),
    (10, 0.6, 180): (90.0, 0.2, 2.09, 88.5),
    (20, 0.1, 60): (82.4, 0.2, 2.92, 25.2),
    (20, 0.1, 180): (87.4, 0.3, 2.82, 50.4),
    (20, 0.3, 60): (84.2, 0.3, 2.94, 52.0),
    (20, 0.3, 180): (89.1, 0.2, 2.79, 76.6),
    (20, 0.6, 60): (86.7, 0.3, 2.95, 71.2),
    (20, 0.6, 180): (91.5, 0.1, 2.63, 88.2),
    (50, 0.1, 60): (90.8, 0.2, 2.74, 25.1),
    (50, 0.1, 180): (92.6, 0.2, 2.74, 50.2),
    (50, 0.3, 60): (91.8, 0.2, 2.89, 52.0),
    (50, 0.3, 180): (93.5, 0.1, 2.88, 76.4),
    (50, 0.6, 60): (92.9, 0.1, 2.81, 71.1),
    (50, 0.6, 180): (94.3, 0.1, 2.56, 88.1),
    (200, 0.1, 60): (97.4, 0.1, 2.58, 25.1),
    (200, 0.1, 180): (97.0, 0.1, 2.37, 50.2),
    (200, 0.3, 60): (98.1, 0.0, 2.83, 52.0),
    (200, 0.3, 180): (97.6, 0.0, 2.82, 76.5),
    (200, 0.6, 60): (98.3, 0.0, 2.7, 71.1),
    (200, 0.6, 180): (97.7, 0.0, 2.48, 88.1),
}
WIDTHS = (("pacer", 12), ("agents", 7), ("hit", 6), ("AHT", 5), ("utilisation", 13), ("abandoned", 11), ("worst", 7), ("above", 7))
BESIDE = (("column", 15), ("by", 7), ("", 6), ("1:1", 7), ("gains", 7), ("cpu s", 7))
TITLES = "".join(f"{title:>{width}}" for title, width in (*WIDTHS, *BESIDE))


def pacer(name: str) -> Callable[[], Pacer]:
    if name == "predictive":
        return Predictive
    return Progressive if name == "progressive" else lambda: Ratio(float(name))


def world(cell: Cell, days: int, ticks_from: int | None = None) -> World:
    """``ticks_from``: teams of so many agents and more are asked once a second only."""
    before = round(days * 0.8 * cell[0] * SHIFT_S / cell[2])
    ticks = ticks_from is not None and cell[0] >= ticks_from
    return replace(base(*cell), earlier=(before, round(0.028 * before)), ticks_only=ticks)


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One pacer in one cell, and one-to-one dialling in the same shifts. All but the cell and the CPU in percent."""

    name: str
    cell: Cell
    used: Mean
    one_to_one: float
    abandoned: Sequence[float]
    cpu_s: float

    @property
    def by(self) -> float:
        return 100 * self.used.value - LOOK_AHEAD[self.cell][0]

    @property
    def gains(self) -> float:
        column = LOOK_AHEAD[self.cell]
        return 100 * self.used.value - self.one_to_one - (column[0] - column[3])

    @property
    def above(self) -> int:
        return sum(rate > LIMIT for rate in self.abandoned)

    def __str__(self) -> str:
        (agents, hit, handling), column, used = self.cell, LOOK_AHEAD[self.cell], self.used
        below = "below" if self.by + 100 * used.half + column[1] < 0 else ""
        beside = f"{self.by:>+7.1f}{below:>6}{self.one_to_one:>7.1f}{self.gains:>+7.1f}{self.cpu_s:>7.1f}"
        return (
            f"{self.name:>12}{agents:>7}{hit:>6.0%}{handling:>5.0f}{100 * used.value:>8.1f}±{100 * used.half:<4.1f}"
            f"{100 * mean(self.abandoned):>11.2f}{100 * max(self.abandoned):>7.2f}{self.above:>4}/{len(self.abandoned):<2}"
            f"{column[0]:>8.1f} @{column[2]:<5.2f}{beside}"
        )


def row(name: str, cell: Cell, seeds: Sequence[int], days: int = 0, ticks_from: int | None = None) -> Row:
    beside = shifts(world(cell, days), Progressive, seeds)
    began = time.process_time()
    results = shifts(world(cell, days, ticks_from), pacer(name), seeds)
    spent = (time.process_time() - began) / len(seeds)
    rates = [shift.abandon_rate for shift in results.shifts]
    return Row(name=name, cell=cell, used=results.utilisation, one_to_one=100 * beside.utilisation.value, abandoned=rates, cpu_s=spent)


def told(rows: Sequence[Row]) -> Iterator[str]:
    """What all cells come to."""
    for name in dict.fromkeys(each.name for each in rows):
        of = [each for each in rows if each.name == name]
        above = Counter(each.cell[0] for each in of for _ in range(each.above))
        by, gains = mean(each.by for each in of), mean(each.gains for each in of)
        yield f"{name}: {len(of)} cells, by {by:+.2f} in the mean, gains {gains:+.2f}"
        teams = ", ".join(f"{count} of {agents} agents" for agents, count in sorted(above.items()))
        yield f"{name}: shifts above {LIMIT:.2%}: {teams or 'none'}"


def main(arguments: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="bench.pacing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pacers", default="predictive")
    for name in ("agents", "hit", "handling"):
        asked.add_argument(f"--{name}", default="", help="only these, with commas between them")
    asked.add_argument("--seeds", type=int, default=10)
    asked.add_argument("--first", type=int, default=0, help="the first seed")
    asked.add_argument("--days", type=int, default=0, help="days of this campaign before, in the law's ledger")
    asked.add_argument("--ticks", type=int, help="teams of so many agents and more are asked once a second only")
    asked.add_argument("--jobs", type=int, default=1, help="cells at a time")
    options = asked.parse_args(arguments)
    only = [{float(each) for each in text.split(",") if each} for text in (options.agents, options.hit, options.handling)]
    cells = [cell for cell in LOOK_AHEAD if all(not wanted or value in wanted for wanted, value in zip(only, cell, strict=True))]
    seeds = range(options.first, options.first + options.seeds)
    rows = []
    print(TITLES, flush=True)
    with ProcessPoolExecutor(options.jobs) as pool:
        asked_for = [(name, cell) for cell in cells for name in options.pacers.split(",")]
        for done in pool.map(row, *zip(*asked_for, strict=True), repeat(seeds), repeat(options.days), repeat(options.ticks)):
            print(done, flush=True)
            rows.append(done)
    print(*told(rows), sep="\n")


if __name__ == "__main__":
    main()

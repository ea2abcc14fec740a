"""Pacers in a model of one campaign, cell by cell: utilisation and abandon rate, beside the column that is to be beaten.

    OPENBLAS_NUM_THREADS=1 python -m bench.pacing
    ... --pacers predictive,progressive,4 --agents 5,20 --hit 0.1 --handling 60 --seeds 10 --days 20

A number among the pacers is a fixed ratio. Each cell is a team, a hit ratio and a handling time; each seed is a shift of eight
hours that begins with nothing learnt. Told for each: utilisation in percent with the 95 % interval over the seeds, abandoned of
answered in percent (the mean, and the worst shift), shifts that ended above 3.00 %, the column, by how much it is beaten, and
seconds of CPU for a shift.

The law's ledger is empty when the shift begins, as on the first day of a campaign. With --days it holds so many days before that
each had 2.8 % abandoned: then good days bear a bad hour, and only the pacer itself keeps today under the limit.

Small matrices are multiplied all the time: threads of BLAS only make it slower.
"""

import argparse
import time
from collections.abc import Callable, Sequence
from dataclasses import replace

from dialer.core.pacing.pacer import Pacer
from dialer.core.pacing.predictive import Predictive
from dialer.core.pacing.ratio import Progressive, Ratio
from dialer.sim.results import shifts
from dialer.sim.world import SHIFT_S, World, base

LIMIT = 0.03
Cell = tuple[int, float, float]
LOOK_AHEAD: dict[Cell, tuple[float, float, float]] = {
    # agents, hit ratio, handling time: utilisation, its interval, abandoned, all in percent
    (5, 0.1, 60): (61.5, 0.6, 2.94),
    (5, 0.1, 180): (75.1, 1.1, 2.91),
    (5, 0.3, 60): (67.7, 0.6, 2.94),
    (5, 0.3, 180): (82.6, 0.5, 2.37),
    (5, 0.6, 60): (76.4, 0.4, 2.71),
    (5, 0.6, 180): (89.1, 0.4, 1.14),
    (10, 0.1, 60): (73.2, 0.4, 2.93),
    (10, 0.1, 180): (81.9, 0.9, 2.93),
    (10, 0.3, 60): (76.4, 0.5, 2.96),
    (10, 0.3, 180): (85.3, 0.5, 2.90),
    (10, 0.6, 60): (80.7, 0.2, 2.96),
    (10, 0.6, 180): (90.0, 0.2, 2.09),
    (20, 0.1, 60): (82.4, 0.2, 2.92),
    (20, 0.1, 180): (87.4, 0.3, 2.82),
    (20, 0.3, 60): (84.2, 0.3, 2.94),
    (20, 0.3, 180): (89.1, 0.2, 2.79),
    (20, 0.6, 60): (86.7, 0.3, 2.95),
    (20, 0.6, 180): (91.5, 0.1, 2.63),
    (50, 0.1, 60): (90.8, 0.2, 2.74),
    (50, 0.1, 180): (92.6, 0.2, 2.74),
    (50, 0.3, 60): (91.8, 0.2, 2.89),
    (50, 0.3, 180): (93.5, 0.1, 2.88),
    (50, 0.6, 60): (92.9, 0.1, 2.81),
    (50, 0.6, 180): (94.3, 0.1, 2.56),
    (200, 0.1, 60): (97.4, 0.1, 2.58),
    (200, 0.1, 180): (97.0, 0.1, 2.37),
    (200, 0.3, 60): (98.1, 0.0, 2.83),
    (200, 0.3, 180): (97.6, 0.0, 2.82),
    (200, 0.6, 60): (98.3, 0.0, 2.70),
    (200, 0.6, 180): (97.7, 0.0, 2.48),
}
WIDTHS = (("pacer", 12), ("agents", 7), ("hit", 6), ("AHT", 5), ("utilisation", 13), ("abandoned", 11), ("worst", 7), ("above", 7))
TITLES = "".join(f"{title:>{width}}" for title, width in (*WIDTHS, ("column", 15), ("by", 7), ("cpu s", 8)))


def pacer(name: str) -> Callable[[], Pacer]:
    if name == "predictive":
        return Predictive
    return Progressive if name == "progressive" else lambda: Ratio(float(name))


def world(cell: Cell, days: int) -> World:
    before = round(days * 0.8 * cell[0] * SHIFT_S / cell[2])
    return replace(base(*cell), earlier=(before, round(0.028 * before)))


def row(name: str, cell: Cell, seeds: Sequence[int], days: int = 0) -> str:
    began = time.process_time()
    results = shifts(world(cell, days), pacer(name), seeds)
    spent = (time.process_time() - began) / len(seeds)
    used, left, column = results.utilisation, results.abandon_rate, LOOK_AHEAD[cell]
    worst = max(shift.abandon_rate for shift in results.shifts)
    return (
        f"{name:>12}{cell[0]:>7}{cell[1]:>6.0%}{cell[2]:>5.0f}{100 * used.value:>8.1f}±{100 * used.half:<4.1f}"
        f"{100 * left.value:>11.2f}{100 * worst:>7.2f}{results.above(LIMIT):>4}/{len(seeds):<2}"
        f"{column[0]:>8.1f} @{column[2]:<5.2f}{100 * used.value - column[0]:>+7.1f}{spent:>8.1f}"
    )


def main(arguments: Sequence[str] | None = None) -> None:
    asked = argparse.ArgumentParser(prog="bench.pacing", description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--pacers", default="predictive")
    for name in ("agents", "hit", "handling"):
        asked.add_argument(f"--{name}", default="", help="only these, with commas between them")
    asked.add_argument("--seeds", type=int, default=10)
    asked.add_argument("--first", type=int, default=0, help="the first seed")
    asked.add_argument("--days", type=int, default=0, help="days of this campaign before, in the law's ledger")
    options = asked.parse_args(arguments)
    only = [{float(each) for each in text.split(",") if each} for text in (options.agents, options.hit, options.handling)]
    print(TITLES, flush=True)
    for cell in LOOK_AHEAD:
        if all(not wanted or value in wanted for wanted, value in zip(only, cell, strict=True)):
            for name in options.pacers.split(","):
                print(row(name, cell, range(options.first, options.first + options.seeds), options.days), flush=True)


if __name__ == "__main__":
    main()

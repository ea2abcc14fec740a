"""A picture of simulated shifts: how busy agents were and who was abandoned, by the quarter-hour and in all. With matplotlib."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import product
from math import isfinite
from pathlib import Path
from typing import Any

from acd.sim.plot import COLOURS, STYLES
from dialer.sim.results import Mean, Quarter, Results
from dialer.sim.shift import QUARTER_S, Shift
from dialer.sim.world import World

MORE = ("#bf3989", "#6e7781")
LOOKS: Sequence[tuple[str, str]] = tuple((colour, style) for style, colour in product(STYLES, (*COLOURS, *MORE)))
"""Colour and kind of line of the first pacer, the second, and so on; then from the beginning."""

LIMIT: Mapping[str, Any] = {"color": "black", "linewidth": 1.0, "linestyle": (0, (1, 2))}


@dataclass(frozen=True, slots=True)
class Panel:
    title: str
    of_quarter: Callable[[Quarter], Mean | None]
    of_shift: Callable[[Shift], float]
    of_all: Callable[[Results], Mean]


PANELS = (
    Panel("utilisation, %", lambda each: each.utilisation, lambda each: each.utilisation, lambda all: all.utilisation),
    Panel("abandoned, % of the answered", lambda each: each.abandon_rate, lambda each: each.abandon_rate, lambda all: all.abandon_rate),
)


def draw(found: Mapping[str, Results], file: Path, world: World) -> None:
    """A row for each measure: its way through the shift, and beside it whole shifts. ``file`` is ``drawable``."""
    from matplotlib.figure import Figure

    figure = Figure(figsize=(11, 6.4), layout="constrained")
    rows = figure.subplots(len(PANELS), 2, sharex="col", width_ratios=[7, 2])
    for (by_quarter, whole), told in zip(rows, PANELS, strict=True):
        by_quarter.set_title(told.title, loc="left", fontsize=10)
        for n, results in enumerate(found.values()):
            look = LOOKS[n % len(LOOKS)]
            _through(by_quarter, results, told.of_quarter, look)
            _whole(whole, n, [told.of_shift(shift) for shift in results.shifts], told.of_all(results), look[0])
        for axes in (by_quarter, whole):
            axes.grid(alpha=0.25, axis="both" if axes is by_quarter else "y")
            axes.locator_params(axis="y", integer=True, min_n_ticks=3)
    for busy, abandoned in zip(*rows, strict=True):
        busy.set_ylim(0, 104)
        abandoned.axhline(100 * world.limit, **LIMIT)
        abandoned.set_ylim(0, max(abandoned.get_ylim()[1], 130 * world.limit))
    _feet(rows, found, world)
    _heading(figure, found, world)
    figure.savefig(file, dpi=130)


def _through(axes: Any, results: Results, of: Callable[[Quarter], Mean | None], look: tuple[str, str]) -> None:
    at = {n: mean for n, each in results.by_quarter().items() if (mean := of(each)) is not None}
    hours = [(n + 0.5) * QUARTER_S / 3600 for n in at]
    axes.plot(hours, [100 * mean.value for mean in at.values()], look[1], color=look[0], linewidth=1.5)
    if all(isfinite(mean.half) for mean in at.values()):
        low = [100 * max(0.0, mean.value - mean.half) for mean in at.values()]
        high = [100 * min(1.0, mean.value + mean.half) for mean in at.values()]
        axes.fill_between(hours, low, high, color=look[0], alpha=0.16, linewidth=0)


def _whole(axes: Any, at: int, values: Sequence[float], mean: Mean, colour: str) -> None:
    """Every shift is a dot, their mean a bar with its interval."""
    axes.plot([at - 0.22] * len(values), [100 * value for value in values], "o", color=colour, markersize=3, alpha=0.5)
    half = 100 * mean.half if isfinite(mean.half) else 0.0
    axes.errorbar([at], [100 * mean.value], yerr=[half], fmt="_", color=colour, markersize=9, capsize=3)
    top = 100 * max(*values, mean.value) + half
    where = {"xytext": (0, 4), "textcoords": "offset points", "ha": "center", "fontsize": 8}
    axes.annotate(f"{100 * mean.value:.1f}", (at, top), color=colour, **where)


def _feet(rows: Any, found: Mapping[str, Results], world: World) -> None:
    hours = world.shift_s / 3600
    through, whole = rows[-1]
    through.set_xlabel("hours into the shift", fontsize=9)
    through.set_xlim(0, hours)
    if hours >= 2:
        through.set_xticks(range(0, int(hours) + 1, max(1, round(hours / 12))))
    rows[0][1].set_title("whole shifts", loc="left", fontsize=10)
    whole.set_xlim(-0.7, len(found) - 0.3)
    whole.set_xticks([])
    whole.set_xlabel("a dot for each", fontsize=9)


def _heading(figure: Any, found: Mapping[str, Results], world: World) -> None:
    from matplotlib.lines import Line2D

    n = len(next(iter(found.values())).shifts)
    shifts = f"{n} shifts" if n > 1 else "one shift"
    certain = "; bands and bars: 95 % confidence interval of the mean" if n > 1 else ""
    figure.suptitle(f"{world.agents} agents, {shifts} of {world.shift_s / 3600:g} h{certain}", fontsize=11)
    looks: list[Mapping[str, Any]] = [{"color": colour, "linestyle": style} for colour, style in LOOKS]
    lines = [Line2D([], [], **look) for look in [*(looks[n % len(looks)] for n in range(len(found))), LIMIT]]
    names = [name if name.isalpha() else f"{name} lines for each free agent" for name in found]
    names.append(f"limit {100 * world.limit:g} %")
    figure.legend(lines, names, loc="outside lower center", ncols=4, fontsize=9, frameon=False)

"""Pictures of simulated days: who came, service level, waits and how busy the agents were, by interval. With matplotlib (acd[plot])."""

from collections.abc import Mapping, Sequence
from datetime import datetime, tzinfo
from math import inf
from pathlib import Path
from typing import Any

from acd.sim.estimate import Estimate
from acd.sim.results import ALL, Results

COLOURS = ("#1f6feb", "#d1570b", "#2da44e", "#8250df")
PANELS: Sequence[tuple[str, Sequence[tuple[str, str]], float]] = (
    ("calls offered", (("offered/acd-1", ""),), 1.0),
    ("service level, %", (("service_level/acd-1", ""),), 100.0),
    ("wait of the answered, s", (("wait_p50/acd-1", "P50"), ("wait_p80/acd-1", "P80"), ("wait_p95/acd-1", "P95")), 1.0),
    ("abandoned, %", (("abandon_rate/acd-1", ""),), 100.0),
    ("occupancy of the agents, %", (("occupancy/acd-1", ""),), 100.0),
)
STYLES = ("-", "--", ":")
KINDS = (".png", ".svg", ".pdf")


class NoPlots(Exception):
    """Says why there can be no picture."""


def drawable(file: Path) -> None:
    """To be asked before days are simulated in vain. The file's ending says its kind. Raises NoPlots."""
    try:
        import matplotlib  # noqa: F401
    except ImportError:
        raise NoPlots("pictures need matplotlib: pip install 'acd[plot]'") from None
    if file.suffix not in KINDS:
        raise NoPlots(f"{file}: the name of a picture ends with {', '.join(KINDS)}")
    if not file.absolute().parent.is_dir():
        raise NoPlots(f"{file}: there is no such folder")


def draw(runs: Mapping[str, Results], file: Path, zone: tzinfo, queue: str = ALL) -> None:
    """One column of panels; each of ``runs`` (name -> results) in a colour, with its confidence interval as a band.

    ``file`` is ``drawable``.
    """
    from matplotlib.figure import Figure

    panels = [panel for panel in PANELS if queue == ALL or "occupancy" not in panel[0]]
    figure = Figure(figsize=(9, 2.1 * len(panels)), layout="constrained")
    for axes, (title, measures, unit) in zip(figure.subplots(len(panels), 1, sharex=True), panels, strict=True):
        axes.set_title(title, loc="left", fontsize=9)
        axes.grid(alpha=0.25)
        for found, colour in zip(runs.values(), COLOURS, strict=False):
            for (measure, _), style in zip(measures, STYLES, strict=False):
                _line(axes, found, (measure, queue, unit), colour, style)
        axes.set_ylim(bottom=0)
        if len(measures) > 1:
            _legend(axes, [(short, "black", style) for (_, short), style in zip(measures, STYLES, strict=False)])
    if len(runs) > 1:
        _legend(figure, [(name, colour, "-") for name, colour in zip(runs, COLOURS, strict=False)], loc="outside lower center")
    _clock(axes, next(iter(runs.values())), zone)
    figure.savefig(file, dpi=130)


def _legend(where: Any, lines: Sequence[tuple[str, str, str]], **place: str) -> None:
    """Long names (of folders, say) stand one below the other."""
    from matplotlib.lines import Line2D

    looks: Sequence[Mapping[str, Any]] = [{"color": colour, "linestyle": style, "linewidth": 1.4} for _, colour, style in lines]
    handles = [Line2D([], [], **look) for look in looks]
    columns = max(1, min(len(lines), 120 // max(len(name) + 8 for name, _, _ in lines)))
    where.legend(handles, [name for name, _, _ in lines], fontsize=7, frameon=False, ncols=columns, **place)


def _line(axes: Any, found: Results, what: tuple[str, str, float], colour: str, style: str) -> None:
    measure, queue, unit = what
    at = {n: each for n in found.intervals if (each := found.of(measure, queue, n)) is not None}
    hours = [_middle(found, n) for n in at]
    axes.plot(hours, [each.mean * unit for each in at.values()], style, color=colour, linewidth=1.4)
    if style == "-" and found.replications > 1:
        axes.fill_between(hours, *_band(list(at.values()), unit), color=colour, alpha=0.18, linewidth=0)


def _band(values: Sequence[Estimate], unit: float) -> tuple[list[float], list[float]]:
    most = 1.0 if unit == 100.0 else inf  # no share is more than all
    return [max(0.0, each.low) * unit for each in values], [min(most, each.high) * unit for each in values]


def _middle(found: Results, interval: int) -> float:
    return (interval + 0.5) * found.interval_s / 3600


def _clock(axes: Any, found: Results, zone: tzinfo) -> None:
    """Hours of the local day at the foot."""
    hours = max(1.0, (max(found.intervals, default=0) + 1) * found.interval_s / 3600)
    every = max(1, round(hours / 12))
    ticks = [float(n) for n in range(0, int(hours) + 1, every)]
    axes.set_xticks(ticks, [datetime.fromtimestamp(found.start + tick * 3600, zone).strftime("%H:%M") for tick in ticks])

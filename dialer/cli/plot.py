"""Pictures of simulated shifts: persons answered and abandoned by the quarter-hour. With matplotlib (acd[plot])."""

from collections.abc import Mapping
from pathlib import Path

from acd.sim.plot import COLOURS, NoPlots
from dialer.sim.results import Results
from dialer.sim.shift import QUARTER_S

__all__ = ["NoPlots", "draw"]


def draw(found: Mapping[str, Results], file: Path, limit: float) -> None:
    """Two panels over the hours of the shift, a colour for each pacer. The file's ending says its kind. Raises NoPlots."""
    try:
        from matplotlib.figure import Figure
    except ImportError:
        raise NoPlots("pictures need matplotlib: pip install 'acd[plot]'") from None
    figure = Figure(figsize=(9, 4.4), layout="constrained")
    answers, abandoned = figure.subplots(2, 1, sharex=True)
    for (name, results), colour in zip(found.items(), COLOURS, strict=False):
        by_quarter = results.by_quarter()
        hours = [(quarter + 0.5) * QUARTER_S / 3600 for quarter in by_quarter]
        answers.plot(hours, [each for each, _ in by_quarter.values()], color=colour, label=name, linewidth=1.4)
        abandoned.plot(hours, [100 * rate for _, rate in by_quarter.values()], color=colour, label=name, linewidth=1.4)
    abandoned.axhline(100 * limit, color="black", linewidth=0.8, linestyle=":")
    for axes, title in ((answers, "persons answered in a quarter-hour"), (abandoned, "abandoned, % of the answered")):
        axes.set_title(title, loc="left", fontsize=9)
        axes.set_ylim(bottom=0)
        axes.grid(alpha=0.25)
    answers.legend(fontsize=7, frameon=False, ncols=4)
    abandoned.set_xlabel("hours into the shift", fontsize=8)
    figure.savefig(file, dpi=130)

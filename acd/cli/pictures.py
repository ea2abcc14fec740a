"""``--plot``: a picture of what was simulated. Whether it can be drawn is asked before anything is simulated."""

from pathlib import Path

import click

from acd.sim.plot import NoPlots, drawable


def _drawable(context: click.Context, parameter: click.Parameter, file: Path | None) -> Path | None:
    try:
        if file is not None:
            drawable(file)
    except NoPlots as why:
        raise click.BadParameter(str(why)) from None
    return file


plot_option = click.option(
    "--plot", type=click.Path(path_type=Path, dir_okay=False), callback=_drawable, help="A picture (.png, .svg or .pdf)."
)

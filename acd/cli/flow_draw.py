"""``acd flow draw``: a flow as a picture; with traffic, how many callers took each way."""

import shutil
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

import click

from acd.cli.files import problems_shown
from acd.cli.flow_files import flows_options, library_of
from acd.cli.place import database_option, home_option, records
from acd.config.sentences import one_of, perhaps
from acd.rehearsal.picture import Traffic, as_dot, as_mermaid, picture

DRAWN_S = 60


@click.command()
@flows_options
@click.option("--format", "form", type=click.Choice(["svg", "png", "dot", "mermaid"]), help="By default as --out ends, else svg.")
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), help="The file to write; left out: to the terminal.")
@click.option("--traffic", "days", type=click.IntRange(1, 366), help="Draw how many callers of the last DAYS took each way.")
@database_option
@home_option
@click.argument("flow")
def flow_draw(
    config: Path,
    folder: Path | None,
    form: str | None,
    out: Path | None,
    days: int | None,
    database: str | None,
    home: Path,
    flow: str,
) -> None:
    """Draw FLOW. svg and png need the program dot (Graphviz)."""
    with problems_shown():
        library, _ = library_of(config, folder)
    names = [str(name) for name in library.flows]
    if flow not in names:
        raise click.BadParameter(f"there is no flow {flow!r}{perhaps(flow, names)}; {one_of(names)}")
    traffic = _traffic(home, database, flow, days) if days else None
    drawn = picture(library.flows[flow], traffic)  # type: ignore[index]
    form = form or (out.suffix.removeprefix(".") if out and out.suffix in (".svg", ".png", ".dot") else "svg")
    found = as_mermaid(drawn).encode() if form == "mermaid" else as_dot(drawn).encode()
    if form in ("svg", "png"):
        found = _rendered(found, form)
    if out is not None:
        out.write_bytes(found)
    elif form == "png" and sys.stdout.isatty():
        raise click.BadParameter("a png is not for a terminal; give --out FILE")
    else:
        sys.stdout.buffer.write(found)


def _traffic(home: Path, database: str | None, flow: str, days: int) -> Traffic:
    since = (datetime.now(UTC) - timedelta(days=days)).timestamp()
    with records(home, database) as found:
        return found.steps(flow, since)


def _rendered(dot: bytes, form: str) -> bytes:
    program = shutil.which("dot")
    if program is None:
        raise click.ClickException("the program dot is not here (apt install graphviz); --format mermaid or dot needs none")
    try:
        done = subprocess.run([program, f"-T{form}"], input=dot, capture_output=True, timeout=DRAWN_S, check=True)
    except (subprocess.SubprocessError, OSError) as error:
        raise click.ClickException(f"dot could not draw it: {error}") from None
    return done.stdout

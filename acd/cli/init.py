"""``acd init``: a complete house to begin with."""

from pathlib import Path

import click

from acd import presets
from acd.config.kinds import phone_region
from acd.config.kinds import zone as known_zone


@click.command(epilog="Presets: " + " ".join(f"{name}: {what}" for name, what in presets.PRESETS.items()))
@click.option("--preset", type=click.Choice([*presets.PRESETS]), default="small_team", show_default=True, help="Which house.")
@click.option("--zone", default=presets.ZONE, show_default=True, help="Its time zone.")
@click.option(
    "--region", default=presets.REGION, show_default=True, help="Its country: how numbers are dialled, which days are holidays."
)
@click.argument("directory", type=click.Path(path_type=Path, file_okay=False))
def init(preset: str, zone: str, region: str, directory: Path) -> None:
    """Write a complete, commented house into DIRECTORY: its configuration, its flows, and the tests of its flows."""
    try:
        known_zone(zone)
        phone_region(region)
    except ValueError as error:
        raise click.ClickException(str(error)) from None
    try:
        written = presets.write(preset, directory, zone, region)
    except presets.InTheWay as files:
        raise click.ClickException(f"nothing is written: there is already {files}") from None
    for file in written:
        click.echo(file)
    click.echo(f"\ncd {directory}, and then:")
    click.echo("  acd check              whether all of it is good")
    click.echo("  acd flow test          what callers will meet")
    click.echo("  acd run --embedded     a working house, with a small switch of its own")

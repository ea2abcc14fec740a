"""``acd schema``: the JSON Schemas beside acd.yaml and the flows, so that editors complete and check as one types."""

from pathlib import Path

import click

from acd.cli.files import config_option
from acd.schemas import texts


@click.command()
@config_option
@click.option(
    "--flows",
    type=click.Path(path_type=Path, file_okay=False, exists=True),
    default=Path("ivr_flows"),
    show_default=True,
    help="The folder of the flows.",
)
@click.option("--check", is_flag=True, help="Write nothing; exit code 1 when a file is not what it should be.")
def schema(config: Path, flows: Path, check: bool) -> None:
    """Write acd.schema.json beside acd.yaml, and flow.schema.json and test.schema.json beside the flows."""
    old = [(file, text) for file, text in texts(config, flows) if not file.is_file() or file.read_text(encoding="utf-8") != text]
    for file, text in old:
        if not check:
            file.write_text(text, encoding="utf-8")
        click.echo(f"{file}: {'is not what the program says' if check else 'written'}")
    if check and old:
        raise click.exceptions.Exit(1)

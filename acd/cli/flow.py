"""``acd flow``: test, try and draw flows; no switch and no running contact centre is needed."""

from importlib import import_module

import click

COMMANDS = {
    "test": "Run the tests that stand beside the flows (NAME.test.yaml).",
    "try": "Walk through a flow in the terminal, as a caller.",
    "draw": "A flow as a picture.",
}


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in COMMANDS:
            return None
        command: click.Command = getattr(import_module(f"acd.cli.flow_{name}"), f"flow_{name}")
        return command


@click.group(cls=Lazy)
def flow() -> None:
    """Test, try and draw flows."""

"""The command line's root. Each command is a file of its own and is imported only when it is asked for."""

from importlib import import_module
from importlib.util import find_spec

import click

COMMANDS = {
    "leads": "Whom campaigns dial: import, look, put back.",
    "dnc": "Who must not be called.",
}
"""In the order of the help; the texts stand here so that the help imports nothing."""


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if find_spec(f"dialer.cli.{name}")]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"dialer.cli.{name}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Campaigns that dial for the queues of the contact centre."""

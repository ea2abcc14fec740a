"""The command line's root. Each command is a file of its own and is imported only when it is asked for."""

from importlib import import_module
from importlib.util import find_spec

import click

COMMANDS = {
    "status": "What campaigns do now, live.",
    "why": "Why a campaign dials, or does not, and whom it may call next.",
    "start": "Begin to dial, or go on.",
    "pause": "Dial nobody new; what rings, rings on.",
    "drain": "Dial nobody new, and stop when the last call is over.",
    "stop": "Stop; what rings is dropped after its least time.",
    "leads": "Lists of people to call: import, look, report.",
    "dnc": "Who must not be called.",
    "attempts": "What was dialled, and what came of it.",
    "preview": "The lead that an agent sees before it is dialled.",
    "accept": "The lead that an agent sees is dialled now.",
    "skip": "The lead that an agent sees is passed on.",
    "call": "An agent dials a number for a campaign whose mode is manual.",
    "dispose": "What came of a talk, in an agent's words.",
    "simulate": "Shifts of a campaign in seconds, to compare pacers.",
}
FILES = {"start": "wishes", "pause": "wishes", "drain": "wishes", "stop": "wishes", "accept": "preview", "skip": "preview"}


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if find_spec(f"dialer.cli.{FILES.get(name, name)}")]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"dialer.cli.{FILES.get(name, name)}"), name)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """Campaigns that call out, within the law."""

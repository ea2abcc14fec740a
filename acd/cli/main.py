"""The command line ``acd``: names of commands, each loaded only when it is asked for, so that a command starts at once."""

from importlib import import_module

import click

COMMANDS = {
    "agent": "acd.cli.agent:agent",
    "agents": "acd.cli.agents:agents",
    "call": "acd.cli.call:call",
    "calls": "acd.cli.calls:calls",
    "db": "acd.cli.db:db",
    "queues": "acd.cli.queues:queues",
    "voicemail": "acd.cli.voicemail:voicemail",
}
"""name -> module:attribute"""


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return sorted(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        where = COMMANDS.get(cmd_name)
        if where is None:
            return None
        module, _, attribute = where.partition(":")
        command = getattr(import_module(module), attribute)
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Lazy)
def main() -> None:
    """A contact centre on FreeSWITCH."""

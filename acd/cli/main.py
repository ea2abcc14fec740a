"""The command line's root. Each command is a file of its own and is imported only when it is asked for."""

from importlib import import_module
from importlib.util import find_spec

import click

COMMANDS = {
    "init": "Write a complete house to begin with.",
    "run": "Start the contact centre.",
    "check": "Check the whole configuration and all flows.",
    "flow": "Test, try and draw flows.",
    "plan": "What a change would change, and for whom.",
    "apply": "Put the changed configuration and flows in force.",
    "versions": "What was in force, and when.",
    "rollback": "Go back to what was in force before.",
    "phones": "What to type into the agents' phones.",
    "freeswitch-conf": "Write the configuration of a FreeSWITCH for this house.",
    "simulate": "Days of callers and agents through the same core, in seconds.",
    "replay": "A day of this house's own records, lived again with a changed configuration.",
    "demo": "Virtual callers and agents, and a live board.",
    "queues": "Who waits, and today's numbers.",
    "agents": "Who is there, and in which state.",
    "agent": "Log an agent in or out, ready or not ready.",
    "desk": "A small desk in the terminal: who rings, the talk, ready and not ready.",
    "talk": "Hold, transfer, consult and more, for an agent who talks.",
    "supervise": "Listen in on a talk, whisper, barge in, take over.",
    "events": "What the house tells programs beside it, as it happens.",
    "hours": "Opening hours: what is open now, and open or close by hand.",
    "report": "How queues and agents did, by named definitions.",
    "calls": "Calls that ended.",
    "call": "The whole story of one call.",
    "why": "Why a call was offered to whom it was, and why not before.",
    "voicemail": "Messages that callers left.",
    "recordings": "Talks on tape.",
    "schema": "Write the JSON Schemas with which editors complete and check flows.",
    "prompts": "What callers hear in each language, and what is missing.",
    "callbacks": "Who waits to be called back.",
    "outbound": "What left the house, what was refused, and how much room is left.",
    "surveys": "What callers answered.",
    "db": "The database of the records.",
}
"""In the order of the help; the texts stand here so that the help imports nothing."""


def _file(name: str) -> str:
    return name.replace("-", "_")


class Lazy(click.Group):
    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if find_spec(f"acd.cli.{_file(name)}")]

    def get_command(self, ctx: click.Context, name: str) -> click.Command | None:
        if name not in self.list_commands(ctx):
            return None
        command: click.Command = getattr(import_module(f"acd.cli.{_file(name)}"), _file(name))
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, COMMANDS[name]) for name in self.list_commands(ctx)])


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]})
def main() -> None:
    """An open contact centre on FreeSWITCH."""

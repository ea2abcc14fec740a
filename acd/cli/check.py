"""``acd check``: the whole configuration and all flows, before anybody hears them."""

from pathlib import Path

import click

from acd.cli.files import config_option, problems_shown
from acd.loading import load_all


@click.command()
@config_option
def check(config: Path) -> None:
    """Check the whole configuration and all flows; every problem with file, line and column. Changes nothing."""
    with problems_shown():
        loaded = load_all(config)
    policy = loaded.policy
    counts = [(len(policy.queues), "queue"), (len(policy.agents), "agent"), (len(loaded.flows), "flow")]
    click.echo("ok: " + ", ".join(f"{n} {word}{'s' if n != 1 else ''}" for n, word in counts))

"""``acd check``: the whole configuration and all flows, before anybody hears them."""

from pathlib import Path

import click

from acd.cli.files import config_option, problems_shown
from acd.config.campaigns import before_callers, unserved
from acd.loading import load_all
from acd.prompting import untranslated


@click.command()
@config_option
def check(config: Path) -> None:
    """Check the whole configuration and all flows; every problem with file, line and column. Changes nothing."""
    with problems_shown():
        loaded = load_all(config)
        warnings = [*untranslated(loaded), *unserved(loaded.configuration), *before_callers(loaded.configuration)]
    for warning in warnings:
        click.echo(f"{warning.file}:{warning.line}:{warning.column}: warning: {warning.what}", err=True)
    policy = loaded.policy
    counts = [(len(policy.queues), "queue"), (len(policy.agents), "agent"), (len(loaded.flows), "flow")]
    campaigns = len(loaded.configuration.campaigns)
    counts += [(campaigns, "campaign")] if campaigns else []
    click.echo("ok: " + ", ".join(f"{n} {word}{'s' if n != 1 else ''}" for n, word in counts))

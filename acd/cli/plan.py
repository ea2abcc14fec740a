"""``acd plan``: what is in the folder against what runs; changes nothing."""

from dataclasses import replace
from pathlib import Path

import click
import msgspec
from click.exceptions import Exit

from acd.changes import named, source_of, unspoken
from acd.cli import show
from acd.cli.control import NotRunning
from acd.cli.files import config_option
from acd.cli.place import home_option, json_option
from acd.cli.planned import asked_for, refusals_shown, same_folder, shown
from acd.config.document import Refused
from acd.places import Places
from acd.plan.change import Plan
from acd.plan.compare import compare
from acd.plan.house import House
from acd.sounds import prompts_of
from acd.taking import take, take_version
from acd.versions import Versions

CHANGES = 2


@click.command()
@config_option
@home_option
@json_option
@click.pass_context
def plan(context: click.Context, /, config: Path, home: Path, json_: bool) -> None:
    """Compare what is in the folder with what runs, and say what would change for whom. Changes nothing.

    Exit code: 0 nothing would change, 2 something would, 1 the folder is refused (every problem with file, line and column).
    Without a running controller it is compared with what was in force last.
    """
    with refusals_shown(json_=json_):
        try:
            made = asked_for(home)
            same_folder(context, config, made)
        except NotRunning:
            made = kept_against(Places(config=config, home=home))
    if json_:
        show.as_json(msgspec.to_builtins(made))
    else:
        shown(made)
    raise Exit(0 if made.is_empty else CHANGES)


def kept_against(places: Places) -> Plan:
    """Where no controller runs. Raises Refused."""
    found, versions = take(places.config), Versions(places.versions)
    last = versions.last()
    old, running = House(), "nothing (no controller runs here, and none did)"
    if last is not None:
        running = f"what was in force last ({named(last)}; no controller runs)"
        try:
            old = take_version(places.config, versions, last).house
        except Refused as refused:
            running = f"nothing ({refused.problems[0].what}; no controller runs)"
    render = unspoken(found.loaded, places, prompts_of(found.loaded.configuration, places))
    pin = [f"version {last.n} is pinned: acd run starts it, not what is in the folder"] if last and last.pinned else []
    made = compare(old, found.house, None, render)
    return replace(made, token=found.token, source=source_of(found, places), running=running, standing=tuple(pin))

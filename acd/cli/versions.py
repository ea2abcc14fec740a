"""``acd versions``: what was in force, since when, by whom, and what it changed. Reads the kept copies; needs no controller."""

from pathlib import Path

import click
import msgspec

from acd.cli import show
from acd.cli.place import home_option, json_option
from acd.places import Places
from acd.versions import Version, Versions


@click.command()
@home_option
@json_option
def versions(home: Path, json_: bool) -> None:
    """The versions that were in force, newest first. The newest one is in force; the last fifty are kept."""
    found = Versions(Places(config=Path(), home=home).versions).all()[::-1]
    if json_:
        show.as_json([msgspec.to_builtins(version) for version in found])
        return
    rows = [_row(version, newest=version is found[0]) for version in found]
    show.table(("n", "version", "applied", "by", "how", "", "what"), rows, empty="nothing was in force here yet")


def _row(version: Version, *, newest: bool) -> tuple[object, ...]:
    how = f"rollback to {version.copy_of}" if version.copy_of else version.how
    mark = "pinned" if newest and version.pinned else "in force" if newest else ""
    return version.n, version.version, show.local_time(version.applied_at), version.by or None, how, mark, version.what

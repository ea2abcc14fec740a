"""``acd db upgrade``: brings the records' schema up to this release (acd run does it too)."""

from pathlib import Path

import click

from acd.cli.place import database_option, default_database, home_option
from acd.records.store import DatabaseUnavailable, Store
from acd.records.upgrade import DatabaseRefused, newest_revision


@click.group()
def db() -> None:
    """The database of the records."""


@db.command()
@database_option
@home_option
def upgrade(home: Path, database: str | None) -> None:
    """Bring the schema up to this release. Refuses a database that is newer or damaged; never drops anything."""
    try:
        store = Store(database or default_database(home))
        store.open()
        store.close()
    except (DatabaseRefused, DatabaseUnavailable) as why:
        raise click.ClickException(str(why)) from None
    click.echo(f"{store.name}: schema {newest_revision()}")

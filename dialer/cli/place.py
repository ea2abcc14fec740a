"""Where the leads are: in the database of the records."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import click

from acd.cli.place import default_database
from acd.records.store import DatabaseUnavailable
from acd.records.upgrade import DatabaseRefused
from dialer.lists.numbering import NotANumber, normalised
from dialer.lists.store import LeadStore


@contextmanager
def store_at(home: Path, database: str | None) -> Iterator[LeadStore]:
    """Open, with this release's tables; a plain message where that cannot be."""
    try:
        store = LeadStore(database or default_database(home))
        try:
            yield store.open()
        finally:
            store.close()
    except (DatabaseRefused, DatabaseUnavailable) as why:
        raise click.ClickException(str(why)) from None


def number_in(text: str, region: str) -> str:
    try:
        return normalised(text, region)
    except NotANumber as why:
        raise click.ClickException(f"{text}: {why}") from None

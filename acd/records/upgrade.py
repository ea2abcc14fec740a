"""Brings a database to the schema of this release, or refuses it with one clear line. Never drops, never recreates.

A database that is newer than we are, that is damaged, or that is somebody else's is left as it was found (FAULTS.md F29, F48).
"""

from dataclasses import dataclass
from pathlib import Path

from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, inspect

from acd.records.schema import metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class Chain:
    """The revisions of one set of tables. Several chains may live in one database: each has its own version table."""

    metadata: MetaData
    migrations: Path
    version_table: str


RECORDS = Chain(metadata=metadata, migrations=Path(__file__).with_name("migrations"), version_table="alembic_version")


class DatabaseRefused(Exception):
    """The database must not be written by this release; says which, why, and what can be done."""


def alembic_config(chain: Chain = RECORDS) -> Config:
    config = Config()
    config.set_main_option("script_location", str(chain.migrations))
    config.set_main_option("path_separator", "os")
    return config


def newest_revision(chain: Chain = RECORDS) -> str:
    head = ScriptDirectory.from_config(alembic_config(chain)).get_current_head()
    assert head is not None
    return head


def upgrade(connection: Connection, name: str, chain: Chain = RECORDS) -> None:
    """All missing revisions in the caller's transaction. ``name`` is how the database is called in what is raised."""
    refuse_unknown(connection, name, chain)
    config = alembic_config(chain)
    config.attributes["connection"] = connection
    command.upgrade(config, "head")
    refuse_incomplete(connection, name, chain)


def refuse_unknown(connection: Connection, name: str, chain: Chain = RECORDS) -> None:
    scripts = ScriptDirectory.from_config(alembic_config(chain))
    known = {script.revision for script in scripts.walk_revisions()}
    found = MigrationContext.configure(connection, opts={"version_table": chain.version_table}).get_current_heads()
    strange = sorted(set(found) - known)
    if strange:
        raise DatabaseRefused(
            f"{name} has schema {', '.join(strange)}, which this release does not know (it knows up to {newest_revision(chain)}):"
            " it was written by a newer release; install that one, or give another database"
        )
    ours = sorted(set(inspect(connection).get_table_names()) & set(chain.metadata.tables))
    if ours and not found:
        raise DatabaseRefused(
            f"{name} has tables {', '.join(ours)} but no schema version: not ours, or damaged; restore it, or give another"
        )


def refuse_incomplete(connection: Connection, name: str, chain: Chain = RECORDS) -> None:
    """A version number alone proves nothing: every table and column that we write must be there."""
    found = inspect(connection)
    for table in chain.metadata.sorted_tables:
        if not found.has_table(table.name):
            raise DatabaseRefused(f"{name} is damaged: table {table.name} is missing; restore it from a backup")
        missing = {column.name for column in table.columns} - {column["name"] for column in found.get_columns(table.name)}
        if missing:
            raise DatabaseRefused(f"{name} is damaged: {table.name} lacks {', '.join(sorted(missing))}; restore it from a backup")


def drift(connection: Connection, chain: Chain = RECORDS) -> list[object]:
    """What the revisions leave undone compared with ``schema``; empty unless somebody forgot to write one."""
    opts = {"compare_type": True, "compare_server_default": True, "version_table": chain.version_table}
    context = MigrationContext.configure(connection, opts=opts)
    return list(compare_metadata(context, chain.metadata))

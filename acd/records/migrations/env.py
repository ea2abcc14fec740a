"""What Alembic runs. The connection comes from ``acd.records.upgrade``; there is no alembic.ini and no URL here."""

from alembic import context

from acd.records.schema import metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    render_as_batch=True,  # SQLite cannot alter a table in place
    transaction_per_migration=False,  # all or nothing
)
with context.begin_transaction():
    context.run_migrations()

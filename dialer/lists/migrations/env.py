"""What Alembic runs. The connection comes from ``acd.records.upgrade``; the records' tables in the same database are not ours."""

from alembic import context

from dialer.lists.schema import VERSION_TABLE, metadata

context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table=VERSION_TABLE,
    render_as_batch=True,
    transaction_per_migration=False,  # all or nothing
)
with context.begin_transaction():
    context.run_migrations()

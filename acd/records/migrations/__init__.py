"""The history of the tables, as Alembic revisions; run at every start and by ``acd db upgrade``."""

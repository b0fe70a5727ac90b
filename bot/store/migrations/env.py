"""Alembic's entry point: runs inside the transaction that `bot.store.session.migrate` opened."""

from alembic import context

from bot.store.tables import metadata

# A version table of our own name: Rasa and others may keep an `alembic_version` in this database.
context.configure(
    connection=context.config.attributes["connection"],
    target_metadata=metadata,
    version_table="advisor_schema_version",
)
context.run_migrations()

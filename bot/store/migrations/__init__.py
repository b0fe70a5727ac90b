"""Alembic revisions, run by `bot.store.session.migrate`; there is no alembic.ini."""

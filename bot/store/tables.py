"""The tables that are ours. Rasa makes and owns its `events` table in the same database."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    Column,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    String,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator

metadata = MetaData(
    naming_convention={
        "ix": "ix_%(table_name)s_%(column_0_name)s",
        "uq": "uq_%(table_name)s_%(column_0_name)s",
        "pk": "pk_%(table_name)s",
    }
)


class UtcDateTime(TypeDecorator[datetime]):
    """A moment in UTC. SQLite forgets time zones, so what comes back is told that it is UTC."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Raises ValueError for a moment without a time zone, which could mean any of 24 hours."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment needs a time zone before it is stored")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """The stored moment, in UTC on every database."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc)


publications = Table(
    "publications",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("digest", String(64), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("author", String(200), nullable=False),
    Column("note", Text, nullable=False),
    Column("entries", Text, nullable=False),
    Column("vectors", LargeBinary, nullable=False),
    Column("search_index", LargeBinary, nullable=False),
    sqlite_autoincrement=True,
)
"""One row per publication, never changed after it is written; the newest row is live.

``entries`` is the knowledge as JSON, ``vectors`` the embeddings of every wording (so that the next
publication embeds only what changed), ``search_index`` the fitted index that answers searches.
"""

feedback = Table(
    "feedback",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(255), nullable=False),
    Column("position", Integer, nullable=False),
    Column("entries", Text, nullable=False),
    Column("publication", String(64), nullable=False),
    Column("value", String(4), nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation", "position", name="uq_feedback_conversation_position"),
)
"""One row per answer that a visitor judged ``up`` or ``down``; erased with the conversation.

``position`` is the answer's in the conversation, ``entries`` the ids whose words were in it, as a
JSON list.
"""

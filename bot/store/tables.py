"""The tables that are ours. Rasa makes and owns its `events` table in the same database."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    Column,
    DateTime,
    Float,
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
    Column("question_index", String(64), nullable=False, server_default=""),
    sqlite_autoincrement=True,
)
"""One row per publication; the newest row is live, and what a row says is never changed.

``entries`` is the knowledge as JSON, ``search_index`` what searches the answers, ``question_index``
the digest of what searches the questions, and ``vectors`` the embeddings of all that is in neither,
so that the next publication embeds only what changed. Only the newest few rows keep the last three:
they can be computed again.
"""

question_indexes = Table(
    "question_indexes",
    metadata,
    Column("digest", String(64), primary_key=True),
    Column("data", LargeBinary, nullable=False),
)
"""What searches questions: 44 MB for 15,000, once for all publications that have the same."""

telegram_updates = Table(
    "telegram_updates",
    metadata,
    Column("update_id", BigInteger, primary_key=True, autoincrement=False),
    Column("conversation", String(64), nullable=False, index=True),
    Column("body", Text, nullable=False),
    Column("received_at", Float, nullable=False),
    Column("due_at", Float, nullable=False),
    Column("owner", String(32), nullable=False),
    Column("leased_until", Float, nullable=False),
    Column("sent", Integer, nullable=False),
    Column("ahead", Boolean, nullable=False),
    Column("done", Boolean, nullable=False),
)
"""One row per update of Telegram, for a day: see `bot.store.updates`, which alone uses it.

Moments are in seconds since 1970, as in Rasa's own table. A row that is ``done`` is a number and
nothing else: its conversation and its body are emptied when the answer is sent.
"""

telegram_keyboards = Table(
    "telegram_keyboards",
    metadata,
    Column("conversation", String(64), primary_key=True),
    Column("message_id", BigInteger, nullable=False),
    Column("sent_at", Float, nullable=False),
)
"""The message of each Telegram chat that shows buttons, so that the next answer can remove them."""
unanswered = Table(
    "unanswered",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation", String(255), nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("kind", String(20), nullable=False),
    Column("text", Text, nullable=False),
    Column("entry", String(200), nullable=True),
    Column("score", Float, nullable=True),
    Column("publication", String(64), nullable=False),
    sqlite_autoincrement=True,
)
"""One row per message that the bot was unsure of or declined, redacted, for staff to learn from.

``entry`` is the nearest one, ``score`` the probability that it was meant. The conversation's id is
kept so that the row is erased with it.
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

staff_sessions = Table(
    "staff_sessions",
    metadata,
    Column("token", String(64), primary_key=True),
    Column("name", String(100), nullable=False),
    Column("csrf", String(64), nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
"""Who is logged in on the staff page. ``token`` is a keyed hash: the row opens no session."""

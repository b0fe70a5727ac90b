"""What visitors asked and did not get an answer to, kept redacted for staff."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Engine

from bot.store.session import session, writing
from bot.store.tables import unanswered

NEWEST = 1000
"""How many are read at most: grouping compares each with each, and nobody reads more at a time."""


@dataclass(frozen=True)
class NewUnanswered:
    """One message, redacted by whoever hands it in."""

    conversation: str
    kind: str
    """The kind of the reply: unsure, clarify or decline."""
    text: str
    entry: str | None
    """The nearest entry; None where search found nothing."""
    score: float | None
    """The probability, 0 to 1, that it was meant."""
    publication: str


@dataclass(frozen=True)
class Unanswered:
    """One message as staff see it: not whose it was."""

    id: int
    created_at: datetime
    kind: str
    text: str
    entry: str | None
    score: float | None
    publication: str


def add_unanswered(engine: Engine, new: NewUnanswered) -> None:
    """Keep one message.

    Raises:
        StoreError: the database cannot be used; nothing was written.
    """
    with writing(engine) as opened:
        now = datetime.now(timezone.utc)
        opened.execute(insert(unanswered).values(created_at=now, **vars(new)))


def list_unanswered(engine: Engine, limit: int = NEWEST) -> list[Unanswered]:
    """The messages kept, newest first.

    Raises:
        StoreError: the database cannot be used.
    """
    columns = [unanswered.c[name] for name in Unanswered.__dataclass_fields__]
    query = select(*columns).order_by(unanswered.c.id.desc()).limit(limit)
    with session(engine) as opened:
        return [Unanswered(*row) for row in opened.execute(query)]


def put_away(engine: Engine, ids: Collection[int]) -> int:
    """Erase messages that staff have dealt with.

    Returns:
        How many there were.

    Raises:
        StoreError: the database cannot be used; nothing was erased.
    """
    with writing(engine) as opened:
        done = opened.execute(delete(unanswered).where(unanswered.c.id.in_(tuple(ids))))
        return int(done.rowcount)

"""What visitors thought of answers: thumbs up or down, with what the answer was made of.

No word of the conversation is in it. It goes when the conversation goes (`bot.store.erase`).
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timezone

from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Engine

from bot.store.events import events
from bot.store.session import session, writing
from bot.store.tables import feedback

UP = "up"
DOWN = "down"


@dataclass(frozen=True)
class Rated:
    """The answer that a visitor judges."""

    conversation: str
    position: int
    """Where it stands in the conversation, from 1."""
    entries: tuple[str, ...]
    """The entries whose words are in it."""
    publication: str
    """Digest of the publication they come from."""


@dataclass(frozen=True)
class Thumbs:
    """How often answers with an entry were judged, each visitor's last word on each answer."""

    entry: str
    up: int
    down: int


def rate(engine: Engine, rated: Rated, value: str | None) -> bool:
    """Save what a visitor thinks of an answer; it takes the place of what they thought before.

    Args:
        value: `UP`, `DOWN`, or None to take it back.

    Returns:
        Whether it was saved: not when the conversation was erased in the meantime.

    Raises:
        StoreError: the database cannot be used; nothing changed.
    """
    of_answer = (feedback.c.conversation == rated.conversation) & (
        feedback.c.position == rated.position
    )
    there = select(events.c.id).where(events.c.sender_id == rated.conversation).limit(1)
    with writing(engine) as opened:
        # In the writer's own transaction, so that nothing is saved behind an erasure.
        if opened.execute(there).first() is None:
            return False
        opened.execute(delete(feedback).where(of_answer))
        if value is not None:
            row = {
                "conversation": rated.conversation,
                "position": rated.position,
                "entries": json.dumps(rated.entries),
                "publication": rated.publication,
                "value": value,
                "created_at": datetime.now(timezone.utc),
            }
            opened.execute(insert(feedback).values(row))
    return True


def ratings(engine: Engine, conversation: str) -> dict[int, str]:
    """What the visitor of a conversation thought, by the answer's position.

    Raises:
        StoreError: the database cannot be used.
    """
    query = select(feedback.c.position, feedback.c.value).where(
        feedback.c.conversation == conversation
    )
    with session(engine) as opened:
        return {row.position: row.value for row in opened.execute(query)}


def thumbs_by_entry(engine: Engine, publications: Sequence[str] | None = None) -> list[Thumbs]:
    """The thumbs of every entry that has any, the most disliked first, then by its id.

    An answer made of two entries counts for both: nobody said which one they meant.

    Args:
        publications: digests; None for all that is kept.

    Raises:
        StoreError: the database cannot be used.
    """
    query = select(feedback.c.entries, feedback.c.value)
    if publications is not None:
        query = query.where(feedback.c.publication.in_(publications))
    counts: dict[str, Counter[str]] = {}
    with session(engine) as opened:
        for entries, value in opened.execute(query):
            for entry in json.loads(entries):
                counts.setdefault(entry, Counter())[value] += 1
    found = [Thumbs(entry, count[UP], count[DOWN]) for entry, count in counts.items()]
    return sorted(found, key=lambda thumbs: (-thumbs.down, thumbs.entry))

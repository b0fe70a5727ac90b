"""What is in the database, as values, and the functions that read and write it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.engine import Engine
from sqlalchemy.orm import Session

from bot.store.session import StoreError, engine_for, reading, session, writing
from bot.store.tables import publications, question_indexes

__all__ = [
    "NewPublication",
    "PublicationRecord",
    "PublicationSummary",
    "StoreError",
    "add_publication",
    "engine_for",
    "find_publication",
    "find_summary",
    "list_publications",
    "load_publication",
    "load_question_index",
    "newest_publication_id",
    "republish",
]


@dataclass(frozen=True)
class NewPublication:
    """What a publisher hands in."""

    digest: str
    """SHA-256 of the entries, 64 hex digits."""
    author: str
    note: str
    entries: str
    vectors: bytes
    search_index: bytes
    question_index: str = ""
    """Digest of the part of the index that publications share; "" for none."""
    question_data: Callable[[], bytes] = bytes
    """Makes that part, if no publication before had it."""


@dataclass(frozen=True)
class PublicationSummary:
    """A publication without its content, for lists."""

    id: int
    digest: str
    created_at: datetime
    author: str
    note: str


@dataclass(frozen=True)
class PublicationRecord(PublicationSummary):
    """A publication with its content."""

    entries: str
    vectors: bytes
    search_index: bytes
    question_index: str


INDEXES = 5
"""How many of the newest publications keep their vectors and index: 3 MB each for 135 entries, and
44 MB for each state of their questions. Those of an older one are computed again when somebody
goes back to it; what it says is kept."""

_SUMMARY = (
    publications.c.id,
    publications.c.digest,
    publications.c.created_at,
    publications.c.author,
    publications.c.note,
)
_ALL = (
    *_SUMMARY,
    publications.c.entries,
    publications.c.vectors,
    publications.c.search_index,
    publications.c.question_index,
)
_NEWEST = select(func.max(publications.c.id))
"""Built once: making a statement and the key of its compiled form costs more than running it."""


def newest_publication_id(engine: Engine) -> int | None:
    """The id of the live publication; None before the first one. One cheap SELECT.

    Raises:
        StoreError: the database cannot be used.
    """
    with reading(engine) as connection:
        newest: int | None = connection.execute(_NEWEST).scalar_one()
        return newest


def load_publication(engine: Engine, publication_id: int) -> PublicationRecord | None:
    """One publication with all its content, or None.

    Raises:
        StoreError: the database cannot be used.
    """
    with session(engine) as opened:
        return _load(opened, publication_id)


def load_question_index(engine: Engine, digest: str) -> bytes | None:
    """What searches the questions of the publications that name this digest, or None.

    Raises:
        StoreError: the database cannot be used.
    """
    query = select(question_indexes.c.data).where(question_indexes.c.digest == digest)
    with reading(engine) as connection:
        data: bytes | None = connection.execute(query).scalar_one_or_none()
        return data


def find_summary(engine: Engine, publication_id: int) -> PublicationSummary | None:
    """One publication without its content, or None.

    Raises:
        StoreError: the database cannot be used.
    """
    query = select(*_SUMMARY).where(publications.c.id == publication_id)
    with session(engine) as opened:
        row = opened.execute(query).one_or_none()
        return None if row is None else PublicationSummary(*row)


def find_publication(engine: Engine, digest: str) -> list[PublicationSummary]:
    """The newest publication of each digest that begins with `digest`, newest first.

    Raises:
        StoreError: the database cannot be used.
    """
    newest: dict[str, PublicationSummary] = {}
    for summary in list_publications(engine):
        if summary.digest.startswith(digest.lower()):
            newest.setdefault(summary.digest, summary)
    return list(newest.values())


def list_publications(engine: Engine, limit: int | None = None) -> list[PublicationSummary]:
    """All publications without their content, newest first.

    Raises:
        StoreError: the database cannot be used.
    """
    query = select(*_SUMMARY).order_by(publications.c.id.desc()).limit(limit)
    with session(engine) as opened:
        return [PublicationSummary(*row) for row in opened.execute(query)]


def add_publication(
    engine: Engine, new: NewPublication, *, force: bool = False, after: int | None = None
) -> int | None:
    """Writes one publication, whole or not at all; it is live from then on.

    Args:
        after: the id of what must still be live, if given.

    Returns:
        Its id, or None when what is live already has this digest and `force` is not set, or is not
        `after`: the comparison and the writing are one transaction, so two publishers cannot both
        win.

    Raises:
        StoreError: the database cannot be used; nothing was written.
    """
    with writing(engine) as opened:
        newest = _newest_id(opened)
        if after is not None and newest != after:
            return None
        if newest is not None and not force:
            query = select(publications.c.digest).where(publications.c.id == newest)
            if opened.execute(query).scalar_one() == new.digest:
                return None
        if new.question_index:
            _share(opened, new)
        values = vars(new).copy()
        del values["question_data"]
        return _insert(opened, values)


def republish(engine: Engine, publication_id: int, author: str, note: str) -> int:
    """Writes a copy of an earlier publication as the newest one, whole or not at all.

    Raises:
        LookupError: there is no such publication.
        StoreError: the database cannot be used; nothing was written.
    """
    with writing(engine) as opened:
        old = _load(opened, publication_id)
        if old is None:
            raise LookupError(publication_id)
        values = {**vars(old), "author": author, "note": note}
        del values["id"], values["created_at"]
        return _insert(opened, values)


def _newest_id(opened: Session) -> int | None:
    newest: int | None = opened.execute(_NEWEST).scalar_one()
    return newest


def _load(opened: Session, publication_id: int) -> PublicationRecord | None:
    row = opened.execute(select(*_ALL).where(publications.c.id == publication_id)).one_or_none()
    return None if row is None else PublicationRecord(*row)


def _share(opened: Session, new: NewPublication) -> None:
    """Write the part of the index that publications share, unless it is there."""
    there = select(question_indexes.c.digest).where(question_indexes.c.digest == new.question_index)
    if opened.execute(there).one_or_none() is None:
        values = {"digest": new.question_index, "data": new.question_data()}
        opened.execute(insert(question_indexes).values(**values))


def _insert(opened: Session, values: dict[str, Any]) -> int:
    now = datetime.now(timezone.utc)
    result = opened.execute(insert(publications).values(created_at=now, **values))
    new = int(result.inserted_primary_key[0])
    opened.execute(
        update(publications)
        .where(publications.c.id <= new - INDEXES, func.length(publications.c.search_index) > 0)
        .values(vectors=b"", search_index=b"", question_index="")
    )
    used = select(publications.c.question_index).where(publications.c.id > new - INDEXES)
    opened.execute(delete(question_indexes).where(question_indexes.c.digest.not_in(used)))
    return new

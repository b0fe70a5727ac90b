"""What the bot answers from right now: the newest publication, as every process sees it."""

from __future__ import annotations

import logging
import threading
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property, lru_cache

from sqlalchemy.engine import Engine

from bot.knowledge.codec import CodecError, from_json
from bot.knowledge.entry import Clinic, Knowledge
from bot.knowledge.question_index import IndexFormatError, QuestionIndex
from bot.knowledge.search import SearchIndex
from bot.knowledge.spelling import Spelling
from bot.settings import Settings
from bot.store.records import (
    StoreError,
    engine_for,
    load_publication,
    load_question_index,
    newest_publication_id,
)

__all__ = ["Live", "NothingPublished", "Publication", "StoreError", "live", "load"]

log = logging.getLogger(__name__)


class NothingPublished(Exception):
    """The database holds no publication that this version can serve."""

    def __init__(self, reason: str = "nothing is published yet") -> None:
        super().__init__(f"{reason}: run `advisor publish`.")


@dataclass(frozen=True)
class Publication:
    """One immutable state of the knowledge, with the index that searches it."""

    id: int
    digest: str
    """SHA-256 of the content, 64 hex digits; `name` is what people see."""
    created_at: datetime
    author: str
    note: str
    knowledge: Knowledge
    """Only entries that were ready; which of them may be shown today `Knowledge.shown_on` says."""
    index: SearchIndex
    is_new: bool = True
    """False when publishing found the same content live already and wrote nothing."""

    @property
    def name(self) -> str:
        """The first 12 hex digits of the digest."""
        return self.digest[:12]

    @cached_property
    def spelling(self) -> Spelling:
        """Puts words right by what is published; made when it is first asked for."""
        return Spelling(self.knowledge)

    @property
    def clinic(self) -> Clinic:
        """The clinic's own facts.

        Raises:
            NothingPublished: the row has none; `bot.knowledge.publish` writes no such row.
        """
        if self.knowledge.clinic is None:
            raise NothingPublished(f"publication {self.name} has no clinic")
        return self.knowledge.clinic


def load(
    engine: Engine, publication_id: int, before: Publication | None = None
) -> Publication | None:
    """A publication from its row, or None if there is none.

    Args:
        before: what is loaded already; its questions are taken from there where they are the same,
            which they are unless a question has changed. That takes 0.1 s instead of 0.6.

    Raises:
        NothingPublished: another version wrote the row, in a form this one cannot read, or its
            index is not kept any more.
        StoreError: the database cannot be used.
    """
    record = load_publication(engine, publication_id)
    if record is None:
        return None
    try:
        knowledge = from_json(record.entries)
        asked = _questions(engine, record.question_index, before)
        index = SearchIndex.from_bytes(record.search_index, asked)
    except (CodecError, IndexFormatError) as error:
        reason = f"publication {record.digest[:12]} was written by another version"
        raise NothingPublished(reason) from error
    return Publication(
        id=record.id,
        digest=record.digest,
        created_at=record.created_at,
        author=record.author,
        note=record.note,
        knowledge=knowledge,
        index=index,
    )


def _questions(engine: Engine, digest: str, before: Publication | None) -> QuestionIndex:
    if before is not None and before.index.asked.digest == digest:
        return before.index.asked
    return QuestionIndex.from_bytes(load_question_index(engine, digest) or b"")


class Live:
    """The newest publication, reloaded when a newer one is there. Threads may share it."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._lock = threading.Lock()
        self._loaded: Publication | None = None
        self._failing = False

    def current(self) -> Publication:
        """The newest publication, at the price of one small SELECT (0.2 ms on SQLite).

        Once one is loaded, no failure takes it away: if the database fails later, or a newer
        row cannot be read, the loaded one is served and that is logged once.

        Raises:
            NothingPublished: there is none, and none was loaded before.
            StoreError: the database cannot be used, and none was loaded before.
        """
        try:
            publication = self._newest()
        except (StoreError, NothingPublished) as error:
            loaded = self._loaded
            if loaded is None:
                raise
            if not self._failing:
                self._failing = True
                log.error("still serving publication %s: %s", loaded.name, error)
            return loaded
        if self._failing:
            self._failing = False
            log.warning("the newest publication can be read again: %s", publication.name)
        return publication

    def _newest(self) -> Publication:
        newest = newest_publication_id(self._engine)
        if newest is None:
            raise NothingPublished()
        loaded = self._loaded
        if loaded is not None and loaded.id == newest:
            return loaded
        with self._lock:
            if self._loaded is None or self._loaded.id != newest:
                publication = load(self._engine, newest, self._loaded)
                if publication is None:
                    raise NothingPublished()
                publication.index.prepare()
                self._loaded = publication
                log.info("serving publication %s", self._loaded.name)
            return self._loaded


def live(database_url: str | None = None) -> Live:
    """The one `Live` of this process for a database (default: the setting DATABASE_URL), so that
    what NLU found and what an action words come from one copy in memory.

    Raises:
        StoreError: the address is not one of a database.
    """
    return _live(database_url or Settings.from_env().database_url)


@lru_cache(maxsize=2)
def _live(database_url: str) -> Live:
    return Live(engine_for(database_url))

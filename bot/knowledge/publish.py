"""Makes knowledge live: one immutable row in one transaction, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Engine

from bot.knowledge.build import Built, build
from bot.knowledge.codec import digest, to_json
from bot.knowledge.embed import NO_VECTORS, TextEncoder, Vectors, ready
from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.live import NothingPublished, Publication, unpack
from bot.store.records import (
    NewPublication,
    add_publication,
    find_publication,
    list_publications,
    load_publication,
    newest_publication_id,
    republish,
)


class PublishError(Exception):
    """Nothing was published; the message is one line that says why."""


@dataclass(frozen=True)
class Changes:
    """What a publication would change in the live one, as sorted ids."""

    added: tuple[str, ...]
    changed: tuple[str, ...]
    removed: tuple[str, ...]
    clinic: bool
    """Whether the clinic's own facts change."""
    terms: bool = False
    """Whether the names of our subjects change."""
    screening: bool = False
    """Whether the questions about habits change."""

    def __bool__(self) -> bool:
        files = self.clinic or self.terms or self.screening
        return bool(self.added or self.changed or self.removed or files)


def published_form(knowledge: Knowledge) -> Knowledge:
    """What of the knowledge is published: only the entries, and the questions, that are ready."""
    screening = knowledge.screening
    if screening is not None and screening.status not in (Status.SOURCED, Status.SIGNED_OFF):
        screening = None
    return replace(knowledge, entries=ready(knowledge), screening=screening)


def known_vectors(engine: Engine) -> Vectors:
    """The vectors that the live publication holds, so that they need not be made again.

    Raises:
        StoreError: the database cannot be used.
    """
    newest = newest_publication_id(engine)
    record = None if newest is None else load_publication(engine, newest)
    return NO_VECTORS if record is None else Vectors.from_bytes(record.vectors)


def changes(live: Publication | None, knowledge: Knowledge) -> Changes:
    """What publishing `knowledge` would change; `live` None is an empty one."""
    before = live.knowledge if live is not None else Knowledge()
    after = published_form(knowledge)
    old, new = before.entries, after.entries
    return Changes(
        added=tuple(sorted(new.keys() - old.keys())),
        changed=tuple(sorted(id_ for id_ in new.keys() & old.keys() if new[id_] != old[id_])),
        removed=tuple(sorted(old.keys() - new.keys())),
        clinic=before.clinic != after.clinic,
        terms=before.terms != after.terms,
        screening=before.screening != after.screening,
    )


def publish(
    engine: Engine,
    knowledge: Knowledge,
    encoder: TextEncoder,
    author: str,
    note: str,
    today: date,
    *,
    built: Built | None = None,
) -> Publication:
    """Makes `knowledge`, which has been checked, live for every process's next message.

    Entries that are drafts or retired are not published. When the same content is live already
    nothing is written and the result has `is_new` False. Of two publishers at once both succeed
    and the later one is live; neither ever leaves half of its work.

    Args:
        engine: a migrated database.
        knowledge: without errors by `bot.knowledge.check`; not checked again here.
        encoder: embeds the texts that the live publication has no vectors of.
        author: who answers for it.
        note: why, in a few words; may be empty.
        today: at least one entry must be fit to be shown on this day.
        built: what `build` made of this knowledge, if it is there already.

    Raises:
        PublishError: there is nothing to show, or no clinic.
        StoreError: the database cannot be used; what was live stays live.
    """
    if knowledge.clinic is None:
        raise PublishError("clinic.yml is missing, so nothing was published.")
    if not knowledge.shown_on(today):
        raise PublishError(
            "no entry may be shown today (sourced or signed-off, and before its review_by),"
            " so nothing was published."
        )
    content = to_json(published_form(knowledge))
    unreadable = False
    try:
        if (same := _live_with(engine, digest(content))) is not None:
            return same
    except NothingPublished:  # the same content, but its index is of another version
        unreadable = True
    built = built or build(knowledge, encoder, known_vectors(engine))
    added = add_publication(
        engine,
        NewPublication(
            digest=digest(content),
            author=author,
            note=note,
            entries=content,
            vectors=built.vectors.to_bytes(),
            search_index=built.index.to_bytes(),
        ),
        force=unreadable,
    )
    if added is None:  # another publisher wrote the same a moment ago
        same = _live_with(engine, digest(content))
        if same is not None:
            return same
        raise PublishError("another publication was made at the same time. Please try again.")
    return _load(engine, added)


def rollback(engine: Engine, digest: str | None, author: str) -> Publication:
    """Publishes an earlier publication again, as a new row.

    Args:
        engine: a migrated database.
        digest: the beginning of the digest to go back to, at least 4 digits; None for the
            newest one that differs from what is live.
        author: who answers for it.

    Raises:
        PublishError: there is no such publication, several fit, it is live already, or this
            version cannot read it.
        StoreError: the database cannot be used; what was live stays live.
    """
    all_ = list_publications(engine)
    if not all_:
        raise PublishError("nothing is published yet, so there is nothing to go back to.")
    live = all_[0]
    if digest is None:
        found = [one for one in all_ if one.digest != live.digest][:1]
        if not found:
            raise PublishError("there is no earlier publication to go back to.")
    else:
        found = find_publication(engine, digest) if len(digest) >= 4 else []
        if not found:
            raise PublishError(f"there is no publication {digest!r}. See `advisor history`.")
    if len(found) > 1:
        names = ", ".join(one.digest[:12] for one in found)
        raise PublishError(f"{digest!r} fits several publications: {names}.")
    target = found[0]
    if target.digest == live.digest:
        raise PublishError(f"publication {target.digest[:12]} is live already.")
    try:
        _load(engine, target.id)
    except NothingPublished:
        raise PublishError(
            f"publication {target.digest[:12]} was written by another version of the advisor"
            " and cannot be served by this one."
        ) from None
    return _load(engine, republish(engine, target.id, author, f"rollback to {target.digest[:12]}"))


def _live_with(engine: Engine, wanted: str) -> Publication | None:
    """The live publication if it has this digest."""
    newest = list_publications(engine, limit=1)
    if not newest or newest[0].digest != wanted:
        return None
    return replace(_load(engine, newest[0].id), is_new=False)


def _load(engine: Engine, publication_id: int) -> Publication:
    record = load_publication(engine, publication_id)
    if record is None:
        raise PublishError("the publication is gone from the database. Please try again.")
    return unpack(record)

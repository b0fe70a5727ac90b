"""Makes knowledge live: one immutable row in one transaction, or nothing at all."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date

from sqlalchemy.engine import Engine

from bot.knowledge.build import NOTHING, Built, Earlier, build
from bot.knowledge.codec import CodecError, digest, from_json, to_json
from bot.knowledge.embed import TextEncoder, Vectors, ready
from bot.knowledge.entry import Knowledge, Status
from bot.knowledge.live import NothingPublished, Publication, load
from bot.knowledge.question_index import IndexFormatError, QuestionIndex
from bot.knowledge.search import SearchIndex
from bot.store.records import (
    NewPublication,
    PublicationSummary,
    add_publication,
    find_publication,
    find_summary,
    list_publications,
    load_publication,
    load_question_index,
    newest_publication_id,
    republish,
)


class PublishError(Exception):
    """Nothing was published; the message is one line that says why."""


class UnreadableError(PublishError):
    """The answers of a publication are in a form that this version cannot read."""


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


def earlier_of(engine: Engine) -> Earlier:
    """What the live publication leaves to the next build: vectors, and its index if this version
    can read it.

    Raises:
        StoreError: the database cannot be used.
    """
    newest = newest_publication_id(engine)
    record = None if newest is None else load_publication(engine, newest)
    if record is None:
        return NOTHING
    vectors = Vectors.from_bytes(record.vectors)
    try:
        asked = QuestionIndex.from_bytes(load_question_index(engine, record.question_index) or b"")
        index = SearchIndex.from_bytes(record.search_index, asked)
    except IndexFormatError:
        return Earlier(vectors)
    return Earlier(vectors.and_of(index.questions, index.vectors), index)


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
    built = built or build(knowledge, encoder, earlier_of(engine))
    added = add_publication(engine, _row(content, built, author, note), force=unreadable)
    if added is None:  # another publisher wrote the same a moment ago
        same = _live_with(engine, digest(content))
        if same is not None:
            return same
        raise PublishError("another publication was made at the same time. Please try again.")
    summary = find_summary(engine, added)
    if summary is None:
        raise PublishError("the publication is gone from the database. Please try again.")
    # Not read back: that takes longer than all the rest, and the row has just this in it.
    return Publication(
        **vars(summary), knowledge=published_form(knowledge), index=built.index, is_new=True
    )


def rollback(engine: Engine, digest: str | None, author: str, encoder: TextEncoder) -> Publication:
    """Publishes an earlier publication again, as a new row.

    Its index is built anew where it is of an older version, or is not kept any more.

    Args:
        engine: a migrated database.
        digest: the beginning of the digest to go back to, at least 4 digits; None for the
            newest one that differs from what is live.
        author: who answers for it.
        encoder: embeds what has no vectors any more.

    Raises:
        PublishError: there is no such publication, several fit, it is live already, or its
            answers are in a form that this version cannot read.
        StoreError: the database cannot be used; what was live stays live.
    """
    all_ = list_publications(engine)
    if not all_:
        raise PublishError("nothing is published yet, so there is nothing to go back to.")
    live = all_[0]
    if digest is None:
        target = next((one for one in all_ if one.digest != live.digest), None)
        if target is None:
            raise PublishError("there is no earlier publication to go back to.")
    else:
        target = named(engine, digest)
    if target.digest == live.digest:
        raise PublishError(f"publication {target.digest[:12]} is live already.")
    note = f"rollback to {target.digest[:12]}"
    try:
        earlier = _load(engine, target.id)
    except NothingPublished:
        return _rebuild(engine, target, author, note, encoder)
    return _load(engine, republish(engine, target.id, author, note), earlier)


def renew(engine: Engine, encoder: TextEncoder) -> Publication | None:
    """Build the search of what is live anew, as a new row, if another version of the software built
    it; what is said stays as it is, and who answers for it. What somebody publishes meanwhile stays
    live.

    Returns:
        what is live now, or None if nothing is.

    Raises:
        UnreadableError: its answers are in a form that this version cannot read.
        PublishError: somebody made something live meanwhile that is of another version too.
        StoreError: the database cannot be used; what was live stays live.
    """
    newest = next(iter(list_publications(engine, limit=1)), None)
    if newest is None:
        return None
    try:
        return replace(_load(engine, newest.id), is_new=False)
    except NothingPublished:
        note = f"{newest.note} (search built anew)".strip()
        return _rebuild(engine, newest, newest.author, note, encoder, after=newest.id)


def named(engine: Engine, digest: str) -> PublicationSummary:
    """The newest publication whose digest begins with `digest`, which has at least 4 digits.

    Raises:
        PublishError: there is none, or several fit.
        StoreError: the database cannot be used.
    """
    found = find_publication(engine, digest) if len(digest) >= 4 else []
    if not found:
        raise PublishError(f"there is no publication {digest!r}. See `advisor history`.")
    if len(found) > 1:
        names = ", ".join(one.digest[:12] for one in found)
        raise PublishError(f"{digest!r} fits several publications: {names}.")
    return found[0]


def knowledge_of(engine: Engine, publication: PublicationSummary) -> Knowledge:
    """What a publication says, whatever version built its index.

    Raises:
        UnreadableError: it is in a form that this version cannot read.
        StoreError: the database cannot be used.
    """
    record = load_publication(engine, publication.id)
    try:
        if record is not None:
            return from_json(record.entries)
    except CodecError:
        pass
    raise UnreadableError(
        f"publication {publication.digest[:12]} was written by another version of the advisor"
        " and cannot be read by this one."
    )


def _rebuild(
    engine: Engine,
    old: PublicationSummary,
    author: str,
    note: str,
    encoder: TextEncoder,
    after: int | None = None,
) -> Publication:
    """The answers of `old` as a new row, or what is live instead if that is not `after` any
    more.
    """
    knowledge = knowledge_of(engine, old)
    built = build(knowledge, encoder, earlier_of(engine))
    content = to_json(published_form(knowledge))
    new = _row(content, built, author, note)
    added = add_publication(engine, new, force=True, after=after)
    if added is not None:
        return _load(engine, added)
    try:
        return replace(_load(engine, list_publications(engine, limit=1)[0].id), is_new=False)
    except NothingPublished as error:
        raise PublishError(
            "another publication was made at the same time. Please try again."
        ) from error


def _row(content: str, built: Built, author: str, note: str) -> NewPublication:
    asked = built.index.asked
    return NewPublication(
        digest=digest(content),
        author=author,
        note=note,
        entries=content,
        vectors=built.vectors.without(asked.questions).to_bytes(),
        search_index=built.index.to_bytes(),
        question_index=asked.digest,
        question_data=asked.to_bytes,
    )


def _live_with(engine: Engine, wanted: str) -> Publication | None:
    """The live publication if it has this digest."""
    newest = list_publications(engine, limit=1)
    if not newest or newest[0].digest != wanted:
        return None
    return replace(_load(engine, newest[0].id), is_new=False)


def _load(engine: Engine, publication_id: int, before: Publication | None = None) -> Publication:
    publication = load(engine, publication_id, before)
    if publication is None:
        raise PublishError("the publication is gone from the database. Please try again.")
    return publication

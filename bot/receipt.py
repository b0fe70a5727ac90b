"""What each answer of a conversation was made of.

It is read from the conversation itself, so it is kept as long, and erased with it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from sqlalchemy.engine import Engine

from bot.advice.reply import Reply, Sources
from bot.channels.history import Answered, History
from bot.store.records import list_publications


@dataclass(frozen=True)
class Receipt:
    """One turn."""

    number: int
    """Counted from 1."""
    at: float
    """When it was answered, in seconds since 1970."""
    kind: str
    entries: tuple[str, ...]
    publication: str
    """The first 12 digits of its digest; empty where none was needed."""
    author: str
    """Who published it; empty if that is not known."""
    note: str
    sources: tuple[str, ...]
    text: str
    """What the visitor wrote, or the button that was pressed."""


def receipts(engine: Engine, conversation: str) -> Iterator[Receipt]:
    """The receipts of a conversation, oldest first; none for an unknown one.

    Of several publications with the same content, which have the same digest, the one that was live
    at that time counts.

    Raises:
        StoreError: the database cannot be used.
    """
    history, after, number, text = History(engine), 0, 0, ""
    publications = list_publications(engine)
    while True:
        page = history.read(conversation, after)
        for event in page.events:
            if not isinstance(event, Answered):
                text = event.text
                continue
            number += 1
            digest = event.reply.publication
            by = [one for one in publications if digest and one.digest.startswith(digest)]
            then = [one for one in by if one.created_at.timestamp() <= event.at] or by[-1:]
            yield Receipt(
                number=number,
                at=event.at,
                kind=event.reply.kind.value,
                entries=event.reply.entries,
                publication=digest,
                author=then[0].author if then else "",
                note=then[0].note if then else "",
                sources=tuple(_sources(event.reply)),
                text=text,
            )
        if not page.more:
            return
        after = page.next


def _sources(reply: Reply) -> Iterator[str]:
    for block in reply.blocks:
        if isinstance(block, Sources):
            for item in block.items:
                yield ", ".join(filter(None, (item.title, item.publisher, item.date, item.url)))

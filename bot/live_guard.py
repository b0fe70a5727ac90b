"""The guard that fits what is live: the clinic's own numbers, and the signs staff published."""

from __future__ import annotations

from bot.advice.builtin import with_alarms
from bot.advice.safety import Safety
from bot.advice.wording import Wording
from bot.channels.guard import Guard
from bot.knowledge.live import Publication, live

_made: dict[str, tuple[Publication, Guard]] = {}


def live_guard() -> Guard:
    """The guard of the live publication, made once for each.

    Raises:
        NothingPublished, StoreError: there is none to make it of; `guard.current` then falls back
            on the one built in.
    """
    publication = live().current()
    last = _made.get("last")
    if last is not None and last[0] is publication:
        return last[1]
    knowledge = publication.knowledge
    _ = publication.spelling  # made now, in a thread, and not while a visitor waits
    entries = with_alarms(knowledge.entries)
    guard = Guard(publication.clinic, Wording.shared(), Safety.of(entries.values()), entries)
    _made["last"] = (publication, guard)
    return guard

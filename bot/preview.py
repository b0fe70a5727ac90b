"""Which of the questions that visitors asked last would be answered otherwise by a publication.

Each is searched in what is live and in what would be, with the intents that were found when it was
asked, and decided on as at that time; nothing is sent to anybody.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timezone

from sqlalchemy.engine import Engine

from bot.advice.builtin import with_alarms
from bot.advice.decide import Decision, Thresholds, decide_question
from bot.advice.redact import redact
from bot.advice.route import QUESTION, UNSURE
from bot.advice.understanding import KEY, OUT_OF_SCOPE, Understanding
from bot.channels.plain import unshield
from bot.knowledge.build import Built
from bot.knowledge.codec import digest, to_json
from bot.knowledge.encode import Encoder
from bot.knowledge.entry import Knowledge
from bot.knowledge.live import Publication
from bot.knowledge.publish import published_form
from bot.nlu.finder import Finder
from bot.nlu.follow import Follow
from bot.nlu.scope import Scope
from bot.store.events import USER, latest

LOOKED_AT = 200
"""How many of the newest questions."""


@dataclass(frozen=True)
class Otherwise:
    """One question that would get another answer."""

    text: str
    """Redacted."""
    before: str
    """What it gets now: the ids of the entries, or the kind of an answer without any."""
    after: str


@dataclass(frozen=True)
class Preview:
    """What a publication would change for those who asked before."""

    asked: int
    """How many questions were looked at."""
    otherwise: tuple[Otherwise, ...]
    reworded: tuple[tuple[str, int], ...]
    """Entries whose answer has other words, and for how many questions."""


def preview(engine: Engine, live: Publication, draft: Publication, encoder: Encoder) -> Preview:
    """Compare what is live with a draft on the newest questions.

    Raises:
        StoreError: the database cannot be used.
    """
    now, then = _Road(live, encoder), _Road(draft, encoder)
    asked = 0
    otherwise: list[Otherwise] = []
    reworded: Counter[str] = Counter()
    for text, found in _questions(engine):
        asked += 1
        before, after = now.decide(text, found), then.decide(text, found)
        if (before.kind, before.entries) != (after.kind, after.entries):
            otherwise.append(Otherwise(redact(text), _name(before), _name(after)))
            continue
        for id_ in before.entries:
            if live.knowledge.entries.get(id_) != draft.knowledge.entries.get(id_):
                reworded[id_] += 1
    return Preview(asked, tuple(otherwise), tuple(reworded.most_common()))


def as_draft(knowledge: Knowledge, built: Built) -> Publication:
    """Files that were checked, as if they were published."""
    content = published_form(knowledge)
    now = datetime.now(timezone.utc)
    return Publication(0, digest(to_json(content)), now, "", "", content, built.index)


class _Road:
    """From a question to the decision, in one publication."""

    def __init__(self, publication: Publication, encoder: Encoder) -> None:
        self._encoder = encoder
        self._finder = Finder.of(publication, encoder, Scope.load(), None, follow=Follow.load())
        self._entries = with_alarms(publication.knowledge.shown_on(date.today()))
        self._thresholds = Thresholds.load()

    def decide(self, text: str, found: Understanding) -> Decision:
        """The decision on a question, of which `found` was understood when it was asked. Whether it
        is in scope, and what its parts are if it asks several things, is taken from there.
        """
        vector = self._encoder.encode_one(text)
        again = self._finder.find(text, vector, found, found.topic)
        understood = replace(again, in_scope=found.in_scope, parts=found.parts)
        return decide_question(understood, self._entries, self._thresholds)


def _questions(engine: Engine) -> Iterator[tuple[str, Understanding]]:
    """The newest questions, each text once, with what was understood of them."""
    seen: set[tuple[str, str | None]] = set()
    for data in latest(engine, USER):
        if len(seen) == LOOKED_AT:
            return
        text, parsed = data.get("text"), data.get("parse_data") or {}
        found = Understanding.from_json(parsed.get(KEY))
        if not text or found.intent not in (QUESTION, OUT_OF_SCOPE, UNSURE):
            continue
        said = unshield(text)
        if (said, found.topic) not in seen:
            seen.add((said, found.topic))
            yield said, found


def _name(decision: Decision) -> str:
    return ", ".join(decision.entries) or decision.kind.value

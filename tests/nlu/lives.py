"""A `Live` that a test sets, and messages as they arrive at a component."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

import bot.lean  # noqa: F401  # before Rasa

import numpy as np
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.slots import AnySlot
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.advice.understanding import KEY, Understanding
from bot.knowledge.entry import Entry, Knowledge
from bot.knowledge.live import NothingPublished, Publication
from bot.knowledge.search import SearchIndex
from tests.knowledge.folder import WordEncoder


@dataclass
class SetLive:
    """What is live is what a test says."""

    publication: Publication | None = None
    error: Exception = field(default_factory=NothingPublished)

    def current(self) -> Publication:
        """As `bot.knowledge.live.Live`."""
        if self.publication is None:
            raise self.error
        return self.publication


class OneEncoder(WordEncoder):
    """A `WordEncoder` that encodes single texts as well."""

    def encode_one(self, text: str) -> Any:
        """As `bot.knowledge.encode.Encoder`."""
        return self.encode([text])[0]

    def tokens_one(self, text: str) -> None:
        """It has none."""


def published(*entries: Entry, **terms: tuple[str, ...]) -> Publication:
    """A publication of these entries, searched by their words."""
    pairs = [(entry.id, question) for entry in entries for question in entry.questions]
    vectors = WordEncoder().encode([question for _, question in pairs])
    return Publication(
        id=1,
        digest="ab" * 32,
        created_at=datetime.now(timezone.utc),
        author="the tests",
        note="",
        knowledge=Knowledge({entry.id: entry for entry in entries}, None, terms),
        index=SearchIndex.fit(pairs, vectors if pairs else np.zeros((0, 64), np.float32)),
    )


def understood(message: Message) -> Understanding:
    """What the components have found so far."""
    return Understanding.from_json(message.get(KEY))


def tracker(*events: Event, **slots: object) -> DialogueStateTracker:
    """A conversation with these events and slots."""
    made = DialogueStateTracker.from_events(
        "visitor", [], slots=[AnySlot(name, mappings=[{"type": "custom"}]) for name in slots]
    )
    for event in (*(SlotSet(name, value) for name, value in slots.items()), *events):
        made.update(event)
    return made


def said(*texts: str) -> list[Event]:
    """The visitor's messages."""
    return [UserUttered(text) for text in texts]


def message(text: str | None, **data: Any) -> Message:
    """A message of this text."""
    return Message({TEXT: text, **data})

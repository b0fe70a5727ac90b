"""The red-flag check as the first component: nothing is understood of a message before it."""

from __future__ import annotations

import logging
from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import SessionStarted, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.advice.builtin import with_alarms
from bot.advice.phrase import PhraseError
from bot.advice.safety import EARLIER, Safety
from bot.advice.understanding import KEY, RedFlag, Understanding
from bot.knowledge.live import Live, NothingPublished, Publication, live

logger = logging.getLogger(__name__)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class RedFlagCheck(GraphComponent):
    """Checks each message, with the visitor's two before it, for the signs that are live."""

    def __init__(self, live: Live) -> None:
        self._live = live
        self._publication: Publication | None = None
        self._safety = Safety.builtin()

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> RedFlagCheck:
        """Make the component; its signs come from the live publication."""
        return cls(live())

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Put the findings into each message's understanding."""
        safety = self._current()
        for message in messages:
            findings = safety.check(str(message.get(TEXT) or ""), earlier_texts(tracker))
            flags = tuple(
                RedFlag(f.entry_id, f.urgency, f.sign, f.say, f.is_in_doubt) for f in findings
            )
            understanding = Understanding.from_json(message.get(KEY))
            flagged = replace(understanding, red_flags=flags)
            message.set(KEY, flagged.to_json(), add_to_output=True)
        return messages

    def _current(self) -> Safety:
        try:
            publication = self._live.current()
        except NothingPublished:
            return self._safety
        if publication is not self._publication:
            self._publication = publication
            try:
                self._safety = Safety.of(with_alarms(publication.knowledge.entries).values())
            except PhraseError as error:  # `advisor check` lets no such sign through
                logger.error("keeping the signs of before: %s", error)
        return self._safety


def earlier_texts(tracker: DialogueStateTracker | None) -> list[str]:
    """The visitor's last texts, oldest first; a new session brings those before it along
    (`bot.channels.rotation`).
    """
    if tracker is None:
        return []
    texts: list[str] = []
    for event in tracker.events:
        if isinstance(event, SessionStarted):
            texts += event.metadata.get("earlier", [])
        elif isinstance(event, UserUttered) and event.text:
            texts.append(event.text)
    return texts[-EARLIER:]

"""The last component: sets the one intent that the rules route on (`bot.advice.route`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.core.events import BotUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.advice.choosing import chosen
from bot.advice.decide import Thresholds
from bot.advice.reply import Button, Reply, buttons
from bot.advice.route import route
from bot.advice.understanding import KEY, Understanding

LEADING = ("show", "more")
"""The verbs of buttons that lead to an answer: a visitor may name those instead of pressing."""


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class Router(GraphComponent):
    """Turns the understanding of a message into its intent."""

    def __init__(self, thresholds: Thresholds) -> None:
        self._thresholds = thresholds

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> Router:
        """Make the component with the tuned thresholds."""
        return cls(Thresholds.load())

    def process(
        self, messages: list[Message], tracker: DialogueStateTracker | None = None
    ) -> list[Message]:
        """Set each message's intent; the ranking stays as the classifier gave it."""
        offered = _offered(tracker)
        for message in messages:
            button = chosen(str(message.get(TEXT) or ""), offered)
            understanding = replace(
                Understanding.from_json(message.get(KEY)), chosen=button.action if button else ""
            )
            name = route(understanding, self._thresholds)
            confidence = dict(understanding.intents).get(name, 1.0)
            message.set(KEY, replace(understanding, intent=name).to_json(), add_to_output=True)
            message.set(
                INTENT,
                {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence},
                add_to_output=True,
            )
        return messages


def _offered(tracker: DialogueStateTracker | None) -> tuple[Button, ...]:
    """The buttons of the last reply that lead to an answer."""
    events = reversed(tracker.events) if tracker is not None else ()
    last = next((event for event in events if isinstance(event, BotUttered)), None)
    custom = (last.data or {}).get("custom") if last is not None else None
    if not custom:
        return ()
    answers = (button for button in buttons(Reply.from_json(custom)))
    return tuple(button for button in answers if button.action.partition(":")[0] in LEADING)

"""The last component: sets the one intent that the rules route on (`bot.advice.route`)."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT, INTENT_NAME_KEY, PREDICTED_CONFIDENCE_KEY
from rasa.shared.nlu.training_data.message import Message

from bot.advice.decide import Thresholds
from bot.advice.route import route
from bot.advice.understanding import KEY, Understanding


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

    def process(self, messages: list[Message]) -> list[Message]:
        """Set each message's intent; the ranking stays as the classifier gave it."""
        for message in messages:
            understanding = Understanding.from_json(message.get(KEY))
            name = route(understanding, self._thresholds)
            confidence = dict(understanding.intents).get(name, 1.0)
            message.set(KEY, replace(understanding, intent=name).to_json(), add_to_output=True)
            message.set(
                INTENT,
                {INTENT_NAME_KEY: name, PREDICTED_CONFIDENCE_KEY: confidence},
                add_to_output=True,
            )
        return messages

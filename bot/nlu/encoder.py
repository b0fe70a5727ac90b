"""The sentence encoder as a Rasa component."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.featurizers.dense_featurizer.dense_featurizer import DenseFeaturizer
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import FEATURE_TYPE_SENTENCE, TEXT
from rasa.shared.nlu.training_data.features import Features
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.encode import Encoder, EncoderError

VECTOR = "vector"
"""The message key of the plain vector, np.float32 (384,): for components, not for the tracker."""

ENCODER_DIR = "encoder_dir"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER, is_trainable=False)
class SentenceEncoder(DenseFeaturizer, GraphComponent):
    """Gives each message with a text its sentence feature, and the same numbers as `VECTOR`.

    It reads the text itself, so it needs no tokenizer before it, and sets no sequence feature.
    """

    @staticmethod
    def required_packages() -> list[str]:
        """What has to be installed, by import name."""
        return ["onnxruntime", "tokenizers"]

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """No ``encoder_dir`` means the setting ENCODER_DIR of the process that runs the model.

        So a model that was trained on one machine finds the encoder of another.
        """
        return {**DenseFeaturizer.get_default_config(), ENCODER_DIR: None}

    @classmethod
    def validate_config(cls, config: dict[str, Any]) -> None:
        """Raise `InvalidConfigException` if ``encoder_dir`` is neither absent nor a path."""
        folder = config.get(ENCODER_DIR)
        if folder is not None and not (isinstance(folder, str) and folder):
            raise InvalidConfigException(
                f"config.yml: {ENCODER_DIR} of {cls.__name__} is {folder!r}. "
                "Give the path of a folder, or leave it out."
            )

    def __init__(self, config: dict[str, Any], name: str, encoder: Encoder) -> None:
        super().__init__(name, config)
        self._encoder = encoder

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> SentenceEncoder:
        """Make the component with this process's one encoder.

        Raises:
            InvalidConfigException: the encoder cannot be loaded. Rasa passes this one on as it is,
                and would hide the message of any other behind its own.
        """
        cls.validate_config(config)
        folder = config.get(ENCODER_DIR)
        try:
            encoder = Encoder.shared(Path(folder) if folder else None)
        except EncoderError as error:
            raise InvalidConfigException(str(error)) from error
        return cls(config, execution_context.node_name, encoder)

    def process(self, messages: list[Message]) -> list[Message]:
        """Featurise incoming messages; what other components encode of the same turn is reused."""
        for message in messages:
            text = message.get(TEXT)
            if text is not None:
                self._set(message, self._encoder.encode_one(text))
        return messages

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """Featurise all examples that have a text, together."""
        examples = [example for example in training_data.training_examples if example.get(TEXT)]
        vectors = self._encoder.encode([example.get(TEXT) for example in examples])
        for example, vector in zip(examples, vectors, strict=True):
            self._set(example, vector)
        return training_data

    def _set(self, message: Message, vector: NDArray[np.float32]) -> None:
        message.set(VECTOR, vector)
        sentence = vector[np.newaxis, :]
        message.add_features(Features(sentence, FEATURE_TYPE_SENTENCE, TEXT, self._identifier))

"""The Rasa component gives every text its vector, and nothing else to anybody."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import bot.lean  # isort: skip # noqa: F401 # must come before anything of Rasa's
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.exceptions import InvalidConfigException
from rasa.shared.nlu.constants import TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.knowledge.encode import Encoder
from bot.knowledge.weights import prepare
from bot.nlu.encoder import VECTOR, SentenceEncoder


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("encoder")
    prepare(folder)
    return folder


def create(tmp_path: Path, **config: Any) -> SentenceEncoder:
    """Make the component as Rasa does."""
    return SentenceEncoder.create(
        {**SentenceEncoder.get_default_config(), **config},
        LocalModelStorage(tmp_path),
        Resource("encoder"),
        ExecutionContext(GraphSchema({}), node_name="encoder"),
    )


@pytest.fixture
def component(tmp_path: Path, folder: Path) -> SentenceEncoder:
    return create(tmp_path, encoder_dir=str(folder))


def sentence_feature(message: Message) -> Any:
    """The numbers that a Rasa classifier reads."""
    sequence, sentence = message.get_dense_features(TEXT, [])
    assert sequence is None
    assert sentence is not None
    return sentence.features


@pytest.mark.parametrize("text", ["how long does botox last", "", "😭", "lines " * 400])
def test_a_message_gets_its_vector(component: SentenceEncoder, folder: Path, text: str) -> None:
    """As a sentence feature and under the key, whatever the text, also none."""
    (message,) = component.process([Message({TEXT: text})])
    expected = Encoder.shared(folder).encode([text])
    np.testing.assert_allclose(sentence_feature(message), expected, atol=1e-5)
    np.testing.assert_array_equal(message.get(VECTOR), sentence_feature(message)[0])
    assert message.get(VECTOR).dtype == np.float32
    assert message.get(VECTOR).shape == (384,)


def test_the_vector_stays_out_of_the_conversation(component: SentenceEncoder) -> None:
    """It is for components, not for the tracker."""
    (message,) = component.process([Message({TEXT: "hello"})])
    assert VECTOR not in message.as_dict(only_output_properties=True)


def test_a_message_without_text_is_left_alone(component: SentenceEncoder) -> None:
    """Rasa's training examples for the dialogue have none."""
    training = component.process_training_data(TrainingData([Message({"action_name": "a"})]))
    (message,) = component.process(training.training_examples)
    assert message.get(VECTOR) is None
    assert message.features == []


def test_training_gives_what_inference_gives(component: SentenceEncoder) -> None:
    """A classifier meets the same numbers in both."""
    texts = ["does it hurt", "hello there", "what about lip filler and swelling afterwards " * 5]
    training = TrainingData([Message({TEXT: text, "intent": "ask"}) for text in texts])
    component.process_training_data(training)
    by_text = {example.get(TEXT): example for example in training.training_examples}
    for text in texts:
        (message,) = component.process([Message({TEXT: text})])
        np.testing.assert_allclose(
            sentence_feature(by_text[text]), sentence_feature(message), atol=1e-5
        )
        np.testing.assert_allclose(by_text[text].get(VECTOR), message.get(VECTOR), atol=1e-5)


def test_training_data_can_still_be_fingerprinted(component: SentenceEncoder) -> None:
    """Rasa does so between components, to know what has changed: equal input, equal print."""
    prints = {
        component.process_training_data(TrainingData([Message({TEXT: "hi"})])).fingerprint()
        for _ in range(2)
    }
    assert len(prints) == 1


def test_the_folder_is_the_setting_unless_configured(
    tmp_path: Path, folder: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """And the default is not written into the model, which may run on another machine."""
    monkeypatch.setenv("ENCODER_DIR", str(folder))
    (message,) = create(tmp_path).process([Message({TEXT: "hello"})])
    assert message.get(VECTOR) is not None
    assert SentenceEncoder.get_default_config()["encoder_dir"] is None


def test_an_encoder_that_cannot_be_loaded_stops_with_what_to_do(tmp_path: Path) -> None:
    """In the one exception that Rasa passes on as it is."""
    with pytest.raises(InvalidConfigException, match="advisor prepare-encoder"):
        create(tmp_path, encoder_dir=str(tmp_path / "nowhere"))


@pytest.mark.parametrize("value", [7, "", ["a"]])
def test_a_folder_of_the_wrong_type_is_refused(tmp_path: Path, value: object) -> None:
    """With the name of the key."""
    with pytest.raises(InvalidConfigException, match="encoder_dir"):
        create(tmp_path, encoder_dir=value)


def test_rasa_finds_it_as_a_featurizer_that_is_not_trained() -> None:
    """`bot.nlu.encoder.SentenceEncoder` in config.yml is enough, with no tokenizer before it."""
    registered = DefaultV1Recipe._from_registry("bot.nlu.encoder.SentenceEncoder")
    assert registered.clazz is SentenceEncoder
    assert registered.types == {DefaultV1Recipe.ComponentType.MESSAGE_FEATURIZER}
    assert not registered.is_trainable
    assert SentenceEncoder.required_components() == []
    assert all(importlib.util.find_spec(name) for name in SentenceEncoder.required_packages())

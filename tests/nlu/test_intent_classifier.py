"""Logistic regression on sentence vectors, kept as plain arrays, with honest probabilities."""

from __future__ import annotations

import zipfile
from pathlib import Path
from typing import Any

import bot.lean  # noqa: F401  # before Rasa

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.constants import INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.advice.route import QUESTION
from bot.advice.understanding import KEY, RedFlag, Understanding
from bot.knowledge.asked import Asked
from bot.knowledge.entry import Urgency
from bot.nlu import intent_classifier
from bot.nlu.encoder import VECTOR
from bot.nlu.intent_classifier import IntentClassifier, fit, rank_unseen
from tests.nlu.lives import understood

RANDOM = np.random.default_rng(0)
CENTRES = {"greet": 0, "thank": 1, QUESTION: 2}


def near(name: str, spread: float = 0.3) -> Any:
    """A vector of length 1 near the centre of an intent."""
    vector = RANDOM.normal(0, spread / 4, 16)
    vector[CENTRES[name]] += 1
    return (vector / np.linalg.norm(vector)).astype(np.float32)


def examples(each: int = 10, spread: float = 0.3) -> tuple[Any, list[str]]:
    """Vectors and their intents."""
    names = [name for name in CENTRES for _ in range(each)]
    return np.stack([near(name, spread) for name in names]), names


def test_it_finds_the_intent_of_what_it_has_not_seen() -> None:
    model = fit(*examples(), 30.0)
    for name in CENTRES:
        ranking = model.ranking(near(name))
        assert ranking[0][0] == name
        assert sum(p for _, p in ranking) == pytest.approx(1, abs=1e-5)
        assert [p for _, p in ranking] == sorted((p for _, p in ranking), reverse=True)


def test_the_same_examples_give_the_same_model() -> None:
    vectors, names = examples()
    one, two = fit(vectors, names, 30.0), fit(vectors, names, 30.0)
    assert np.array_equal(one.coef, two.coef)
    assert one.temperature == two.temperature


def test_two_intents_are_as_good_as_three() -> None:
    """scikit-learn keeps one row of weights for two classes, and we keep two."""
    vectors, names = examples()
    model = fit(vectors[:20], names[:20], 30.0)
    assert model.coef.shape == (2, 16)
    assert model.ranking(near("greet"))[0][0] == "greet"
    assert model.ranking(near("thank"))[0][0] == "thank"


def test_what_was_not_seen_is_ranked_less_surely_than_what_was() -> None:
    """A label that is wrong is only believed by a classifier that has seen it."""
    vectors, names = examples()
    wrong = ["thank" if row == 0 else name for row, name in enumerate(names)]
    model = fit(vectors, wrong, 1000.0)
    questions = np.stack([near(QUESTION) for _ in range(6)])
    unseen = rank_unseen(vectors, wrong, model, 1000.0, questions)
    assert len(unseen) == len(names)
    assert unseen[0][0][0] == "greet"
    assert [ranking[0][0] for ranking in unseen[1:]] == names[1:]
    assert sum(chance for _, chance in unseen[0]) == pytest.approx(1, abs=1e-5)


def test_muddled_examples_make_it_less_certain() -> None:
    """The temperature is fitted on left-out folds, so overconfidence is taken back."""
    vectors, names = examples(each=30)
    shuffled = [str(name) for name in np.random.default_rng(1).permutation(names)]
    certain, muddled = fit(vectors, names, 30.0), fit(vectors, shuffled, 30.0)
    assert muddled.temperature > certain.temperature
    assert muddled.ranking(near("greet"))[0][1] < 0.8 < certain.ranking(near("greet"))[0][1]


def test_an_intent_of_one_example_is_still_fitted() -> None:
    """There is nothing to leave out then, and the temperature stays 1."""
    vectors, names = examples()
    model = fit(vectors[9:], names[9:], 30.0)
    assert model.temperature == 1.0
    assert "greet" in model.names


def test_one_intent_alone_is_an_error() -> None:
    vectors, names = examples()
    with pytest.raises(ValueError, match="class"):
        fit(vectors[:10], names[:10], 30.0)


def test_what_is_live_counts_as_questions() -> None:
    """However many there are, they weigh as much as the intent's own examples."""
    vectors, names = examples()
    elsewhere = np.zeros((500, 16), dtype=np.float32)
    elsewhere[:, 7] = 1
    without = fit(vectors, names, 30.0)
    with_live = fit(vectors, names, 30.0, elsewhere)
    assert dict(with_live.ranking(elsewhere[0]))[QUESTION] > 0.9
    assert dict(without.ranking(elsewhere[0]))[QUESTION] < 0.9
    assert with_live.ranking(near("greet"))[0][0] == "greet"


def test_no_live_questions_change_nothing() -> None:
    vectors, names = examples()
    empty = np.zeros((0, 16), dtype=np.float32)
    assert np.array_equal(fit(vectors, names, 30.0, empty).coef, fit(vectors, names, 30.0).coef)


# --- as a component of Rasa -----------------------------------------------------------------------

CONTEXT = ExecutionContext(GraphSchema({}), node_name="intents")
RESOURCE = Resource("intents")
NOTHING_ASKED = Asked({}, (), (), np.zeros((0, 16), dtype=np.float32))


@pytest.fixture
def storage(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> LocalModelStorage:
    monkeypatch.setattr(intent_classifier, "asked", lambda: NOTHING_ASKED)
    return LocalModelStorage(tmp_path)


def trained(storage: LocalModelStorage) -> IntentClassifier:
    """One that was trained on the examples."""
    vectors, names = examples()
    data = TrainingData(
        [
            Message({TEXT: f"text {number}", INTENT: name, VECTOR: vector})
            for number, (vector, name) in enumerate(zip(vectors, names, strict=True))
        ]
    )
    config = IntentClassifier.get_default_config()
    component = IntentClassifier.create(config, storage, RESOURCE, CONTEXT)
    component.train(data)
    return component


def load(storage: LocalModelStorage) -> IntentClassifier:
    config = IntentClassifier.get_default_config()
    return IntentClassifier.load(config, storage, RESOURCE, CONTEXT)


def test_what_is_loaded_ranks_as_what_was_trained(storage: LocalModelStorage) -> None:
    component, vector = trained(storage), near("thank")
    rankings = []
    for one in (component, load(storage)):
        (made,) = one.process([Message({TEXT: "x", VECTOR: vector})])
        rankings.append(understood(made).intents)
    assert rankings[0] == rankings[1]
    assert rankings[0][0][0] == "thank"


def test_the_model_on_disk_holds_no_pickles(storage: LocalModelStorage) -> None:
    """Loading one must not run what it holds."""
    trained(storage)
    with storage.read_from(RESOURCE) as folder:
        (path,) = folder.iterdir()
        with zipfile.ZipFile(path) as archive:
            assert archive.namelist()
        with np.load(path, allow_pickle=False) as arrays:
            assert {"names", "coef", "intercept", "temperature"} == set(arrays)
            assert all(array.dtype != object for array in arrays.values())


def test_a_model_that_is_not_there_is_an_error(storage: LocalModelStorage) -> None:
    with pytest.raises(ValueError, match="Resource"):
        load(storage)


def test_findings_of_components_before_it_are_kept(storage: LocalModelStorage) -> None:
    flag = RedFlag("safety/x", Urgency.EMERGENCY, "a sign")
    before = Understanding(red_flags=(flag,)).to_json()
    (made,) = trained(storage).process([Message({TEXT: "x", VECTOR: near("greet"), KEY: before})])
    assert understood(made).red_flags == (flag,)
    assert understood(made).intents[0][0] == "greet"


def test_a_message_without_a_vector_and_an_untrained_component_do_nothing(
    storage: LocalModelStorage,
) -> None:
    (made,) = trained(storage).process([Message({TEXT: "x"})])
    assert made.get(KEY) is None
    fresh = IntentClassifier.create({"strength": 1.0}, storage, RESOURCE, CONTEXT)
    (made,) = fresh.process([Message({TEXT: "x", VECTOR: near("greet")})])
    assert made.get(KEY) is None


def test_what_is_out_of_scope_does_not_win_by_its_number() -> None:
    """With a hundred times the examples, all over the place, what is asked is still asked."""
    vectors, names = examples()
    strays = RANDOM.normal(0, 1, (1000, 16)).astype(np.float32)
    strays /= np.linalg.norm(strays, axis=1, keepdims=True)
    model = fit(np.concatenate([vectors, strays]), names + ["out_of_scope"] * 1000, 30.0)
    assert all(model.ranking(near(QUESTION))[0][0] == QUESTION for _ in range(20))

"""The intent classifier: multinomial logistic regression on sentence vectors.

Trained with scikit-learn, kept as plain NumPy arrays (Rasa's own scikit-learn classifiers need
skops and take twice as long to start). With ten examples a class it found 85.5 % of BANKING77's
intents where DIET found 66.3 %. Its probabilities are temperature-scaled
on left-out folds, so that they mean what they say (Guo et al., 2017).
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
from numpy.typing import NDArray
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import INTENT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.advice.route import QUESTION
from bot.advice.understanding import KEY, OUTSIDE, Understanding
from bot.knowledge.asked import asked
from bot.nlu.encoder import VECTOR
from bot.nlu.softmax import Floats, Softmax

FOLDS = 5
UNSEEN = 3
"""Into how many parts the examples are divided for `rank_unseen`."""
EVERY = 3
"""Of what the entries answer every third text is learned from: with all 12,000 training took
half a minute longer, and no more was understood."""
TEMPERATURES = np.geomspace(0.25, 4.0, 33)
FILE = "intents.npz"


class IntentModel(Softmax):
    """The regression over the intents."""

    def ranking(self, vector: Floats) -> tuple[tuple[str, float], ...]:
        """Intents with their probabilities, best first, for one vector of shape (384,)."""
        (chances,) = self.chances(vector[None, :])
        order = np.argsort(-chances)
        return tuple((self.names[i], float(chances[i])) for i in order)


def fit(
    vectors: Floats, names: list[str], strength: float, questions: Floats | None = None
) -> IntentModel:
    """Fit the regression and its temperature.

    Args:
        vectors: (examples, 384), L2-normalised.
        names: the intent of each example; at least two different ones.
        strength: inverse regularisation C of scikit-learn.
        questions: vectors of what the entries answer. They are examples of `QUESTION` too, and
            count together as much as its own: more of what is declined is then out of scope (75 %
            against 64 %, at the same share of questions lost), and no small talk is mistaken.

    What is out of scope has most examples by far, and counts together as much as what is asked, so
    that neither a question nor small talk is taken for it because it is often seen.
    """
    from threadpoolctl import threadpool_limits  # type: ignore[import-untyped]  # no stubs

    regression = _regression(strength)
    vectors, names, weights = _with_questions(vectors, names, questions)
    with threadpool_limits(1):  # two threads that wait for each other took ten times as long
        temperature = _temperature(regression, vectors, names, weights)
        regression.fit(vectors, names, sample_weight=weights)
    return IntentModel.of_fitted(regression, temperature)


def rank_unseen(
    vectors: Floats, names: list[str], model: IntentModel, strength: float, questions: Floats
) -> list[tuple[tuple[str, float], ...]]:
    """What a classifier makes of each example that has not seen it.

    Args:
        vectors: (examples, 384), and `names` their intents, `strength` and `questions` as of `fit`.
        model: fitted on all of them; its temperature is used.

    Raises:
        ValueError: an intent has a single example.
    """
    from threadpoolctl import threadpool_limits

    known, labels, weights = _with_questions(vectors, names, questions)
    with threadpool_limits(1):
        logits = _left_out(_regression(strength), known, labels, weights, UNSEEN)
    intents = sorted(set(labels))
    axes = np.eye(len(intents), dtype=np.float32)
    plain = IntentModel(tuple(intents), axes, np.zeros(len(intents), np.float32), model.temperature)
    return [plain.ranking(row) for row in logits[: len(names)]]


def _regression(strength: float) -> Any:
    from sklearn.linear_model import LogisticRegression

    return LogisticRegression(C=strength, max_iter=1000)


def _with_questions(
    vectors: Floats, names: list[str], questions: Floats | None
) -> tuple[Floats, list[str], NDArray[np.float64]]:
    """The examples, those that `questions` adds, and how much each counts."""
    own = names.count(QUESTION)
    outside = sum(name in OUTSIDE for name in names)
    least = min(1.0, 2 * own / outside) if own and outside else 1.0
    weights = np.array([least if name in OUTSIDE else 1.0 for name in names])
    if questions is not None and len(questions) and own:
        vectors = np.concatenate([vectors, questions])
        names = names + [QUESTION] * len(questions)
        weights = np.concatenate([weights, np.full(len(questions), own / len(questions))])
    return vectors, names, weights


def _left_out(
    regression: Any, vectors: Floats, names: list[str], weights: NDArray[np.float64], folds: int
) -> NDArray[np.float64]:
    """The logits of each example by a regression that has not seen it, (examples, intents)."""
    from sklearn.model_selection import StratifiedKFold, cross_val_predict

    logits: NDArray[np.float64] = cross_val_predict(
        regression,
        vectors,
        names,
        cv=StratifiedKFold(folds, shuffle=True, random_state=0),
        method="decision_function",
        params={"sample_weight": weights},
    )
    return np.column_stack([-logits, logits]) if logits.ndim == 1 else logits


def _temperature(
    regression: Any, vectors: Floats, names: list[str], weights: NDArray[np.float64]
) -> float:
    """The temperature at which left-out examples surprise least; 1 if none can be left out."""
    fewest = min(names.count(name) for name in set(names))
    if fewest < 2:
        return 1.0
    logits = _left_out(regression, vectors, names, weights, min(FOLDS, fewest))
    truth = np.searchsorted(sorted(set(names)), names)
    losses = []
    for temperature in TEMPERATURES:
        scaled = logits / temperature
        scaled -= scaled.max(axis=1, keepdims=True)
        log_probability = scaled - np.log(np.exp(scaled).sum(axis=1, keepdims=True))
        losses.append(-np.average(log_probability[np.arange(len(truth)), truth], weights=weights))
    return float(TEMPERATURES[int(np.argmin(losses))])


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class IntentClassifier(GraphComponent):
    """Ranks the intents of a message by its sentence vector (`bot.nlu.encoder`)."""

    @staticmethod
    def get_default_config() -> dict[str, Any]:
        """``strength`` is scikit-learn's C; 30 was best on BANKING77."""
        return {"strength": 30.0}

    def __init__(self, config: dict[str, Any], storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = storage
        self._resource = resource
        self._model: IntentModel | None = None

    @classmethod
    def create(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> IntentClassifier:
        """Make an untrained classifier."""
        return cls(config, model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Fit on the intent examples and keep the arrays in the model."""
        examples = [m for m in training_data.intent_examples if m.get(VECTOR) is not None]
        vectors = np.stack([message.get(VECTOR) for message in examples])
        names = [str(message.get(INTENT)) for message in examples]
        strength = float(self._config["strength"])
        self._model = model = fit(vectors, names, strength, asked().vectors[::EVERY])
        with self._storage.write_to(self._resource) as folder:
            np.savez(folder / FILE, **model.arrays())
        return self._resource

    @classmethod
    def load(
        cls,
        config: dict[str, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> IntentClassifier:
        """Read the arrays back."""
        component = cls(config, model_storage, resource)
        with (
            model_storage.read_from(resource) as folder,
            np.load(folder / FILE, allow_pickle=False) as arrays,
        ):
            component._model = IntentModel.of(dict(arrays))
        return component

    def process(self, messages: list[Message]) -> list[Message]:
        """Rank the intents; which one is acted on is `bot.nlu.router`'s to say."""
        for message in messages:
            if self._model is not None and message.get(VECTOR) is not None:
                understanding = Understanding.from_json(message.get(KEY))
                ranking = self._model.ranking(message.get(VECTOR))
                message.set(KEY, replace(understanding, intents=ranking).to_json())
        return messages

"""A regression kept as arrays says what scikit-learn's says, and comes back from them unchanged."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from sklearn.linear_model import LogisticRegression

from bot.nlu.softmax import Softmax

RANDOM = np.random.default_rng(0)
VECTORS = RANDOM.normal(size=(60, 5)).astype(np.float32)


@pytest.mark.parametrize("classes", [2, 4])
def test_chances_are_those_of_what_was_fitted(classes: int) -> None:
    model = LogisticRegression().fit(VECTORS, [f"class {row % classes}" for row in range(60)])
    kept = Softmax.of_fitted(model)
    assert kept.names == tuple(model.classes_)
    np.testing.assert_allclose(kept.chances(VECTORS), model.predict_proba(VECTORS), atol=1e-5)


def test_a_higher_temperature_is_less_sure_of_the_same() -> None:
    sure = Softmax(("a", "b"), np.eye(2, 5, dtype=np.float32) * 9, np.zeros(2, np.float32))
    unsure = replace(sure, temperature=5.0)
    (one,), (other,) = sure.chances(VECTORS[:1]), unsure.chances(VECTORS[:1])
    assert one.argmax() == other.argmax()
    assert one.max() > other.max() > 0.5


def test_great_logits_are_chances_too() -> None:
    model = Softmax(("a", "b"), np.zeros((2, 5), np.float32), np.array([1000, 0], np.float32))
    assert model.chances(VECTORS[:1]).tolist() == [[1, 0]]


def test_what_is_saved_comes_back() -> None:
    saved = Softmax(("a", "b"), VECTORS[:2], VECTORS[2, :2], 0.5)
    again = Softmax.of(saved.arrays())
    assert (again.names, again.temperature) == (saved.names, saved.temperature)
    assert np.array_equal(again.logits(VECTORS), saved.logits(VECTORS))

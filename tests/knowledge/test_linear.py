from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.linear import Linear

VECTORS = np.eye(4, dtype=np.float32)


@pytest.mark.parametrize("classes", [2, 3, 4])
def test_each_class_has_the_highest_logit_on_its_own(classes: int) -> None:
    owners = np.arange(4) % classes
    logits = Linear.fit(VECTORS, owners, classes).logits(VECTORS)
    assert (logits.argmax(axis=1) == owners).all()


def noisy(count: int, classes: int) -> tuple[np.ndarray, np.ndarray]:
    """Vectors of length 1 round a direction for each class, and their classes."""
    chance = np.random.default_rng(0)
    owners = np.arange(count) % classes
    vectors = 2 * chance.normal(size=(classes, 16))[owners] + chance.normal(size=(count, 16))
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), owners


def centred(logits: np.ndarray) -> np.ndarray:
    """A constant in all logits of a text means nothing."""
    return logits - logits.mean(axis=1, keepdims=True)


def test_logits_are_those_that_scikit_learn_gives() -> None:
    from sklearn.linear_model import LogisticRegression

    vectors, owners = noisy(600, 6)
    model = LogisticRegression(C=30.0, tol=1e-7, max_iter=5000).fit(vectors, owners)
    ours = Linear.fit(vectors, owners, 6).logits(vectors)
    assert np.std(centred(ours) - model.decision_function(vectors)) < 0.2


def test_going_on_from_an_earlier_fit_ends_where_a_new_one_does() -> None:
    """Also when a text is new, and when a class is."""
    vectors, owners = noisy(600, 6)
    whole = Linear.fit(vectors, owners, 6)
    fewer = owners < 5
    part = Linear.fit(vectors[fewer], owners[fewer], 5)
    for start in (
        Linear.fit(vectors[1:], owners[1:], 6),
        part.among(tuple("abcde"), tuple("abcdef")),
    ):
        again = Linear.fit(vectors, owners, 6, start)
        assert np.std(centred(again.logits(vectors)) - centred(whole.logits(vectors))) < 0.2


def test_classes_keep_their_weights_when_others_come_and_go() -> None:
    before = Linear(np.eye(3, dtype=np.float32), np.arange(3, dtype=np.float32))
    now = before.among(("a", "b", "c"), ("b", "new", "c"))
    assert now.intercept.tolist() == [1, 0, 2]
    assert now.coef.tolist() == [[0, 1, 0], [0, 0, 0], [0, 0, 1]]


def test_class_without_a_text_is_never_the_best() -> None:
    logits = Linear.fit(VECTORS, np.array([0, 0, 2, 2]), 3).logits(VECTORS)
    assert 1 not in logits.argmax(axis=1)


def test_fewer_than_two_classes_say_nothing() -> None:
    assert not Linear.fit(VECTORS, np.zeros(4, dtype=np.int64), 1).logits(VECTORS).any()

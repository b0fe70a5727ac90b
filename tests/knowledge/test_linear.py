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


def test_two_classes_equal_the_log_odds_that_scikit_learn_gives() -> None:
    from sklearn.linear_model import LogisticRegression

    owners = np.array([0, 0, 1, 1])
    logits = Linear.fit(VECTORS, owners, 2).logits(VECTORS)
    model = LogisticRegression(C=30.0, max_iter=1000).fit(VECTORS, owners)
    np.testing.assert_allclose(
        logits[:, 1] - logits[:, 0], model.decision_function(VECTORS), atol=1e-4
    )


def test_class_without_a_text_is_never_the_best() -> None:
    logits = Linear.fit(VECTORS, np.array([0, 0, 2, 2]), 3).logits(VECTORS)
    assert 1 not in logits.argmax(axis=1)


def test_fewer_than_two_classes_say_nothing() -> None:
    assert not Linear.fit(VECTORS, np.zeros(4, dtype=np.int64), 1).logits(VECTORS).any()

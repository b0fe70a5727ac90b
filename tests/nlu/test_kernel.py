from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.svm import SVC

from bot.nlu.kernel import Machine

RANDOM = np.random.default_rng(0)


def cloud(centre: int, count: int = 30) -> NDArray[np.float32]:
    """Vectors of length 1 round one axis."""
    vectors = RANDOM.normal(0, 0.2, (count, 8))
    vectors[:, centre] += 1
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


VECTORS = np.concatenate([cloud(0), cloud(1)])
TRUTH = np.arange(60) < 30


def test_scores_are_those_of_scikit_learn() -> None:
    machine = Machine.fit(VECTORS, TRUTH, 1.5, 2.0, {True: 1.0, False: 3.0})
    theirs = SVC(C=2.0, gamma=1.5, class_weight={True: 1.0, False: 3.0}).fit(VECTORS, TRUTH)
    unseen = np.concatenate([cloud(0, 5), cloud(1, 5), cloud(2, 5)])
    wanted = theirs.decision_function(unseen)
    np.testing.assert_allclose(machine.scores(unseen), wanted, atol=1e-4)


def test_each_side_is_told() -> None:
    machine = Machine.fit(VECTORS, TRUTH, 1.0, 3.0)
    assert (machine.scores(cloud(0)) > 0).all()
    assert (machine.scores(cloud(1)) < 0).all()


def test_it_comes_back_from_its_arrays() -> None:
    machine = Machine.fit(VECTORS, TRUTH, 1.0, 3.0)
    again = Machine.of(machine.arrays())
    np.testing.assert_array_equal(again.scores(VECTORS), machine.scores(VECTORS))


def test_one_side_alone_is_no_machine() -> None:
    with pytest.raises(ValueError, match="class"):
        Machine.fit(VECTORS, np.ones(60, dtype=bool), 1.0, 3.0)

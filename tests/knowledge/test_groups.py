from __future__ import annotations

import numpy as np

from bot.knowledge.groups import Groups

GROUPS = Groups(np.array([0, 0, 0, 1]))
VALUES = np.array([[0.2, 0.9, 0.4, 0.5], [0.8, 0.1, 0.3, 0.7]], dtype=np.float32)


def test_the_best_texts_of_each_entry_are_averaged() -> None:
    np.testing.assert_allclose(GROUPS.mean_of_best(VALUES, 2), [[0.65, 0.5], [0.55, 0.7]])
    np.testing.assert_allclose(GROUPS.mean_of_best(VALUES, 1), [[0.9, 0.5], [0.8, 0.7]])


def test_an_entry_with_fewer_texts_is_judged_by_those_it_has() -> None:
    np.testing.assert_allclose(GROUPS.mean_of_best(VALUES, 9)[:, 1], [0.5, 0.7])


def test_a_text_that_must_not_count_does_not() -> None:
    struck = VALUES.copy()
    struck[0, 1] = -np.inf
    np.testing.assert_allclose(GROUPS.mean_of_best(struck, 2)[0], [0.3, 0.5])


def test_an_entry_without_a_text_that_counts_gets_the_lowest_value() -> None:
    struck = VALUES.copy()
    struck[:, 3] = -np.inf
    np.testing.assert_allclose(GROUPS.mean_of_best(struck, 1), [[0.9, 0.9], [0.8, 0.8]])
    assert np.isfinite(GROUPS.mean_of_best(np.full((1, 4), -np.inf, dtype=np.float32), 2)).all()


def test_best_names_the_text_itself() -> None:
    assert GROUPS.best(VALUES).tolist() == [[1, 3], [0, 3]]

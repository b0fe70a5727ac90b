from __future__ import annotations

import numpy as np

from bot.knowledge.leftout import calibrate, left_out_scores
from bot.knowledge.search import SearchIndex
from tests.knowledge.test_search import ENCODER, PAIRS, fit


def test_a_question_does_not_help_to_find_itself() -> None:
    """One that shares nothing with its siblings is found when indexed and not when left out."""
    index = fit([*PAIRS, ("botox/last", "zebra quartz vexes")])
    row = index.questions.index("zebra quartz vexes")
    own = index.owners[row]
    seen, second = index.search("zebra quartz vexes", index.vectors[row], 2)
    left_out = left_out_scores(index)[row]
    assert seen.entry_id == "botox/last"
    assert left_out[own] - np.delete(left_out, own).max() < seen.score - second.score - 1


def test_every_question_has_a_finite_score_for_every_entry() -> None:
    index = fit(PAIRS)
    scores = left_out_scores(index)
    assert scores.shape == (12, 3)
    assert np.isfinite(scores).all()


def test_cosines_are_left_out_exactly() -> None:
    """Striking a question's column gives the cosines of an index that never had it."""
    index = fit(PAIRS)
    for row in range(len(index.questions)):
        rest = [pair for pair in PAIRS if pair[1] != index.questions[row]]
        refitted = fit(rest)
        near = refitted.groups.mean_of_best(index.vectors[row : row + 1] @ refitted.vectors.T, 3)
        cosines = index.vectors[row : row + 1] @ index.vectors.T
        cosines[0, row] = -np.inf
        struck = index.groups.mean_of_best(cosines, 3)
        np.testing.assert_allclose(struck, near, atol=1e-6)


def test_calibration_makes_confidence_fit_how_often_it_is_right() -> None:
    """Where left-out questions are found badly, confidence falls; where well, it rises."""
    clear = fit(PAIRS)
    scores = left_out_scores(clear)
    sure = calibrate(clear, np.eye(3, dtype=np.float32)[clear.owners] * 4)
    unsure = calibrate(clear, np.zeros_like(scores) + np.eye(3, dtype=np.float32)[0])
    assert sure.temperature < unsure.temperature


def test_calibration_of_nothing_leaves_the_index_as_it_is() -> None:
    empty = SearchIndex.fit([], ENCODER.encode([]))
    assert calibrate(empty, left_out_scores(empty)) is empty

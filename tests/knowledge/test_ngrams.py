from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.knowledge.ngrams import NgramIndex
from bot.knowledge.tfidf import BUCKETS

Floats = NDArray[np.float32]

TEXTS = ["how long does botox last", "retinol at night", "botox and retinol"]


def cosines(index: NgramIndex, text: str) -> Floats:
    return index.cosines(index.terms(text))


def test_a_text_is_nearest_to_itself() -> None:
    index = NgramIndex.fit(TEXTS)
    for row, text in enumerate(TEXTS):
        near = cosines(index, text)
        assert near.argmax() == row
        assert near[row] == pytest.approx(1, abs=1e-5)


def test_a_misspelt_word_is_near_the_right_one() -> None:
    near = cosines(NgramIndex.fit(TEXTS), "retinoll")
    assert near[1] > 0.2 > near[0]


def test_case_and_punctuation_do_not_matter() -> None:
    index = NgramIndex.fit(TEXTS)
    np.testing.assert_array_equal(cosines(index, "Retinol, at NIGHT!"), cosines(index, TEXTS[1]))


@pytest.mark.parametrize("text", ["", "😀", "?!"])
def test_text_without_letters_is_near_nothing(text: str) -> None:
    assert not cosines(NgramIndex.fit([*TEXTS, text]), text).any()


def test_no_texts_work() -> None:
    assert cosines(NgramIndex.fit([]), "botox").shape == (0,)


def test_values_of_a_text_have_length_one_and_every_bucket_its_postings() -> None:
    index = NgramIndex.fit(TEXTS)
    for row in range(len(TEXTS)):
        assert np.linalg.norm(index.values[index.rows == row]) == pytest.approx(1, abs=1e-6)
    assert index.starts.shape == (BUCKETS + 1,)
    assert index.starts[-1] == len(index.rows) == len(index.values)

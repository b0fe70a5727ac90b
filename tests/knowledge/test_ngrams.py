from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.ngrams import NgramIndex

TEXTS = ["how long does botox last", "retinol at night", "botox and retinol"]


def test_a_text_is_nearest_to_itself() -> None:
    index = NgramIndex.fit(TEXTS)
    for row, text in enumerate(TEXTS):
        cosines = index.cosines(text)
        assert cosines.argmax() == row
        assert cosines[row] == pytest.approx(1, abs=1e-5)


def test_a_misspelt_word_is_near_the_right_one() -> None:
    cosines = NgramIndex.fit(TEXTS).cosines("retinoll")
    assert cosines[1] > 0.2 > cosines[0]


def test_case_and_punctuation_do_not_matter() -> None:
    index = NgramIndex.fit(TEXTS)
    np.testing.assert_array_equal(index.cosines("Retinol, at NIGHT!"), index.cosines(TEXTS[1]))


@pytest.mark.parametrize("text", ["", "😀", "?!"])
def test_text_without_letters_is_near_nothing(text: str) -> None:
    assert not NgramIndex.fit([*TEXTS, text]).cosines(text).any()


def test_no_texts_work() -> None:
    assert NgramIndex.fit([]).cosines("botox").shape == (0,)

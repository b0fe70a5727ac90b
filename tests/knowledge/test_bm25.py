from __future__ import annotations

import pytest

from bot.knowledge.bm25 import WordIndex

DOCUMENTS = [
    "The gel is hyaluronic acid. The gel lifts the lips.",
    "The toxin relaxes the muscles of the forehead.",
    "The cream peels the skin. Use the cream at night on the forehead.",
]


def test_a_rare_word_finds_its_document() -> None:
    scores = WordIndex.fit(DOCUMENTS).scores("what does hyaluronic mean")
    assert scores.argmax() == 0
    assert scores[1] == scores[2] == 0


def test_a_rare_word_counts_more_than_a_common_one() -> None:
    scores = WordIndex.fit(DOCUMENTS).scores("forehead cream")
    assert scores[2] > scores[1] > scores[0] == 0


def test_repeating_a_word_in_the_query_changes_nothing() -> None:
    index = WordIndex.fit(DOCUMENTS)
    assert index.scores("cream cream cream").tolist() == index.scores("cream").tolist()


@pytest.mark.parametrize("text", ["", "😀", "?!", "zebra"])
def test_unknown_words_fit_nothing(text: str) -> None:
    assert WordIndex.fit(DOCUMENTS).scores(text).tolist() == [0, 0, 0]


@pytest.mark.parametrize("documents", [[], [""], ["", ""]])
def test_no_words_work(documents: list[str]) -> None:
    assert WordIndex.fit(documents).scores("botox").tolist() == [0] * len(documents)

from __future__ import annotations

import pytest

from bot.knowledge.stems import StemIndex, stems


@pytest.mark.parametrize(
    ("one", "other"),
    [("injections", "injection"), ("stopped", "stop"), ("peeling", "peels"), ("don't", "dont")],
)
def test_forms_of_a_word_have_one_stem(one: str, other: str) -> None:
    assert stems(one) == stems(other)


def test_short_words_stay_whole() -> None:
    assert stems("red bed is led") == ["red", "bed", "is", "led"]


def test_index_finds_other_forms_of_a_word() -> None:
    index = StemIndex.fit(["a bruise after botox", "peeling from retinol"])
    assert index.cosines(index.terms("why does my skin peel")).argmax() == 1
    assert index.cosines(index.terms("bruising")).argmax() == 0

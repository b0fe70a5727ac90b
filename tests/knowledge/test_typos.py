from __future__ import annotations

import random

import pytest

from bot.knowledge.typos import misspelt


def test_typos_change_letters_and_keep_most_of_the_text() -> None:
    text = "how long does botox last"
    found = {misspelt(text, random.Random(seed)) for seed in range(20)}
    assert len(found) > 15
    assert all(abs(len(one) - len(text)) <= 2 for one in found)
    assert {len(one.split()) for one in found} == {len(text.split())}


@pytest.mark.parametrize("text", ["", "a", "1 2 3", "?!"])
def test_text_without_two_letters_in_a_row_stays(text: str) -> None:
    assert misspelt(text, random.Random(0)) == text

from __future__ import annotations

import random
from dataclasses import astuple
from pathlib import Path

import pytest

from bot.knowledge.build import build
from bot.knowledge.read import read
from bot.knowledge.weigh import misspelt, weigh
from tests.knowledge.folder import WordEncoder, write


def test_weights_are_fitted_and_reported_for_both_ways_of_writing(tmp_path: Path) -> None:
    knowledge, _ = read(write(tmp_path))
    built = build(knowledge, WordEncoder())
    weights, lines = weigh(knowledge, WordEncoder(), built)
    assert min(astuple(weights)) >= 0 < max(astuple(weights))
    assert [line.partition(":")[0] for line in lines] == ["as written", "two typos"]


def test_weighing_is_deterministic(tmp_path: Path) -> None:
    knowledge, _ = read(write(tmp_path))
    built = build(knowledge, WordEncoder())
    assert weigh(knowledge, WordEncoder(), built) == weigh(knowledge, WordEncoder(), built)


def test_typos_change_letters_and_keep_most_of_the_text() -> None:
    text = "how long does botox last"
    found = {misspelt(text, random.Random(seed)) for seed in range(20)}
    assert len(found) > 15
    assert all(
        abs(len(one) - len(text)) <= 2 and one[0] in "hoabcdefghijklmnopqrstuvwxyz" for one in found
    )


@pytest.mark.parametrize("text", ["", "a", "1 2 3", "?!"])
def test_text_without_two_letters_in_a_row_stays(text: str) -> None:
    assert misspelt(text, random.Random(0)) == text

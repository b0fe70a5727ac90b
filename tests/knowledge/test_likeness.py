"""Texts that ask for the same thing come together, whatever their order."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from ruamel.yaml import YAML

from bot.knowledge.encode import Encoder
from bot.knowledge.likeness import alike
from bot.settings import Settings
from tests.knowledge.folder import WordEncoder

GROUPS = YAML(typ="safe").load(Path(__file__).with_name("alike.yml"))


def test_nothing_and_one_text_are_groups_too() -> None:
    assert alike(np.zeros((0, 3), dtype=np.float32)) == []
    assert alike(np.ones((1, 3), dtype=np.float32)) == [[0]]


def test_the_same_words_come_together_and_the_largest_group_first() -> None:
    texts = ["a dog", "lash extensions here", "here lash extensions", "extensions lash here"]
    assert alike(WordEncoder().encode(texts)) == [[1, 2, 3], [0]]


def test_every_text_is_in_one_group() -> None:
    texts = [f"{a} {b} {c}" for a in "pqrs" for b in "tuv" for c in "wxyz"]
    found = alike(WordEncoder().encode(texts))
    assert sorted(index for group in found for index in group) == list(range(len(texts)))
    assert alike(WordEncoder().encode(texts)) == found


def test_the_cut_does_what_it_was_chosen_for() -> None:
    """On the labelled groups it was measured with; see `CUT`."""
    texts = [text for group in GROUPS for text in group]
    owner = {text: number for number, group in enumerate(GROUPS) for text in group}
    found = alike(Encoder.load(Settings().encoder_dir).encode(texts))
    together = [(owner[texts[a]], owner[texts[b]]) for g in found for a in g for b in g if a < b]
    right = sum(one == other for one, other in together)
    wanted = sum(len(group) * (len(group) - 1) // 2 for group in GROUPS)
    assert right / len(together) > 0.75
    assert right / wanted > 0.6

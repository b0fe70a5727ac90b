from __future__ import annotations

from dataclasses import astuple
from pathlib import Path

from bot.knowledge.build import build
from bot.knowledge.read import read
from bot.knowledge.weigh import weigh
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

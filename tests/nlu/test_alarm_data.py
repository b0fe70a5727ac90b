"""What the emergency classifier learns from, whole and encoded once."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.asked import Asked
from bot.knowledge.entry import Entry, Urgency
from bot.nlu.alarm_data import alarm_data
from bot.nlu.alarm_model import Example
from tests.nlu.lives import OneEncoder
from tests.nlu.test_alarm_model import SIGHT


class Counting(OneEncoder):
    """One that remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts):  # type: ignore[no-untyped-def]  # as the one it stands for
        """As `Encoder.encode`, of one direction."""
        self.asked += texts
        return np.ones((len(texts), 384), dtype="f4")


def test_examples_are_encoded_once(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """And again when what was kept is of no use."""
    monkeypatch.setenv("ENCODER_DIR", str(tmp_path))
    nothing = Asked({}, (), (), np.zeros((0, 384), dtype="f4"))
    encoder = Counting()
    _, first = alarm_data(encoder, nothing)
    asked = len(encoder.asked)
    assert asked > 1000
    _, second = alarm_data(encoder, nothing)
    assert len(encoder.asked) == asked
    assert np.array_equal(first, second)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(b"cut off")
    assert np.array_equal(alarm_data(encoder, nothing)[1], first)
    assert len(encoder.asked) == 2 * asked


def test_data_has_the_alarms_whole_and_every_second_of_the_rest(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("ENCODER_DIR", str(tmp_path))
    sight = Entry(SIGHT, "Sight", "Call.", urgency=Urgency.EMERGENCY)
    cost = Entry("botox/cost", "Cost", "It varies.")
    texts = tuple(f"text {number}" for number in range(15))
    owners = (SIGHT,) * 3 + (cost.id,) * 12
    known = Asked({e.id: e for e in (sight, cost)}, owners, texts, np.eye(15, 384, dtype="f4"))
    examples, vectors = alarm_data(Counting(), known)
    assert len(examples) == len(vectors)
    assert examples[-9:] == [
        *(Example(text, SIGHT) for text in texts[:3]),
        *(Example(f"text {n}", None) for n in range(4, 15, 2)),
    ]
    assert np.array_equal(vectors[-9:], known.vectors[[0, 1, 2, *range(4, 15, 2)]])
    assert replace(examples[0], entry_id=None) not in examples[1:]

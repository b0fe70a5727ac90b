"""What a message is cut into, and how its parts are read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from bot.advice.understanding import Term
from bot.nlu.parts import (
    MOST,
    READINGS,
    PartModel,
    cut,
    evidence,
    features,
    rank,
    read,
    with_services,
)
from bot.nlu.seams import Seam
from bot.nlu.service_parts import ServiceParts

FAMILIES = ("botox", "botox", "fillers")


def seams(text: str, *begins: str, chance: float = 0.9) -> list[Seam]:
    """Seams at these words."""
    return [Seam(text.index(begin), chance) for begin in begins]


def terms(text: str) -> list[Term]:
    """Of a language with two subjects."""
    return [Term(word, word) for word in text.split() if word in FAMILIES]


class Scoring:
    """Gives each text the scores of its turn, and remembers what it was asked."""

    def __init__(self) -> None:
        self.asked: list[str] = []

    def __call__(self, texts: Sequence[str], vectors: NDArray[np.float32]) -> NDArray[np.float32]:
        """One row a text."""
        assert len(vectors) == len(texts)
        self.asked += texts
        return np.arange(len(texts) * len(FAMILIES), dtype=np.float32).reshape(len(texts), -1)


def encode(texts: Sequence[str]) -> NDArray[np.float32]:
    """The length of each text, and whether it speaks of being open."""
    return np.array([[len(text), "open" in text] for text in texts], dtype=np.float32)


OPEN = ServiceParts(
    ("", "service/book", "service/opening-hours"),
    np.array([[0, 0], [0, 0], [0, 4]], dtype=np.float32),
    np.array([0, -1, -2], dtype=np.float32),
)
"""Hears "open" as a question for the opening hours, with odds of 2."""


def test_a_message_is_cut_where_a_question_begins() -> None:
    text = "does it hurt, and how long does it last"
    pieces = cut(text, seams(text, "and"), 0.5)
    assert [piece.text for piece in pieces] == ["does it hurt", "how long does it last"]
    assert [piece.so_far for piece in pieces] == ["does it hurt,", text]
    assert [piece.seams for piece in pieces] == [(0.9,), (0.9,)]


def test_a_seam_that_is_not_clear_cuts_nothing() -> None:
    text = "does it hurt and how"
    (piece,) = cut(text, seams(text, "and", chance=0.4), 0.5)
    assert piece.text == text


def test_of_many_seams_the_clearest_count_and_the_order_stays() -> None:
    text = "a1 b1 c1 d1 e1"
    chances = {"b1": 0.6, "c1": 0.9, "d1": 0.7, "e1": 0.8}
    pieces = cut(text, [Seam(text.index(word), one) for word, one in chances.items()], 0.5)
    assert [piece.text for piece in pieces] == ["a1 b1", "c1 d1", "e1"]
    assert [piece.seams for piece in pieces] == [(0.9,), (0.9, 0.8), (0.8,)]
    assert len(pieces) == MOST


@pytest.mark.parametrize(
    ("text", "begins", "left"),
    [
        ("hi, does it hurt", ["does"], ["does it hurt"]),
        ("does it hurt and how long", ["and", "how"], ["does it hurt", "how long"]),
        ("does it hurt, also", ["also"], ["does it hurt, also"]),
        ("and also", ["also"], [""]),
    ],
)
def test_joining_words_are_no_question(text: str, begins: list[str], left: list[str]) -> None:
    assert [piece.text for piece in cut(text, seams(text, *begins), 0.5)] == left


@given(st.text(max_size=60), st.lists(st.tuples(st.integers(1, 60), st.floats(0, 1)), max_size=6))
def test_any_text_is_cut_without_losing_its_letters(
    text: str, places: list[tuple[int, float]]
) -> None:
    found = [Seam(start, chance) for start, chance in dict(places).items() if start < len(text)]
    pieces = cut(text, found, 0.5)
    assert 1 <= len(pieces) <= MOST
    assert pieces[-1].so_far == text.strip()
    assert all(piece.text in text for piece in pieces)
    assert len(pieces) == 1 or all(piece.text for piece in pieces)


def test_a_part_without_a_subject_is_about_the_one_named_last_or_else_first() -> None:
    text = "does it hurt do fillers last is it safe"
    scoring = Scoring()
    pieces = cut(text, seams(text, "do fillers", "is it safe"), 0.5)
    found = read(text, pieces, terms, encode, scoring, FAMILIES)
    assert "fillers does it hurt" in scoring.asked
    assert "fillers is it safe" in scoring.asked
    assert "fillers do fillers last" not in scoring.asked
    family = READINGS.index("family")
    np.testing.assert_array_equal(found.scores[:, family], [[0, 0, 1]] * 3)


def test_nothing_is_read_twice_and_the_last_part_is_read_as_the_whole() -> None:
    text = "do fillers hurt is it safe"
    scoring = Scoring()
    found = read(text, cut(text, seams(text, "is"), 0.5), terms, encode, scoring, FAMILIES)
    assert scoring.asked == ["do fillers hurt", text, "is it safe", "fillers is it safe"]
    so_far, whole = READINGS.index("so_far"), READINGS.index("whole")
    np.testing.assert_array_equal(found.scores[1, so_far], found.scores[1, whole])


def test_what_one_part_asks_for_is_less_likely_asked_for_by_another() -> None:
    text = "do fillers hurt is it safe"
    found = read(text, cut(text, seams(text, "is"), 0.5), terms, encode, Scoring(), FAMILIES)
    elsewhere = features(found)[:, :, READINGS.index("elsewhere")]
    assert elsewhere[0].argmax() == features(found)[1, :, READINGS.index("with_subject")].argmax()
    weights = [float(name == "alone") for name in READINGS]
    wary = [-9.0 if name == "elsewhere" else float(name == "alone") for name in READINGS]
    assert rank(found, wary)[0].argmax() != rank(found, weights)[0].argmax()
    np.testing.assert_allclose(np.exp(rank(found, weights)).sum(axis=1), 1, atol=1e-5)


def test_a_part_has_a_chance_by_numbers_that_stand_in_the_file(tmp_path: Path) -> None:
    text = "do fillers hurt is it safe"
    found = read(text, cut(text, seams(text, "is"), 0.5), terms, encode, Scoring(), FAMILIES)
    model = PartModel.load()
    ranked = rank(found, model.readings)
    assert len(model.readings) == len(READINGS)
    assert evidence(found, ranked).shape == (2, len(model.model.weights))
    assert all(0 < chance < 1 for chance in model.chances(found, ranked))
    path = tmp_path / "thresholds.json"
    path.write_text(json.dumps({"parts": asdict(model)}))
    assert PartModel.load(path) == model


def test_a_piece_that_clearly_asks_for_the_clinic_is_answered_by_it() -> None:
    text = "do fillers hurt when are you open"
    found = read(text, cut(text, seams(text, "when"), 0.5), terms, encode, Scoring(), FAMILIES)
    np.testing.assert_array_equal(found.vectors, encode(["do fillers hurt", "when are you open"]))
    assert found.served == (None, None)
    model = PartModel.load()
    ranked = rank(found, model.readings)
    nothing, served = with_services(found, OPEN, 2.1), with_services(found, OPEN, 1.9)
    assert nothing.served == (None, None)
    assert [one.need if one else None for one in served.served] == [None, "service/opening-hours"]
    sure, differ = 1, 8
    before, after = evidence(nothing, ranked), evidence(served, ranked)
    assert after[0, sure] == pytest.approx(2.0) != before[0, sure]
    assert after[0, differ] == 1
    assert model.chances(served, ranked)[1] == pytest.approx(1 / (1 + np.exp(-2.0)))

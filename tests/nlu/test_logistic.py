"""Regressions as numbers in a file: what is read back judges as what was fitted."""

from __future__ import annotations

import json
import math
from dataclasses import asdict

import numpy as np
import pytest

from bot.nlu.logistic import Logistic, Standard, log_odds, rounded

ROWS = np.array([[1.0, 10.0, 5.0], [3.0, 30.0, 5.0], [5.0, 20.0, 5.0]])


def test_the_chance_is_the_logistic_of_the_weighted_standard_features() -> None:
    model = Logistic((1.0, 0.0), (0.5, 1.0), (2.0, -1.0), 1.0)
    assert model.chance((2.0, 3.0)) == pytest.approx(1 / (1 + math.exp(-(1 + 4 - 3))))


def test_what_the_file_says_judges_as_what_was_fitted() -> None:
    standard = Standard.of(ROWS)
    model = standard.logistic([0.5, -1.5, 0.25], 0.75)
    again = Logistic.of(json.loads(json.dumps(asdict(model))))
    for row, scaled in zip(ROWS, standard.scaled(ROWS), strict=True):
        odds = 0.75 + scaled @ np.array([0.5, -1.5, 0.25])
        assert again.chance(row) == pytest.approx(1 / (1 + math.exp(-odds)), abs=1e-3)


def test_standard_features_are_spread_alike_and_a_constant_one_says_nothing() -> None:
    scaled = Standard.of(ROWS).scaled(ROWS)
    assert scaled.mean(axis=0) == pytest.approx(0.0, abs=1e-9)
    assert scaled.std(axis=0) == pytest.approx([1.0, 1.0, 0.0], abs=1e-3)


def test_a_feature_that_never_varies_still_gives_a_model_that_can_judge() -> None:
    """Its spread would be written as 0, and no feature can be divided by that."""
    model = Standard.of(ROWS).logistic([1.0, 1.0, 0.0], 0.0)
    assert math.isfinite(model.chance((1.0, 10.0, 5.0)))


@pytest.mark.parametrize("count", [1, 3])
def test_other_features_than_it_was_fitted_on_are_an_error_and_not_a_guess(count: int) -> None:
    with pytest.raises(ValueError, match="zip"):
        Logistic((0.0, 0.0), (1.0, 1.0), (1.0, 1.0), 0.0).chance((1.0,) * count)


def test_the_odds_of_what_is_certain_are_finite() -> None:
    assert log_odds(0.5) == 0.0
    assert log_odds(1.0) == pytest.approx(9.21, abs=0.01)
    assert log_odds(0.0) == pytest.approx(-9.21, abs=0.01)


def test_numbers_of_any_kind_are_written_as_plain_ones() -> None:
    assert json.dumps(rounded(np.array([0.123456, 2], dtype=np.float32))) == "[0.1235, 2.0]"

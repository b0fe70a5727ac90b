"""A logistic model on seven features; what its numbers are is `advisor tune`'s to say."""

from __future__ import annotations

import json
import math
from pathlib import Path

import pytest

from bot.knowledge.search import Hit
from bot.nlu.logistic import Logistic
from bot.nlu.scope import Scope, features


def hit(cosine: float, logit: float, score: float = 0.0, confidence: float = 0.5) -> Hit:
    return Hit("a", score, cosine, "", logit, confidence)


HITS = [hit(0.2, 1.0), hit(0.8, -2.0), hit(0.5, 4.0), hit(0.1, 0.0)]
PLAIN = Scope(Logistic((0.0,) * 7, (1.0,) * 7, (1.0, *(0.0,) * 6), 0.0))


def test_the_features_are_taken_over_all_hits() -> None:
    """Not of the best one: the largest logit and the nearest cosine may be of others."""
    found = features(HITS, [("out_of_scope", 0.2), ("ask_question", 0.8)], 0.7)
    logit, nearest, mean, odds, _, _, inside = found
    assert (logit, nearest) == (4.0, 0.8)
    assert mean == pytest.approx(0.5)
    assert odds == pytest.approx(math.log(0.25))
    assert inside == 0.7


def test_how_far_the_best_entry_stands_out_is_its_own_score_and_confidence() -> None:
    hits = [hit(0.2, 1.0, score=3.0, confidence=0.2), hit(0.1, 0.0, score=7.0, confidence=0.8)]
    score, odds = features(hits, [], 0.0)[4:6]
    assert score == 7.0
    assert odds == pytest.approx(math.log(4))


def test_fewer_than_three_hits_are_averaged_over_what_is_there() -> None:
    assert features([hit(0.6, 0.0)], [], 0.0)[2] == pytest.approx(0.6)


@pytest.mark.parametrize("certainty", [0.0, 1.0])
def test_a_classifier_that_is_certain_gives_finite_odds(certainty: float) -> None:
    odds = features(HITS, [("out_of_scope", certainty)], 0.0)[3]
    assert math.isfinite(odds)
    assert (odds > 0) == (certainty > 0.5)


def test_a_classifier_that_does_not_know_the_intent_says_nothing() -> None:
    assert features(HITS, [], 0.0)[3] == 0.0
    assert features(HITS, [("greet", 1.0)], 0.0)[3] == 0.0


def test_every_intent_that_is_out_of_scope_speaks_against() -> None:
    one = features(HITS, [("ask_diagnosis", 0.3), ("out_of_scope", 0.3)], 0.0)[3]
    assert one == pytest.approx(math.log(0.6 / 0.4))


def test_no_hits_give_no_features() -> None:
    """As with an empty publication."""
    assert features([], [("out_of_scope", 0.9)], 2.0) == (0.0,) * 7


def test_the_probability_is_the_logistic_of_the_weighted_sum() -> None:
    assert PLAIN.probability([hit(0.0, 0.0)], [], 0.0) == 0.5
    assert PLAIN.probability([hit(0.0, 2.0)], [], 0.0) == pytest.approx(1 / (1 + math.exp(-2)))
    shifted = Scope(Logistic((1.0, *(0,) * 6), (0.5, *(1,) * 6), (2.0, *(0,) * 6), -4.0))
    assert shifted.probability([hit(0.0, 2.0)], [], 0.0) == 0.5


def test_what_was_tuned_falls_with_the_odds_of_out_of_scope() -> None:
    """And rises with nearness: a sign that was lost would turn the bot round."""
    scope = Scope.load()
    near, far = [hit(0.9, 9.0)] * 3, [hit(0.1, 1.0)] * 3
    assert scope.probability(near, [], 0.0) > scope.probability(far, [], 0.0)
    assert scope.probability(near, [], 1.0) > scope.probability(near, [], -1.0)
    odds = [scope.probability(near, [("out_of_scope", p)], 0.0) for p in (0.01, 0.5, 0.99)]
    assert odds == sorted(odds, reverse=True)


@pytest.mark.parametrize("missing", ["means", "scales", "weights", "bias"])
def test_a_file_without_a_number_is_refused(tmp_path: Path, missing: str) -> None:
    scope = {"means": [0] * 7, "scales": [1] * 7, "weights": [0] * 7, "bias": 0}
    del scope[missing]
    path = tmp_path / "thresholds.json"
    path.write_text(json.dumps({"scope": {"model": scope}}))
    with pytest.raises(KeyError, match=missing):
        Scope.load(path)


def test_a_known_question_is_in_scope_however_little_else_is_known() -> None:
    """As in a clinic that has written two entries."""
    never = Scope(Logistic((0.0,) * 7, (1.0,) * 7, (0.0,) * 7, -99.0))
    assert never.probability([hit(1.0, 0.0)], [], 0.0) == 1.0
    assert never.probability([hit(0.99, 9.0)], [], 9.0) < 0.01


def test_too_few_weights_are_an_error_and_not_a_guess() -> None:
    with pytest.raises(ValueError, match="zip"):
        Scope(Logistic((0.0,) * 7, (1.0,) * 7, (1.0,) * 6, 0.0)).probability(HITS, [], 0.0)

from __future__ import annotations

from dataclasses import astuple, fields

import numpy as np
import pytest

from bot.knowledge.blend import Floats, Views, Weights, blend, fit_weights

ENTRIES = 20
COUNT = len(fields(Views))


def views(seed: int, right: Floats, informative: float) -> Views:
    """Noise in every view; `logits` also knows what is right."""
    random = np.random.default_rng(seed)
    noise = random.normal(size=(COUNT, len(right), ENTRIES)).astype(np.float32)
    noise[0] += informative * np.eye(ENTRIES, dtype=np.float32)[right.astype(int)]
    return Views(*noise)


def test_views_of_any_scale_count_by_their_weights_alone() -> None:
    one = views(0, np.zeros(3, dtype=np.float32), 0)
    scaled = Views(*(value * 100 + 7 for value in astuple(one)))
    np.testing.assert_allclose(blend(scaled), blend(one), atol=1e-4)


def test_a_view_that_is_the_same_for_all_entries_says_nothing() -> None:
    flat = np.full((2, ENTRIES), 3, dtype=np.float32)
    assert not blend(Views(*[flat] * COUNT)).any()


def test_fitted_weights_trust_the_view_that_knows() -> None:
    right = np.arange(200) % ENTRIES
    fitted = fit_weights(views(1, right.astype(np.float32), 3).standardised(), list(right))
    assert fitted.logits > 1
    assert max(astuple(fitted)[1:]) < 0.2


def test_no_weight_is_below_zero() -> None:
    right = np.arange(200) % ENTRIES
    against = views(2, right.astype(np.float32), -3).standardised()
    assert fit_weights(against, list(right)).logits == 0


def test_fitted_weights_find_more_than_equal_ones() -> None:
    right = np.arange(400) % ENTRIES
    seen, unseen = (views(seed, right.astype(np.float32), 2) for seed in (3, 4))
    fitted = fit_weights(seen.standardised(), list(right))
    equal = Weights(*[1] * COUNT)
    rates = [(blend(unseen, one).argmax(axis=1) == right).mean() for one in (fitted, equal)]
    assert rates[0] > rates[1] + 0.1


@pytest.mark.parametrize("value", range(1, COUNT + 1))
def test_weights_are_in_the_order_of_the_views(value: int) -> None:
    """`blend` pairs them by place."""
    one_hot = np.zeros((1, ENTRIES), dtype=np.float32)
    one_hot[0, value] = 1
    flat = np.zeros_like(one_hot)
    names = list(Weights.__dataclass_fields__)
    assert names == list(Views.__dataclass_fields__)
    chosen = Views(
        **{name: one_hot if place == value - 1 else flat for place, name in enumerate(names)}
    )
    found = blend(chosen, Weights(*range(1, COUNT + 1)))[0]
    assert found.max() == pytest.approx(value * blend(chosen, Weights(*[1] * COUNT))[0].max())

"""The adapter changes what it names, keeps what it is given, and is known by its content."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.knowledge.adapter import FILE, NO_ADAPTER, Adapter, version

NAME = "encoder.layer.5.output.dense.weight"
SMALL = Adapter(
    {NAME: np.array([[1, 2, 3]], dtype=np.float32)}, {NAME: np.array([[2], [-1]], dtype=np.float32)}
)


def test_a_matrix_gains_the_product_of_the_two() -> None:
    """And its own numbers stay below it."""
    changed = SMALL.adapt(NAME, np.ones((2, 3), dtype=np.float32))
    np.testing.assert_array_equal(changed, [[3, 5, 7], [0, -1, -2]])
    assert changed.dtype == np.float32


def test_only_what_is_named_is_changed() -> None:
    assert NAME in SMALL
    assert "encoder.layer.0.output.dense.weight" not in SMALL
    assert NAME not in NO_ADAPTER


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    SMALL.save(tmp_path / "adapter.npz")
    loaded = Adapter.load(tmp_path / "adapter.npz")
    np.testing.assert_array_equal(loaded.down[NAME], SMALL.down[NAME])
    np.testing.assert_array_equal(loaded.up[NAME], SMALL.up[NAME])


def test_the_mean_changes_a_matrix_by_the_mean_of_the_changes() -> None:
    """Whatever the ranks of the two."""
    other = Adapter({NAME: np.eye(2, 3, dtype=np.float32)}, {NAME: np.ones((2, 2), np.float32)})
    matrix = np.ones((2, 3), dtype=np.float32)
    changed = Adapter.mean([SMALL, other]).adapt(NAME, matrix)
    np.testing.assert_allclose(changed, (SMALL.adapt(NAME, matrix) + other.adapt(NAME, matrix)) / 2)
    np.testing.assert_allclose(Adapter.mean([SMALL]).adapt(NAME, matrix), SMALL.adapt(NAME, matrix))


def test_one_after_another_changes_a_matrix_by_both() -> None:
    """Each also where the other changes nothing."""
    elsewhere = NAME.replace("5", "4")
    other = Adapter(
        {NAME: np.eye(1, 3, dtype=np.float32), elsewhere: SMALL.down[NAME]},
        {NAME: np.ones((2, 1), np.float32), elsewhere: SMALL.up[NAME]},
    )
    matrix = np.ones((2, 3), dtype=np.float32)
    both = SMALL.and_then(other)
    np.testing.assert_allclose(
        both.adapt(NAME, matrix), other.adapt(NAME, SMALL.adapt(NAME, matrix))
    )
    np.testing.assert_allclose(both.adapt(elsewhere, matrix), SMALL.adapt(NAME, matrix))
    np.testing.assert_allclose(other.and_then(SMALL).adapt(NAME, matrix), both.adapt(NAME, matrix))


def test_of_a_lower_rank_it_changes_a_matrix_as_nearly_as_it_can() -> None:
    """By the singular values that count most; what was said twice is said once, at no loss."""
    chance = np.random.default_rng(0)
    up, down = chance.normal(size=(6, 3)), chance.normal(size=(3, 5))
    adapter = Adapter({NAME: down.astype(np.float32)}, {NAME: up.astype(np.float32)})
    matrix = np.zeros((6, 5), dtype=np.float32)
    left, values, right = np.linalg.svd(up @ down)
    for rank in (1, 2, 3, 9):
        lower = adapter.of_rank(rank)
        assert lower.down[NAME].shape == (min(rank, 3), 5)
        most = min(rank, 3)
        nearest = left[:, :most] * values[:most] @ right[:most]
        np.testing.assert_allclose(lower.adapt(NAME, matrix), nearest, atol=1e-5)
    twice = Adapter.mean([adapter, adapter])
    assert twice.down[NAME].shape == (6, 5)
    np.testing.assert_allclose(
        twice.of_rank(3).adapt(NAME, matrix), adapter.adapt(NAME, matrix), atol=1e-5
    )


def test_what_is_undone_is_as_before() -> None:
    matrix = np.ones((2, 3), dtype=np.float32)
    again = SMALL.and_then(SMALL.undone()).adapt(NAME, matrix)
    np.testing.assert_array_equal(again, matrix)


def test_the_products_own_is_small_and_changes_every_layer() -> None:
    """With the last three alone it told two in a hundred test questions fewer."""
    adapter = Adapter.load()
    assert FILE.stat().st_size < 4_000_000
    assert {name.split(".")[2] for name in adapter.down} == set("012345")
    assert adapter.down.keys() == adapter.up.keys()
    assert all(np.isfinite(up @ adapter.down[name]).all() for name, up in adapter.up.items())


def test_another_adapter_is_another_version(tmp_path: Path) -> None:
    """So that vectors of one are never taken for those of the other."""
    SMALL.save(tmp_path / "adapter.npz")
    assert version(tmp_path / "adapter.npz") != version()


def test_a_file_that_is_none_is_refused(tmp_path: Path) -> None:
    (tmp_path / "adapter.npz").write_bytes(b"nonsense")
    with pytest.raises(ValueError, match="pickle"):
        Adapter.load(tmp_path / "adapter.npz")

"""The branch is kept as it was fitted, and the product's own is small and whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from bot.advice.builtin import builtin_entries
from bot.knowledge.adapter import Adapter
from bot.knowledge.alarm_branch import FILE, HARMLESS, AlarmBranch
from bot.knowledge.entry import Urgency
from bot.knowledge.read import read
from bot.nlu.alarm_examples import is_alarm
from bot.nlu.alarm_model import Example
from bot.settings import ROOT

NAME = "encoder.layer.5.output.dense.weight"
KINDS = [Example.of("", kind) for kind in AlarmBranch.load().kinds[1:]]
SMALL = AlarmBranch(
    5,
    Adapter({NAME: np.eye(1, 3, dtype=np.float32)}, {NAME: np.ones((2, 1), np.float32)}),
    (HARMLESS, "a/b", "a/b emergency"),
    np.ones((3, 2), np.float32),
    np.arange(3, dtype=np.float32),
)


def test_what_is_saved_is_loaded(tmp_path: Path) -> None:
    SMALL.save(tmp_path / "alarms.npz")
    loaded = AlarmBranch.load(tmp_path / "alarms.npz")
    assert (loaded.first, loaded.kinds) == (SMALL.first, SMALL.kinds)
    np.testing.assert_array_equal(loaded.adapter.up[NAME], SMALL.adapter.up[NAME])
    np.testing.assert_array_equal(loaded.coef, SMALL.coef)
    np.testing.assert_array_equal(loaded.intercept, SMALL.intercept)


def test_upon_a_changed_adapter_its_layers_are_what_they_were() -> None:
    below = Adapter({NAME: np.ones((2, 3), np.float32)}, {NAME: np.ones((2, 2), np.float32)})
    change = Adapter({NAME: np.eye(2, 3, dtype=np.float32)}, {NAME: np.full((2, 2), 3, np.float32)})
    matrix = np.zeros((2, 3), dtype=np.float32)
    kept = SMALL.apart_from(change)
    np.testing.assert_array_equal(
        below.and_then(change).and_then(kept.adapter).adapt(NAME, matrix),
        below.and_then(SMALL.adapter).adapt(NAME, matrix),
    )
    np.testing.assert_array_equal(kept.coef, SMALL.coef)


def test_a_change_of_a_layer_before_it_cannot_be_kept_apart() -> None:
    earlier = NAME.replace("5", "4")
    change = Adapter(
        {earlier: np.zeros((1, 3), np.float32)}, {earlier: np.ones((2, 1), np.float32)}
    )
    with pytest.raises(ValueError, match=r"layer\.4"):
        SMALL.apart_from(change)


def test_without_a_kind_for_what_is_harmless_it_is_refused(tmp_path: Path) -> None:
    """For the log-odds of an emergency are those against the first."""
    wrong = AlarmBranch(5, SMALL.adapter, ("a/b", HARMLESS), SMALL.coef[:2], SMALL.intercept[:2])
    wrong.save(tmp_path / "alarms.npz")
    with pytest.raises(ValueError, match="harmless"):
        AlarmBranch.load(tmp_path / "alarms.npz")


def test_the_products_own_is_small_and_changes_no_layer_before_it() -> None:
    branch = AlarmBranch.load()
    assert FILE.stat().st_size < 3_000_000
    layers = {int(name.split(".")[2]) for name in branch.adapter.down}
    assert layers == set(range(branch.first, 6))
    assert branch.coef.shape == (len(branch.kinds), 384)
    assert branch.intercept.shape == (len(branch.kinds),)
    assert np.isfinite(branch.coef).all() and np.isfinite(branch.intercept).all()


def test_it_knows_every_emergency_of_the_knowledge_files() -> None:
    entries = read(ROOT / "knowledge")[0].entries
    assert {id_ for id_, entry in entries.items() if is_alarm(entry)} <= {
        kind.entry_id for kind in KINDS
    }
    assert all(kind.urgency is not Urgency.CAUTION for kind in KINDS)


def test_what_it_finds_has_words_even_where_a_clinic_took_the_entry_away() -> None:
    for kind in KINDS:
        assert kind.entry_id is not None
        entry = builtin_entries()[kind.entry_id]
        if not is_alarm(entry) and kind.urgency is Urgency.URGENT_SAME_DAY:
            own = [sign.say for sign in entry.signs if sign.urgency is kind.urgency]
            assert own and all(own)

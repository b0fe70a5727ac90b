"""The hazard log says what there is."""

from __future__ import annotations

import ast
from datetime import date

import pytest

from bot.settings import ROOT
from tests.safety.hazards import HEAD, PAGE, Hazard, hazards, page, result

LOG = hazards()


def names(path: str) -> set[str]:
    """The tests of a file."""
    tree = ast.parse((ROOT / path).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return {node.name for node in tree.body if isinstance(node, kinds)}


@pytest.mark.parametrize("hazard", LOG, ids=lambda hazard: hazard.id)
def test_every_test_that_is_named_exists(hazard: Hazard) -> None:
    assert hazard.tests
    for test in hazard.tests:
        path, _, name = test.partition("::")
        assert (ROOT / path).is_file(), test
        assert not name or name in names(path), test


def test_ids_are_in_order_and_each_once() -> None:
    assert [hazard.id for hazard in LOG] == [f"H{n:02}" for n in range(1, len(LOG) + 1)]


def test_page_is_of_this_log() -> None:
    """When this fails: ``python -m tests.safety.hazards``."""
    text = PAGE.read_text(encoding="utf-8")
    assert text.startswith(HEAD)
    assert [line for line in text.splitlines() if line.startswith("| H")] == [
        line for line in text.splitlines() if line.startswith(tuple(one.row() for one in LOG))
    ]
    assert text.count("\n| H") == len(LOG) + HEAD.count("\n| H")


def test_result_counts_how_the_tests_went() -> None:
    hazard = Hazard("H01", "a", "b", "c", "minor", "low", ("tests/a.py::test_x", "tests/b.py"))
    outcomes = {
        "tests/a.py::test_x[1]": "passed",
        "tests/a.py::test_x[2]": "failed",
        "tests/b.py::test_y": "passed",
        "tests/c.py::test_z": "passed",
    }
    assert result(hazard, outcomes) == "1 failed, 2 passed"
    assert result(hazard, {}) == "none ran"


def test_page_has_the_day_and_the_figures() -> None:
    assert "Measured on 2026-11-21\n\nfigures" in page({}, date(2026, 11, 21), "figures")

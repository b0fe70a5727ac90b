"""The names of our subjects are read with every problem at its line."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge.sheet import Sheet
from bot.knowledge.terms import read_terms


def read(folder: Path, text: str) -> tuple[dict[str, tuple[str, ...]], Sheet]:
    """Read a file with this text."""
    path = folder / "terms.yml"
    path.write_text(text, encoding="utf-8")
    sheet = Sheet("knowledge/terms.yml")
    return read_terms(path, sheet), sheet


def test_names_come_by_family_in_lower_case(tmp_path: Path) -> None:
    """As the language layer compares them."""
    terms, sheet = read(tmp_path, "botox: [Botox, Dysport]\nfillers:\n  - lip filler\n")
    assert terms == {"botox": ("botox", "dysport"), "fillers": ("lip filler",)}
    assert not sheet.problems


def test_a_name_of_two_families_is_a_problem_at_its_line(tmp_path: Path) -> None:
    """It would say nothing about either."""
    _, sheet = read(tmp_path, "botox:\n  - jabs\nfillers:\n  - filler\n  - Jabs\n")
    (problem,) = sheet.problems
    assert (problem.line, problem.field) == (5, "fillers")
    assert "'jabs' is already in 'botox'" in problem.message


def test_a_broken_file_is_told_and_gives_no_names(tmp_path: Path) -> None:
    """Nothing half-read goes live."""
    terms, sheet = read(tmp_path, "botox: [")
    assert terms == {}
    assert sheet.problems


def test_without_the_file_there_are_no_names(tmp_path: Path) -> None:
    """The language layer then simply knows none."""
    assert read_terms(tmp_path / "terms.yml", Sheet("knowledge/terms.yml")) == {}

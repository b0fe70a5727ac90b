from __future__ import annotations

from datetime import date
from pathlib import Path
from shutil import copyfile

import pytest

from bot.knowledge.check import check
from bot.knowledge.entry import Status
from bot.knowledge.problem import Problem
from bot.knowledge.read import read_folder
from bot.knowledge.template import TemplateError, new_entry
from bot.settings import ROOT
from tests.knowledge.folder import TODAY, write

ID = "botox/swimming-afterwards"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The sound folder, with the real template in which `related` names what is there."""
    root = write(tmp_path)
    template = (ROOT / "knowledge" / "_template.md").read_text(encoding="utf-8")
    template = template.replace("[botox/aftercare]", "[botox/how-long-does-it-last]")
    (root / "_template.md").write_text(template, encoding="utf-8")
    return root


def problems(folder: Path) -> list[Problem]:
    return check(read_folder(folder), TODAY)


def test_new_file_is_a_valid_draft_and_only_says_that_its_examples_must_go(folder: Path) -> None:
    path = new_entry(folder, ID, TODAY)
    assert path == folder / "botox" / "swimming-afterwards.md"
    entry = read_folder(folder).knowledge.entries[ID]
    assert entry.status is Status.DRAFT
    assert entry.title == "Swimming afterwards"
    assert (entry.checked_on, entry.review_by) == (TODAY, date(2027, 11, 21))
    assert {(p.severity, p.field) for p in problems(folder)} == {
        ("warning", "questions"),
        ("warning", "test_questions"),
        ("warning", "short answer"),
    }


def test_examples_of_the_template_cannot_be_published(folder: Path) -> None:
    path = new_entry(folder, ID, TODAY)
    path.write_text(path.read_text().replace("status: draft", "status: sourced"))
    assert {p.severity for p in problems(folder) if "_template.md" in p.message} == {"error"}


def test_29th_of_february_is_reviewed_on_the_1st_of_march(folder: Path) -> None:
    new_entry(folder, ID, date(2028, 2, 29))
    assert read_folder(folder).knowledge.entries[ID].review_by == date(2029, 3, 1)


@pytest.mark.parametrize(
    ("id_", "said"),
    [
        ("swimming", "family/name"),
        ("botox/Swimming Afterwards", "family/name"),
        ("botox/a/b", "family/name"),
        ("../botox/swimming", "family/name"),
        ("botx/swimming", "Did you mean 'botox'?"),
        ("zzz/swimming", "botox, retinol"),
        ("wordings/swimming", "no family"),
        ("botox/how-long-does-it-last", "there already"),
    ],
)
def test_what_cannot_be_made_is_said_and_nothing_is_written(
    folder: Path, id_: str, said: str
) -> None:
    (folder / "wordings").mkdir()
    before = {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    with pytest.raises(TemplateError, match=said.replace("?", r"\?")):
        new_entry(folder, id_, TODAY)
    assert {path: path.read_bytes() for path in folder.rglob("*") if path.is_file()} == before


def test_missing_template_is_said(folder: Path) -> None:
    (folder / "_template.md").unlink()
    with pytest.raises(TemplateError, match=r"_template\.md"):
        new_entry(folder, ID, TODAY)


def test_file_may_be_named_with_its_ending(folder: Path) -> None:
    assert new_entry(folder, ID + ".md", TODAY).name == "swimming-afterwards.md"


def test_template_lies_beside_the_entries_of_the_product(tmp_path: Path) -> None:
    copyfile(ROOT / "knowledge" / "_template.md", tmp_path / "_template.md")
    (tmp_path / "general").mkdir()
    assert new_entry(tmp_path, "general/parking", TODAY).exists()

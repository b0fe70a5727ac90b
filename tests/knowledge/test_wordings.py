from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge.check import check
from bot.knowledge.embed import indexed_texts
from bot.knowledge.problem import Problem
from bot.knowledge.read import read_folder
from tests.knowledge.folder import TODAY, write

ID = "botox/how-long-does-it-last"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write(tmp_path)


def say(folder: Path, *lines: str, name: str = f"{ID}.txt") -> None:
    path = folder / "wordings" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")


def problems(folder: Path) -> list[Problem]:
    return check(read_folder(folder), TODAY)


def test_lines_are_wordings_of_the_entry_with_that_name(folder: Path) -> None:
    say(folder, "# from the review", "", "  face is moving again after ten weeks ", "xeomin gone")
    reading = read_folder(folder)
    entry = reading.knowledge.entries[ID]
    assert entry.wordings == ("face is moving again after ten weeks", "xeomin gone")
    assert set(entry.wordings) < set(indexed_texts(entry))
    assert reading.problems == ()
    assert reading.knowledge.entries["retinol/how-to-start"].wordings == ()


def test_the_folder_is_no_family(folder: Path) -> None:
    say(folder, "xeomin gone")
    assert read_folder(folder).ids == {ID, "retinol/how-to-start", "safety/pregnancy"}


@pytest.mark.parametrize(
    ("name", "lines", "where", "said"),
    [
        ("botox/how-long-does-it-lst.txt", ["x y"], 1, "no answer"),
        (f"{ID}.md", ["x y"], 1, "does not end in '.txt'"),
        (f"{ID}.txt", ["fine one", "word " * 90], 2, "449 characters"),
        (f"{ID}.txt", ["", "fine", "how long does botox last?"], 3, "stands on line 5"),
        (f"{ID}.txt", ["twice over", "twice over"], 2, "stands on line 1"),
    ],
)
def test_faults_are_said_at_their_line(
    folder: Path, name: str, lines: list[str], where: int, said: str
) -> None:
    say(folder, *lines, name=name)
    (problem,) = problems(folder)
    assert problem.path == f"knowledge/wordings/{name}"
    assert (problem.line, problem.severity) == (where, "error")
    assert said in problem.message


def test_file_that_is_not_text_is_said(folder: Path) -> None:
    say(folder)
    (folder / "wordings" / f"{ID}.txt").write_bytes(b"caf\xe9 and botox\n")
    (problem,) = problems(folder)
    assert "UTF-8" in problem.message


def test_test_question_may_not_be_known_from_the_wordings(folder: Path) -> None:
    say(folder, "tell me if botox fades after how many weeks")
    (problem,) = problems(folder)
    assert problem.field == "test_questions"
    assert "with the wording on line 1" in problem.message

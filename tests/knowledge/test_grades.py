from __future__ import annotations

from pathlib import Path

import pytest

from bot.knowledge import grades
from bot.knowledge.grades import Grades
from bot.knowledge.rules.text import reading_grade

TEXT = "It usually lasts three or four months."


def test_a_text_is_graded_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = Grades(tmp_path)
    assert first.grade(TEXT) == reading_grade(TEXT)
    first.keep()
    monkeypatch.delattr(grades, "reading_grade")
    assert Grades(tmp_path).grade(TEXT) == first.grade(TEXT)


@pytest.mark.parametrize("content", [b"", b"[1]", b"{"])
def test_what_is_damaged_is_graded_anew(content: bytes, tmp_path: Path) -> None:
    (tmp_path / grades.FILE_NAME).write_bytes(content)
    assert Grades(tmp_path).grade(TEXT) == reading_grade(TEXT)

"""Files of examples are read line by line, and a bad line is named."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from bot.nlu.json_lines import read_lines


def name_of(data: dict[str, Any]) -> str:
    return str(data["name"]).upper()


def test_lines_come_in_order(tmp_path: Path) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text('{"name": "b"}\n{"name": "ä 💉"}\n', encoding="utf-8")
    assert list(read_lines(path, "a name", name_of)) == ["B", "Ä 💉"]


@pytest.mark.parametrize(
    ("line", "why"),
    [
        ("{", "Expecting"),
        ("", "Expecting"),
        ("[]", "list"),
        ('"name"', "string"),
        ("{}", "it has no 'name'"),
    ],
)
def test_a_line_that_cannot_be_used_is_named_with_its_reason(
    tmp_path: Path, line: str, why: str
) -> None:
    path = tmp_path / "some.jsonl"
    path.write_text(f'{{"name": "a"}}\n{line}\n{{"name": "b"}}\n')
    with pytest.raises(ValueError, match=rf"some\.jsonl:2: not a name: .*{why}"):
        list(read_lines(path, "a name", name_of))

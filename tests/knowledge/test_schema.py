"""The schema of the front matter is fresh, and agrees with `advisor check`."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from ruamel.yaml import YAML

from bot.knowledge.schema import FILE_NAME, schema, text
from bot.settings import ROOT

ENTRIES = sorted((ROOT / "knowledge").glob("*/*.md"))
TEMPLATE = ROOT / "knowledge" / "_template.md"


def front_matter(path: Path) -> Any:
    """The fields of a file, with days as text as a schema sees them."""
    front = path.read_text(encoding="utf-8").split("---\n")[1]
    return json.loads(json.dumps(YAML(typ="safe", pure=True).load(front), default=str))


def faults(data: Any) -> list[str]:
    """What the schema has against some front matter."""
    return [error.message for error in jsonschema.Draft202012Validator(schema()).iter_errors(data)]


def test_file_is_fresh() -> None:
    """When this fails: ``python -m bot.knowledge.schema``."""
    assert (ROOT / "knowledge" / FILE_NAME).read_text(encoding="utf-8") == text()


def test_schema_is_one() -> None:
    jsonschema.Draft202012Validator.check_schema(schema())


@pytest.mark.parametrize(
    "path",
    [TEMPLATE, *(path for path in ENTRIES if path.name != "README.md")],
    ids=lambda p: p.stem,
)
def test_entries_are_valid(path: Path) -> None:
    assert faults(front_matter(path)) == []


def blank(name: str) -> Callable[[Any], None]:
    """Takes a field away."""
    return lambda data: data.pop(name)


def change(**values: Any) -> Callable[[Any], None]:
    """Sets fields."""
    return lambda data: data.update(values)


@pytest.mark.parametrize(
    "spoil",
    [
        blank("title"),
        blank("questions"),
        blank("sources"),
        blank("review_by"),
        change(title="x" * 61),
        change(titel="How long it lasts"),
        change(urgency="soon"),
        change(status="signed-off"),
        change(questions=["only one"]),
        change(questions=[f"question {number}" for number in range(16)]),
        change(test_questions=["one", "two"]),
        change(related=["no family"]),
        change(not_for=["safety/under-18"]),
        change(checked_on="21 November"),
        change(sources=[{"title": "A", "publisher": "B", "evidence": "hearsay"}]),
        change(sources=[{"title": "A", "publisher": "B", "evidence": "label", "url": "ftp://a"}]),
        change(signs=[{"name": "sight lost", "any": ["gone blind"], "fires": ["i went blind"]}]),
    ],
)
def test_fault_is_seen(spoil: Callable[[Any], None]) -> None:
    data = copy.deepcopy(front_matter(TEMPLATE))
    spoil(data)
    assert len(faults(data)) == 1

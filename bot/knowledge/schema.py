"""The JSON schema of an entry's front matter, for editors that check while one types.

    python -m bot.knowledge.schema

writes ``knowledge/_entry.schema.json``. It is derived from the fields that `bot.knowledge.read`
reads and the values of `bot.knowledge.entry`; what needs more than one field to be judged, only
`advisor check` knows.
"""

from __future__ import annotations

import json
from enum import Enum
from pathlib import Path
from typing import Any

from bot.knowledge.entry import Evidence, ForAdults, Status, Urgency
from bot.knowledge.read import FIELDS, SIGN_FIELDS
from bot.knowledge.rules.questions import MAX_QUESTIONS, MIN_QUESTIONS, MIN_TESTS, TITLE_LENGTHS
from bot.knowledge.source import SOURCE_FIELDS
from bot.settings import Settings

FILE_NAME = "_entry.schema.json"

_TEXT: dict[str, Any] = {"type": ["string", "number"], "minLength": 1}
"""Text may look like a number, as the crisis line 988 does."""
_DAY = {"type": "string", "format": "date", "pattern": r"^\d{4}-\d{2}-\d{2}$"}
_ID = r"^[a-z0-9]+(-[a-z0-9]+)*/[a-z0-9]+(-[a-z0-9]+)*$"
_SLUG = r"^[a-z0-9]+(-[a-z0-9]+)*$"


def schema() -> dict[str, Any]:
    """The schema, of draft 2020-12."""
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Front matter of an answer in knowledge/",
        "type": "object",
        "additionalProperties": False,
        "required": sorted(
            FIELDS.keys()
            - {
                "also_called",
                "not_for",
                "for_adults",
                "related",
                "signed_off_by",
                "caution",
                "signs",
            }
        ),
        "properties": _described(
            FIELDS,
            {
                "title": {
                    **_TEXT,
                    "minLength": TITLE_LENGTHS.start,
                    "maxLength": TITLE_LENGTHS.stop - 1,
                },
                "urgency": _choice(Urgency),
                "questions": _list(_TEXT, MIN_QUESTIONS, MAX_QUESTIONS),
                "test_questions": _list(_TEXT, MIN_TESTS),
                "also_called": _list(_TEXT),
                "not_for": _list({"type": "string", "pattern": _SLUG}),
                "for_adults": _choice(ForAdults),
                "related": _list({"type": "string", "pattern": _ID}),
                "status": _choice(Status),
                "checked_on": _DAY,
                "review_by": _DAY,
                "signed_off_by": _TEXT,
                "caution": _TEXT,
                "signs": _list(_sign()),
                "sources": _list(_source(), 1),
            },
        ),
        "if": {"properties": {"status": {"const": Status.SIGNED_OFF.value}}},
        "then": {"required": ["signed_off_by"]},
    }


def text() -> str:
    """The file's content."""
    return json.dumps(schema(), indent=2, ensure_ascii=False) + "\n"


def _source() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["title", "publisher", "evidence"],
        "properties": _described(
            SOURCE_FIELDS,
            {
                "title": _TEXT,
                "publisher": _TEXT,
                "url": {"type": "string", "pattern": "^https?://"},
                "date": _TEXT,
                "evidence": _choice(Evidence),
            },
        ),
    }


def _sign() -> dict[str, Any]:
    return {
        "type": "object",
        "additionalProperties": False,
        "required": ["name", "fires", "silent"],
        "properties": _described(
            SIGN_FIELDS,
            {
                "name": _TEXT,
                "needs": _list(_list(_TEXT, 1)),
                "any": _list(_TEXT),
                "not": _list(_TEXT),
                "fires": _list(_TEXT, 1),
                "silent": _list(_TEXT, 1),
                "urgency": _choice(Urgency),
                "say": _TEXT,
                "in_general": {"type": "boolean"},
                "never_in_doubt": {"type": "boolean"},
            },
        ),
    }


def _described(examples: dict[str, str], kinds: dict[str, Any]) -> dict[str, Any]:
    """The kind of each field, with the line that shows how it is written.

    Raises:
        KeyError: a field that is read has no kind here.
    """
    return {name: {"description": example, **kinds[name]} for name, example in examples.items()}


def _choice(values: type[Enum]) -> dict[str, Any]:
    return {"enum": [value.value for value in values]}


def _list(items: dict[str, Any], least: int = 0, most: int | None = None) -> dict[str, Any]:
    found: dict[str, Any] = {"type": "array", "items": items}
    if least:
        found["minItems"] = least
    if most is not None:
        found["maxItems"] = most
    return found


def main() -> None:
    """Write the schema into the knowledge folder of the settings."""
    path: Path = Settings.from_env().knowledge_dir / FILE_NAME
    path.write_text(text(), encoding="utf-8")


if __name__ == "__main__":
    main()

"""`knowledge/terms.yml`: the names our subjects go by, for the language layer."""

from __future__ import annotations

from pathlib import Path

from bot.knowledge.compose import compose
from bot.knowledge.document import read_text
from bot.knowledge.fields import Fields
from bot.knowledge.sheet import Sheet

FILE_NAME = "terms.yml"


def read_terms(path: Path, sheet: Sheet) -> dict[str, tuple[str, ...]]:
    """Names by family, in lower case; all problems are noted. Without the file there are none.

    A name of two families would say nothing about either, so that is a problem.
    """
    if not path.exists():
        return {}
    text = read_text(path, sheet)
    composed = None if text is None else compose(text, 1, sheet)
    if composed is None:
        return {}
    fields = Fields(sheet, composed.root, None, 1, unreadable=composed.unreadable)
    terms: dict[str, tuple[str, ...]] = {}
    first: dict[str, str] = {}
    for family in fields.names():
        names = tuple(name.lower() for name in fields.texts(family, required=True))
        for index, name in enumerate(names):
            owner = first.setdefault(name, family)
            if owner != family or names.index(name) != index:
                sheet.error(
                    sheet.line(family, index),
                    family,
                    f"the name '{name}' is already in '{owner}'.",
                    "Keep it where it says most, and remove it here.",
                )
        terms[family] = names
    return terms

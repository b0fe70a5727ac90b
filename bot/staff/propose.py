"""Turns what visitors asked into the text of an entry, for staff to finish; nothing is saved."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date

from bot.knowledge.template import fill

SLUG_WORDS = 6
_PLAIN = re.compile(r"[a-z](?:[\w ,!'’.()?&+]|-(?! ))*", re.IGNORECASE)
_MEANS_SOMETHING = frozenset({"yes", "no", "true", "false", "on", "off", "null", "y", "n"})
_FIELD = re.compile(r"[a-z_]+:")


def slug(wording: str) -> str:
    """A file name for an answer to a question; ``new-answer`` where it has no fit words."""
    words = re.findall(r"[a-z0-9]+", re.sub(r"\[\w+\]|'", "", wording.lower()))
    return "-".join(words[:SLUG_WORDS]) or "new-answer"


def new_answer(template: str, slug_: str, wordings: Sequence[str], today: date) -> str:
    """The template with `wordings` as its questions."""
    lines = fill(template, slug_, today).split("\n")
    items = _items(lines, "questions")
    if not wordings or items is None:
        return "\n".join(lines)
    return "\n".join([*lines[: items.start], *map(_item, wordings), *lines[items.stop :]])


def added(text: str, wordings: Sequence[str]) -> str:
    """An entry's text with those of `wordings` that it lacks below its questions; the text as it
    is where its questions are not written one a line.
    """
    lines = text.split("\n")
    items = _items(lines, "questions")
    if items is None:
        return text
    present = " ".join(text.lower().split())
    fresh = [_item(wording) for wording in wordings if wording.lower() not in present]
    return "\n".join([*lines[: items.stop], *fresh, *lines[items.stop :]])


def _items(lines: Sequence[str], field: str) -> range | None:
    """Where the items of a list field stand, one a line."""
    start = next((n for n, line in enumerate(lines) if line.startswith(f"{field}:")), None)
    if start is None:
        return None
    end = next(
        (n for n in range(start + 1, len(lines)) if _FIELD.match(lines[n]) or lines[n] == "---"),
        start,
    )
    items = [n for n in range(start + 1, end) if lines[n].lstrip().startswith("- ")]
    return range(items[0], items[-1] + 1) if items else None


def _item(wording: str) -> str:
    text = " ".join(wording.split())
    if _PLAIN.fullmatch(text) and text.lower() not in _MEANS_SOMETHING:
        return f"  - {text}"
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'  - "{escaped}"'

"""YAML text to nodes that know their lines; what cannot be read is noted and the rest is kept.

The nodes come from ruamel.yaml's composer and not from its loader: only nodes carry their line,
and a loader stops at the first fault or repeated key.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode

from bot.knowledge.sheet import Sheet

_KEY = re.compile(r"([^\s#:\-\[\]{}'\"][^:]*):(?:\s|$)")
_QUOTE = "Put the whole text in double quotes, or leave the sign out."

_FAULTS: tuple[tuple[str, str, str], ...] = (
    (
        "'\\t'",
        "there is a tab at the start of this line.",
        "Use spaces instead of the tab: two for each step to the right.",
    ),
    (
        "mapping values are not allowed",
        "this line has a second colon, so it is not clear where the text begins.",
        "Put the text in double quotes.",
    ),
    (
        "flow sequence",
        "the list that begins here with '[' has no end, or a comma is missing.",
        "Close it with ']' and put a comma between its items.",
    ),
    (
        "flow node",
        "the list that begins here with '[' has no end, or a comma is missing.",
        "Close it with ']' and put a comma between its items.",
    ),
    (
        "flow mapping",
        "the part that begins here with '{' has no end, or a comma is missing.",
        "Close it with '}', or put double quotes around the text.",
    ),
    (
        "quoted scalar",
        "the quotation mark that begins here is not closed, or has a '\\' inside.",
        "Close the quotation on the same line, and write no '\\' in it.",
    ),
    (
        "alias",
        "text may not begin with '*' or '&'.",
        _QUOTE,
    ),
    (
        "anchor",
        "text may not begin with '*' or '&'.",
        _QUOTE,
    ),
    (
        "cannot start any token",
        "text may not begin with '@', '`' or '%'.",
        _QUOTE,
    ),
    (
        "could not find expected ':'",
        "this line is neither a field nor part of a list.",
        "Write it as 'field: text', or as '- text' below a field.",
    ),
    (
        "block",
        "this line does not fit the lines above: its start is too far left or right.",
        "Line it up with the others: two spaces and '- ' for an item of a list.",
    ),
)


@dataclass(frozen=True)
class Composed:
    """The readable part of a YAML text."""

    root: MappingNode
    unreadable: frozenset[str]
    """Top-level fields that were left out since they cannot be read; each is noted."""


def compose(text: str, first_line: int, sheet: Sheet) -> Composed | None:
    """The fields of a YAML text, or None when there is none.

    A field that cannot be read is noted and blanked, and the rest is read again, so that one
    misplaced quotation mark does not hide the other problems of its file.

    Args:
        text: the YAML.
        first_line: the line that its first line has in the file.
        sheet: where problems are noted.
    """
    lines = text.split("\n")
    unreadable: set[str] = set()
    while True:
        try:
            root = YAML(typ="safe", pure=True).compose("\n".join(lines))
        except RecursionError:
            sheet.error(first_line, "", "the brackets here are nested too deeply.", "Remove them.")
            return None
        except MarkedYAMLError as error:
            line, message, what_to_do = _explain(error)
        except YAMLError:
            line, message, what_to_do = 0, "the fields cannot be read.", "See _template.md."
        else:
            break
        line = min(line, len(lines) - 1)
        while line > 0 and "'['" in message and "[" not in lines[line]:
            line -= 1  # the parser may notice only at the end of the text
        field, block = _block(lines, line)
        sheet.error(first_line + line, field, message, what_to_do)
        if not field or field in unreadable:
            return None
        unreadable.add(field)
        lines[block] = [""] * len(lines[block])
    if isinstance(root, MappingNode):
        return Composed(root, frozenset(unreadable))
    if unreadable:
        return None
    sheet.error(
        first_line,
        "",
        "there are no fields here.",
        "Write one field a line, as 'title: How long Botox lasts'; see _template.md.",
    )
    return None


def _explain(error: MarkedYAMLError) -> tuple[int, str, str]:
    """The line (counted from 0) and the words for a fault of the YAML parser."""
    said = f"{error.context or ''} {error.problem or ''}"
    opened = error.context_mark is not None and ("flow" in said or "quoted" in said)
    mark = error.context_mark if opened else error.problem_mark or error.context_mark
    line = mark.line if mark is not None else 0
    for sign, message, what_to_do in _FAULTS:
        if sign in said:
            return line, message, what_to_do
    return line, "this line cannot be read.", "Compare it with _template.md."


def _block(lines: list[str], line: int) -> tuple[str, slice]:
    """The top-level field that `line` belongs to, and its lines; an empty name if there is none."""
    start = line
    while start >= 0 and not _KEY.match(lines[start]):
        start -= 1
    if start < 0:
        return "", slice(0, 0)
    end = start + 1
    while end < len(lines) and not _KEY.match(lines[end]):
        end += 1
    match = _KEY.match(lines[start])
    return (match.group(1) if match else ""), slice(start, end)

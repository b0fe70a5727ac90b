"""A file's bytes taken apart: the front matter between two ``---`` lines, and the body."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.sheet import Sheet

MAX_BYTES = 64 * 1024
"""The longest entry has about 8 kB; eight times that is no answer but a mistake."""

_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\ufffe\uffff]")
_FENCE = re.compile(r"---\s*$")


@dataclass(frozen=True)
class Document:
    """An entry's file in two parts."""

    front: str
    """The YAML text between the two fences."""
    front_line: int
    """The line that its first line has in the file."""
    body: tuple[str, ...]
    body_line: int


def read_text(path: Path, sheet: Sheet) -> str | None:
    """The file's text with plain line ends, or None with the reason noted."""
    try:
        # One byte more than allowed is enough to know, however large the file is.
        with path.open("rb") as file:
            raw = file.read(MAX_BYTES + 1)
    except OSError as error:
        reason = (error.strerror or "it cannot be read").lower()
        sheet.error(1, "", f"the file cannot be opened: {reason}.", "Check its permissions.")
        return None
    if len(raw) > MAX_BYTES:
        sheet.error(
            1,
            "",
            f"the file has more than {MAX_BYTES // 1024} kB, which is too long for an answer.",
            "Keep one answer per file; _template.md shows its size.",
        )
        return None
    try:
        text = raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        sheet.error(
            raw.count(b"\n", 0, error.start) + 1,
            "",
            "this line has a character that is not saved as UTF-8.",
            "Save the file again with the encoding UTF-8, and look at the quotes and dashes here.",
        )
        return None
    text = unicodedata.normalize("NFC", text.replace("\r\n", "\n").replace("\r", "\n"))
    if found := _CONTROL.search(text):
        sheet.error(
            text.count("\n", 0, found.start()) + 1,
            "",
            "this line has an invisible control character; is this a text file?",
            "Type the line again, or save the text as a plain .md file.",
        )
        return None
    return text


def split(text: str, sheet: Sheet) -> Document | None:
    """The two parts of an entry's text, or None with the reason noted."""
    lines = text.split("\n")
    first = next((number for number, line in enumerate(lines) if line.strip()), None)
    if first is None:
        sheet.error(1, "", "the file is empty.", "Copy _template.md into it, or delete the file.")
        return None
    if not _FENCE.match(lines[first]):
        sheet.error(
            first + 1,
            "",
            "the front matter is missing: the file must begin with a line '---'.",
            "Copy the part between the two '---' lines from _template.md to the top of the file.",
        )
        return None
    last = next((n for n in range(first + 1, len(lines)) if _FENCE.match(lines[n])), None)
    if last is None:
        sheet.error(
            first + 1,
            "",
            "the front matter that begins here has no end.",
            "Put a line with only '---' after its last field, before the answer.",
        )
        return None
    return Document(
        front="\n".join(lines[first + 1 : last]) + "\n",
        front_line=first + 2,
        body=tuple(lines[last + 1 :]),
        body_line=last + 2,
    )

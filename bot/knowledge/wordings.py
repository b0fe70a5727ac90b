"""More ways in which visitors ask: ``wordings/<family>/<slug>.txt``, one a line.

An entry's `questions` are few enough for staff to keep in their head. The more wordings the search
knows the better it finds: with a quarter, half and all of 2,690 texts it found the right entry
first for 59, 74 and 84 % of visitors' messages. So the long tail stands in a file of its own, which
nobody has to read to understand the entry, and to which every new wording that was not understood
can go.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from bot.knowledge.document import read_text
from bot.knowledge.problem import suggestion
from bot.knowledge.sheet import Sheet

FOLDER = "wordings"
"""Below the knowledge folder; no family may have this name."""
MAX_CHARACTERS = 400
"""Longer than any question: two lines that have run together, or an answer."""


def sheet_name(id_: str) -> str:
    """The name of the notes on an entry's wordings, beside the entry ids."""
    return f"{FOLDER}/{id_}"


def read_wordings(
    folder: Path, ids: Iterable[str]
) -> tuple[dict[str, tuple[str, ...]], dict[str, Sheet]]:
    """The wordings by entry id, and the notes on their files by `sheet_name`.

    Blank lines, and lines that begin with ``#``, are not wordings. Lines are noted as
    ``wordings.0`` and so on.

    Args:
        folder: the knowledge folder; without a folder ``wordings`` in it there are none.
        ids: of all entries' files. A file of wordings without an entry is a problem.
    """
    known = frozenset(ids)
    found: dict[str, tuple[str, ...]] = {}
    sheets: dict[str, Sheet] = {}
    for path in sorted((folder / FOLDER).rglob("*")):
        relative = path.relative_to(folder / FOLDER)
        if path.is_dir() or any(part[0] in "._" or part.endswith("~") for part in relative.parts):
            continue
        id_ = relative.with_suffix("").as_posix()
        sheet = Sheet(f"{folder.name}/{FOLDER}/{relative.as_posix()}")
        sheets[sheet_name(id_)] = sheet
        if relative.suffix != ".txt":
            sheet.error(
                1, "", "the name of this file does not end in '.txt'.", "Rename or remove it."
            )
        elif id_ not in known:
            otherwise = f"Name it as its answer is named, or write {folder.name}/{id_}.md."
            sheet.error(1, "", f"there is no answer '{id_}'.", suggestion(id_, known, otherwise))
        elif (text := read_text(path, sheet)) is not None:
            found[id_] = _lines(text, sheet)
    return found, sheets


def _lines(text: str, sheet: Sheet) -> tuple[str, ...]:
    kept, lines, long = _parsed(text)
    sheet.lines.update(lines)
    for number, length in long:
        sheet.error(
            number,
            FOLDER,
            f"this wording has {length} characters; at most {MAX_CHARACTERS} are read.",
            "Write one question a line, and shorten it.",
        )
    return kept


@lru_cache(maxsize=1024)
def _parsed(text: str) -> tuple[tuple[str, ...], Mapping[str, int], tuple[tuple[int, int], ...]]:
    """The wordings of a file, their lines by name, and line and length of each that is too long."""
    kept: list[str] = []
    lines: dict[str, int] = {}
    long: list[tuple[int, int]] = []
    for number, line in enumerate(text.split("\n"), start=1):
        wording = line.strip()
        if not wording or wording.startswith("#"):
            continue
        if len(wording) > MAX_CHARACTERS:
            long.append((number, len(wording)))
            continue
        lines[f"{FOLDER}.{len(kept)}"] = number
        kept.append(wording)
    return tuple(kept), lines, tuple(long)

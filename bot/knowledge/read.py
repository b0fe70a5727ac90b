"""The knowledge folder to values, with every problem of every file at once."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from bot.knowledge.clinic import FILE_NAME as CLINIC
from bot.knowledge.clinic import read_clinic
from bot.knowledge.compose import compose
from bot.knowledge.document import read_text, split
from bot.knowledge.entry import Entry, ForAdults, Knowledge, Screening, Sign, Status, Urgency
from bot.knowledge.fields import Fields
from bot.knowledge.problem import Problem
from bot.knowledge.screening import FILE_NAME as SCREENING
from bot.knowledge.screening import read_screening
from bot.knowledge.sheet import Sheet
from bot.knowledge.source import read_sources
from bot.knowledge.template import FILE_NAME as TEMPLATE
from bot.knowledge.terms import FILE_NAME as TERMS
from bot.knowledge.terms import read_terms
from bot.knowledge.wordings import FOLDER as WORDINGS
from bot.knowledge.wordings import read_wordings

FIELDS = {
    "title": "title: How long Botox lasts",
    "urgency": "urgency: none",
    "questions": "questions: [how long does botox last, ...]",
    "test_questions": "test_questions: [when does it wear off, ...]",
    "also_called": "also_called: [duration]",
    "not_for": "not_for: [under-18]",
    "for_adults": "for_adults: all",
    "related": "related: [botox/stopping]",
    "status": "status: draft",
    "checked_on": "checked_on: 2026-11-21",
    "review_by": "review_by: 2027-11-21",
    "signed_off_by": "signed_off_by: AB",
    "caution": "caution: If you are pregnant, please ask a doctor first.",
    "signs": "signs: [{name: ..., any: [...]}]",
    "sources": "sources: [{title: ..., publisher: ..., evidence: label}]",
}
"""Every field of an entry, with a line that shows how it is written."""

SIGN_FIELDS = {
    "name": "name: sight lost",
    "needs": "needs: [[can't, cannot], [see]]",
    "any": "any: [gone blind]",
    "not": "not: [can't see a difference]",
    "fires": "fires: [I can't see since my filler]",
    "silent": "silent: [can filler cause blindness]",
    "urgency": "urgency: emergency",
    "say": "say: Call your local emergency number now.",
    "in_general": "in_general: true",
    "never_in_doubt": "never_in_doubt: true",
}
OTHER_FILES = frozenset({CLINIC, TERMS, SCREENING, "README.md"})
"""Files of the folder that are not entries."""
YAML_FILES = frozenset({CLINIC, TERMS, SCREENING})

ReadFile = Callable[[Path, str, Sheet], Entry | None]
"""As `read_entry`: what one file says, with its problems noted on the sheet."""
ReadScreening = Callable[[Path, Sheet], Screening | None]
"""As `bot.knowledge.screening.read_screening`."""

_NAME = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*$")
_NEARLY_MORE = re.compile(r"[#*\s]*more[:*\s]*$", re.IGNORECASE)
_HEADING = re.compile(r"##\s+(.*?)\s*$")


@dataclass(frozen=True)
class Reading:
    """All that reading the folder gave."""

    knowledge: Knowledge
    """Also holds entries that have problems, so that the rules over several files can run."""
    problems: tuple[Problem, ...]
    sheets: Mapping[str, Sheet]
    """Entry id to the notes on its file; ``clinic.yml``, ``terms.yml`` and ``screening.yml`` to
    those on them; and ``wordings/`` with an entry id to those on its wordings."""
    ids: frozenset[str]
    """The ids of all files, the unreadable ones too."""
    template: Entry | None = None
    """What ``_template.md`` says; None where it is missing or unreadable."""


def read(folder: Path) -> tuple[Knowledge, list[Problem]]:
    """The knowledge and its problems, sorted. Bad content never raises; see `read_folder`."""
    reading = read_folder(folder)
    return reading.knowledge, list(reading.problems)


def read_folder(
    folder: Path,
    read_file: ReadFile | None = None,
    read_questions: ReadScreening = read_screening,
) -> Reading:
    """Reads ``clinic.yml``, ``terms.yml``, ``screening.yml``, every ``<family>/<slug>.md`` and the
    ``wordings`` that go with it, whatever is in them.

    ``README.md``, and names that begin with ``_`` or ``.``, are not read.

    Args:
        read_file: reads one entry's file; `read_entry` by default.
        read_questions: reads those about habits.
    """
    read_file = read_file or read_entry
    root = Sheet(folder.name)
    if not folder.is_dir():
        root.error(1, "", "there is no such folder.", "Set KNOWLEDGE_DIR to the right one.")
        return Reading(Knowledge(), tuple(root.problems), {}, frozenset())
    sheets = {name: Sheet(f"{folder.name}/{name}") for name in YAML_FILES}
    clinic = read_clinic(folder / CLINIC, sheets[CLINIC])
    terms = read_terms(folder / TERMS, sheets[TERMS])
    screening = read_questions(folder / SCREENING, sheets[SCREENING])
    entries: dict[str, Entry] = {}
    strays: list[Sheet] = []
    for path in sorted(folder.rglob("*")):
        relative = path.relative_to(folder)
        if path.is_dir() or _ignored(relative) or relative.parts[0] == WORDINGS:
            continue
        sheet = Sheet(f"{folder.name}/{relative.as_posix()}")
        id_ = _id(relative, sheet)
        if id_ is None:
            strays.append(sheet)
            continue
        sheets[id_] = sheet
        if entry := read_file(path, id_, sheet):
            entries[id_] = entry
    ids = frozenset(sheets) - YAML_FILES
    if not ids:
        root.error(1, "", "there are no answers in this folder.", "Copy _template.md to begin one.")
    wordings, more_sheets = read_wordings(folder, ids)
    entries = {id_: replace(e, wordings=wordings.get(id_, ())) for id_, e in entries.items()}
    sheets.update(more_sheets)
    notes = [root, *strays, *sheets.values()]
    problems = sorted(problem for sheet in notes for problem in sheet.problems)
    knowledge = Knowledge(entries, clinic, terms, screening)
    return Reading(knowledge, tuple(problems), sheets, ids, _template(folder, read_file))


def _template(folder: Path, read_file: ReadFile) -> Entry | None:
    path = folder / TEMPLATE
    return read_file(path, "_template", Sheet(TEMPLATE)) if path.is_file() else None


def read_entry(path: Path, id_: str, sheet: Sheet) -> Entry | None:
    """One file's entry, as far as it can be read; None when its front matter has no fields."""
    text = read_text(path, sheet)
    document = None if text is None else split(text, sheet)
    if document is None:
        return None
    short, more = _body(document.body, document.body_line, sheet)
    composed = compose(document.front, document.front_line, sheet)
    if composed is None:
        return None
    fields = Fields(
        sheet, composed.root, FIELDS, document.front_line, unreadable=composed.unreadable
    )
    status = fields.choice("status", Status, Status.DRAFT)
    return Entry(
        id=id_,
        title=fields.text("title"),
        short=short,
        more=more,
        urgency=fields.choice("urgency", Urgency, Urgency.NONE),
        questions=fields.texts("questions", required=True),
        test_questions=fields.texts("test_questions", required=True),
        also_called=fields.texts("also_called"),
        not_for=fields.texts("not_for"),
        for_adults=fields.choice_or_none("for_adults", ForAdults),
        related=fields.texts("related"),
        status=status,
        checked_on=fields.day("checked_on"),
        review_by=fields.day("review_by"),
        signed_off_by=fields.text("signed_off_by", required=status is Status.SIGNED_OFF) or None,
        sources=read_sources(fields),
        caution=fields.text("caution", required=False) or None,
        signs=tuple(_sign(one) for one in fields.mappings("signs", SIGN_FIELDS)),
    )


def _sign(fields: Fields) -> Sign:
    return Sign(
        name=fields.text("name"),
        needs=fields.text_groups("needs"),
        any=fields.texts("any"),
        not_=fields.texts("not"),
        fires=fields.texts("fires"),
        silent=fields.texts("silent"),
        urgency=fields.choice_or_none("urgency", Urgency),
        say=fields.text("say", required=False) or None,
        in_general=fields.yes("in_general"),
        never_in_doubt=fields.yes("never_in_doubt"),
    )


def _body(body: tuple[str, ...], first_line: int, sheet: Sheet) -> tuple[str, str]:
    """The short answer and what follows ``## More``; notes where each begins."""
    headings = [n for n, line in enumerate(body) if _HEADING.match(line)]
    more_at = next((n for n in headings if body[n].split() == ["##", "More"]), None)
    near = next((n for n, line in enumerate(body) if _NEARLY_MORE.match(line)), None)
    if more_at is None:
        line = len(body) - 1 if near is None else near
        sheet.error(
            first_line + max(0, line),
            "More",
            "the heading '## More' is missing.",
            "Put it on a line of its own between the short answer and the detail.",
        )
        more_at = len(body) if near is None else near
    for number in headings:
        if number < more_at:
            sheet.error(
                first_line + number,
                "short answer",
                "a heading stands before '## More'.",
                "Make '## More' the first heading; the short answer has none.",
            )
    short = _part(body[:more_at], first_line, "short", sheet)
    more = _part(body[more_at + 1 :], first_line + more_at + 1, "more", sheet)
    if not short:
        sheet.error(
            first_line,
            "short answer",
            "there is no short answer.",
            "Write it below the second '---', before '## More'.",
        )
    elif not more and more_at < len(body):
        sheet.error(
            first_line + more_at, "More", "nothing follows '## More'.", "Write the detail below it."
        )
    return short, more


def _part(lines: tuple[str, ...], first_line: int, name: str, sheet: Sheet) -> str:
    start = next((n for n, line in enumerate(lines) if line.strip()), 0)
    sheet.lines[name] = first_line + start
    return "\n".join(line.rstrip() for line in lines[start:]).rstrip()


def _ignored(relative: Path) -> bool:
    parts = relative.parts
    return any(part[0] in "._" or part.endswith("~") for part in parts) or (
        len(parts) == 1 and parts[0] in OTHER_FILES
    )


def _id(relative: Path, sheet: Sheet) -> str | None:
    """The id that a path stands for, or None with the reason noted."""
    if relative.name == "README.md":
        return None
    if relative.suffix != ".md":
        sheet.warn(
            1, "", "this file is not read: its name does not end in '.md'.", "Rename or remove it."
        )
        return None
    parts = relative.with_suffix("").parts
    if len(parts) != 2:
        sheet.error(
            1,
            "",
            "an answer must be in a folder of its family, one level deep.",
            f"Move it, for example to general/{relative.name}.",
        )
        return None
    for part in parts:
        if not _NAME.match(part):
            sheet.error(
                1,
                "",
                f"the name '{part}' cannot be part of an id.",
                "Use only small letters, digits and '-', as in how-long-does-it-last.md.",
            )
            return None
    return "/".join(parts)

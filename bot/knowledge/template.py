"""A new entry's file, made from ``_template.md``."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

from bot.knowledge.problem import nearest
from bot.knowledge.wordings import FOLDER as WORDINGS

FILE_NAME = "_template.md"
YEARS_TO_REVIEW = 1

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")


class TemplateError(Exception):
    """Nothing was written; the message says why and what to do."""


def new_entry(folder: Path, id_: str, today: date) -> Path:
    """Writes ``<id>.md`` from the template as a draft, and gives its path.

    Args:
        folder: the knowledge folder, with the template and a folder for the family.
        id_: ``family/slug``.
        today: when its sources are read; it is reviewed a year later.

    Raises:
        TemplateError: the id is not one, the family or the template is missing, the file is
            there already, or it cannot be written.
    """
    id_ = id_.removesuffix(".md")
    if not _ID.fullmatch(id_):
        raise TemplateError(
            f"'{id_}' is not an id. Write family/name in small letters, digits and '-',"
            " for example botox/swimming-afterwards."
        )
    family, _, slug = id_.partition("/")
    families = sorted(
        path.name for path in folder.glob("[a-z0-9]*/") if path.is_dir() and path.name != WORDINGS
    )
    if family not in families:
        near = nearest(family, families)
        hint = f"Did you mean '{near}'?" if near else f"The families are {', '.join(families)}."
        raise TemplateError(f"there is no family '{family}'. {hint}")
    path = folder / family / f"{slug}.md"
    try:
        text = fill(folder.joinpath(FILE_NAME).read_text(encoding="utf-8"), slug, today)
        with path.open("x", encoding="utf-8", newline="\n") as file:
            file.write(text)
    except FileExistsError:
        raise TemplateError(f"{path} is there already. Open it to change the answer.") from None
    except OSError as error:
        raise TemplateError(f"{error.filename or path}: {error.strerror}.") from None
    return path


def fill(template: str, slug: str, today: date) -> str:
    """The template's text with the title and the dates of a new entry, and no notes on copying."""
    try:
        review = today.replace(year=today.year + YEARS_TO_REVIEW)
    except ValueError:  # the 29th of February
        review = date(today.year + YEARS_TO_REVIEW, 3, 1)
    values = {
        "title": slug.replace("-", " ").capitalize()[:60],
        "status": "draft",
        "checked_on": today.isoformat(),
        "review_by": review.isoformat(),
    }
    lines = template.split("\n")
    first = next((n for n, line in enumerate(lines) if line and line[0] not in "-#"), 0)
    lines = [line for n, line in enumerate(lines) if n > first or not line.startswith("#")]
    for name, value in values.items():
        field = re.compile(rf"{name}: *\S[^#]*?(?=\s*#|$)")
        lines = [
            field.sub(f"{name}: {value}", line, 1) if field.match(line) else line for line in lines
        ]
    return "\n".join(lines).replace("---\n\n", "---\n", 1)

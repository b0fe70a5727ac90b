"""One thing that is wrong with a knowledge file, said as an instruction."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, order=True)
class Problem:
    """Where it is, what it is, and what to do. Sorts by file, line and field.

    An error stops a publication; a warning only tells.
    """

    path: str
    """As staff see it, such as ``knowledge/botox/cost.md``."""
    line: int
    """Counted from 1, as editors do."""
    field: str
    """The front-matter field, or what the text is about; may be empty."""
    message: str
    what_to_do: str
    severity: Severity = "error"

    def format(self) -> str:
        """The two lines that `advisor check` prints."""
        field = f" [{self.field}]" if self.field else ""
        warning = " warning:" if self.severity == "warning" else ""
        return (
            f"{self.path}:{self.line}:{warning}{field} {self.message}\n"
            f"    What to do: {self.what_to_do}"
        )


def has_errors(problems: Iterable[Problem]) -> bool:
    """Whether any of them stops a publication."""
    return any(problem.severity == "error" for problem in problems)


def nearest(name: str, known: Iterable[str]) -> str | None:
    """The known name that was probably meant, or None when none is near.

    difflib's own cutoff of 0.6 is used; its documentation calls that the point from which
    sequences are close matches. Of an id (``family/slug``) the slug is compared within its family,
    then the slug alone is looked for in the others: 'safety/stroke' is not 'lifestyle/stress'.
    """
    name, names = name.strip().lower(), sorted(known)
    family, slash, slug = name.rpartition("/")
    if not slash:
        return next(iter(get_close_matches(name, names, n=1)), None)
    siblings = {one.rpartition("/")[2]: one for one in names if one.startswith(family + "/")}
    near = get_close_matches(slug, siblings, n=1)
    if near:
        return siblings[near[0]]
    return next((one for one in names if one.endswith("/" + slug)), None)


def suggestion(name: str, known: Iterable[str], otherwise: str) -> str:
    """``Did you mean ...?`` when a known name is near, else `otherwise`."""
    near = nearest(name, known)
    return f"Did you mean '{near}'?" if near else otherwise

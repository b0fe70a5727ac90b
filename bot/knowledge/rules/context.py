"""What a rule may know besides the knowledge itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date

from bot.knowledge.build import Built
from bot.knowledge.entry import Entry, Knowledge, Sign, Urgency
from bot.knowledge.problem import Problem, Severity
from bot.knowledge.sheet import Sheet
from bot.knowledge.wordings import FOLDER as WORDINGS
from bot.knowledge.wordings import sheet_name

SignTest = Callable[[str, Urgency, Sign, str], bool]
"""Whether a sign of an entry fires on a text: ``(entry id, urgency, sign, text)``. Raises
ValueError, with a line for staff, when a phrase of the sign cannot be read."""
SignTests = Callable[[Knowledge], SignTest]
"""What tries the signs of some knowledge."""


@dataclass(frozen=True)
class Context:
    """The day, the lines, and the parts that other rooms lend."""

    today: date
    sheets: Mapping[str, Sheet] = field(default_factory=dict)
    """Entry id to the notes on its file, for the lines."""
    ids: frozenset[str] = frozenset()
    """The ids of all files, also of those that cannot be read."""
    built: Built | None = None
    """The search; without it the rules that search are silent."""
    fires: SignTest | None = None
    """Tries a sign on a text; without it the examples of signs are not tried."""
    grade: Callable[[str], float] | None = None
    """The reading grade of a text, where it is known already."""
    template: Entry | None = None
    """What ``_template.md`` says."""
    all_overlaps: bool = False
    """Whether every question that finds another entry is named, not just the clear cases."""
    only: frozenset[str] | None = None
    """The ids that are asked for; None for all. Slow rules leave the others out."""
    stolen: bool = True
    """Whether stolen questions are looked for."""

    def asks_for(self, id_: str) -> bool:
        """Whether anybody wants to know of this entry."""
        return self.only is None or id_ in self.only

    def line(self, id_: str, field_: str, index: int | None = None) -> int:
        """The line of a field of an entry, or of one item of it."""
        sheet = self._sheet(id_, field_)
        return 1 if sheet is None else sheet.line(field_, index)

    def _sheet(self, id_: str, field_: str) -> Sheet | None:
        """The notes on the file in which a field of an entry stands."""
        return self.sheets.get(sheet_name(id_) if field_ == WORDINGS else id_)

    def error(
        self,
        id_: str,
        field_: str,
        message: str,
        what_to_do: str,
        *,
        index: int | None = None,
        line: int | None = None,
    ) -> Problem:
        """A problem that stops a publication, at the field's line or at `line`."""
        return self._problem(id_, field_, message, what_to_do, index, line, "error")

    def warning(
        self,
        id_: str,
        field_: str,
        message: str,
        what_to_do: str,
        *,
        index: int | None = None,
        line: int | None = None,
    ) -> Problem:
        """A problem that only tells."""
        return self._problem(id_, field_, message, what_to_do, index, line, "warning")

    def _problem(
        self,
        id_: str,
        field_: str,
        message: str,
        what_to_do: str,
        index: int | None,
        line: int | None,
        severity: Severity,
    ) -> Problem:
        sheet = self._sheet(id_, field_)
        path = f"knowledge/{id_}.md" if sheet is None else sheet.path
        line = self.line(id_, field_, index) if line is None else line
        return Problem(path, line, field_, message, what_to_do, severity)

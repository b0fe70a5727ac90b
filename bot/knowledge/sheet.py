"""What is noted down while one file is read: its problems, and where each field stands."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.knowledge.problem import Problem, Severity


@dataclass
class Sheet:
    """The notes on one file."""

    path: str
    """As staff see it, such as ``knowledge/botox/cost.md``."""
    problems: list[Problem] = field(default_factory=list)
    lines: dict[str, int] = field(default_factory=dict)
    """Line of each field (``related``), list item (``related.0``), ``short`` and ``more``."""

    def error(self, line: int, field_: str, message: str, what_to_do: str) -> None:
        """Notes a problem that stops a publication."""
        self._add("error", line, field_, message, what_to_do)

    def warn(self, line: int, field_: str, message: str, what_to_do: str) -> None:
        """Notes a problem that only tells."""
        self._add("warning", line, field_, message, what_to_do)

    def _add(
        self, severity: Severity, line: int, field_: str, message: str, what_to_do: str
    ) -> None:
        self.problems.append(Problem(self.path, line, field_, message, what_to_do, severity))

    def line(self, field_: str, index: int | None = None) -> int:
        """The line of a field or of one item of it; the nearest thing known, at worst line 1."""
        if index is not None and f"{field_}.{index}" in self.lines:
            return self.lines[f"{field_}.{index}"]
        return self.lines.get(field_, 1)

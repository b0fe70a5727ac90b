"""Reading grades of texts that have not changed: loading the syllables takes 1.2 s."""

from __future__ import annotations

import hashlib
import json
from importlib.metadata import version
from pathlib import Path

from bot.knowledge.rules.text import EXEMPT, reading_grade
from bot.knowledge.spare import write

FILE_NAME = "grades.json"


class Grades:
    """The grade of each text that was asked for, in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._by = f"{version('textstat')} {EXEMPT.read_text(encoding='utf-8')}"
        self._known = _load(folder)
        self._is_new = False

    def grade(self, text: str) -> float:
        """As `bot.knowledge.rules.text.reading_grade`."""
        key = hashlib.sha256(f"{self._by}\n{text}".encode()).hexdigest()
        if key not in self._known:
            self._known[key] = reading_grade(text)
            self._is_new = True
        return self._known[key]

    def keep(self) -> None:
        """Write the new ones down; that it cannot be done is no failure."""
        if not self._is_new:
            return
        write(self._folder / FILE_NAME, json.dumps(self._known).encode())
        self._is_new = False


def _load(folder: Path) -> dict[str, float]:
    try:
        known = json.loads((folder / FILE_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}

"""Reads the knowledge folder again, parsing only the files that have changed.

Parsing a file with the lines of all its fields takes 20 ms, and 135 of them 2.6 s; what a sound
file says is therefore kept by its content.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from bot.knowledge.codec import CodecError, decode, encode
from bot.knowledge.document import MAX_BYTES
from bot.knowledge.entry import Entry, Screening
from bot.knowledge.read import Reading, read_entry, read_folder
from bot.knowledge.screening import read_screening
from bot.knowledge.sheet import Sheet
from bot.knowledge.spare import write

FILE_NAME = "entries.json"
TRIES = 10
"""How often a folder that changes while it is read is read again."""

T = TypeVar("T")
Stamp = frozenset[tuple[str, int, int]]


class ChangingError(Exception):
    """The files changed each time that they were read."""


class Readings:
    """What the sound files say, by their content; in memory, and in a folder if there is one."""

    def __init__(self, folder: Path | None = None) -> None:
        self._folder = folder
        self._known: dict[str, Any] = _load(folder)
        self._seen: dict[str, Any] = {}
        self._values: dict[str, Any] = {}

    def read(self, folder: Path) -> Reading:
        """As `bot.knowledge.read.read_folder`, of one moment: when a file changes meanwhile, all is
        read again.

        Raises:
            ChangingError: they did not stop changing.
        """
        for _ in range(TRIES):
            before = stamp(folder)
            self._seen = {}
            reading = read_folder(folder, self._entry, self._screening)
            if stamp(folder) == before:
                self._keep()
                return reading
        raise ChangingError("the files keep changing while they are read. Please try again.")

    def _entry(self, path: Path, id_: str, sheet: Sheet) -> Entry | None:
        return self._read(Entry, lambda: read_entry(path, id_, sheet), path, sheet)

    def _screening(self, path: Path, sheet: Sheet) -> Screening | None:
        return self._read(Screening, lambda: read_screening(path, sheet), path, sheet)

    def _read(
        self, kind: type[T], read: Callable[[], T | None], path: Path, sheet: Sheet
    ) -> T | None:
        """What a file says, as it is known; if it is not, as `read` reads it."""
        try:
            with path.open("rb") as file:
                content = file.read(MAX_BYTES + 1)
        except OSError:
            content = b""
        if not 0 < len(content) <= MAX_BYTES:
            return read()
        key = hashlib.sha256(f"{_version()} {sheet.path}\n".encode() + content).hexdigest()
        kept = self._known.get(key)
        if kept is not None:
            try:
                value: T = self._values.get(key) or decode(kind, kept["value"])
                sheet.lines.update(kept["lines"])
            except (CodecError, KeyError, TypeError):
                kept = None
        if kept is None:
            fresh = read()
            if fresh is None or sheet.problems:
                return fresh
            value, kept = fresh, {"value": encode(fresh), "lines": dict(sheet.lines)}
        self._seen[key] = kept
        self._values[key] = value
        return value

    def _keep(self) -> None:
        """Forget the files that are gone, and write down what is new."""
        same = self._seen.keys() == self._known.keys()
        self._known = self._seen
        self._values = {key: self._values[key] for key in self._seen}
        if same or self._folder is None:
            return
        write(self._folder / FILE_NAME, json.dumps(self._known).encode())


def stamp(folder: Path) -> Stamp:
    """Something that changes with any file below the folder: names, sizes and times of change."""
    found = set()
    for path in folder.rglob("*"):
        try:
            status = path.stat()
        except OSError:  # gone between being listed and looked at
            continue
        found.add((str(path), status.st_mtime_ns, status.st_size))
    return frozenset(found)


def _load(folder: Path | None) -> dict[str, Any]:
    try:
        known = {} if folder is None else json.loads((folder / FILE_NAME).read_bytes())
    except (OSError, ValueError):
        return {}
    return known if isinstance(known, dict) else {}


@cache
def _version() -> str:
    """Of the code that reads: another version may read a file otherwise."""
    digest = hashlib.sha256()
    for path in sorted(Path(__file__).parent.glob("*.py")):
        digest.update(path.read_bytes())
    return digest.hexdigest()

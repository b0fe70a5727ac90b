"""The knowledge files as the staff page opens and writes them."""

from __future__ import annotations

import hashlib
import os
import re
import tempfile
import threading
from dataclasses import dataclass
from pathlib import Path

from bot.knowledge.document import MAX_BYTES
from bot.knowledge.read import Reading, read_folder
from bot.knowledge.wordings import FOLDER as WORDINGS

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*/[a-z0-9]+(?:-[a-z0-9]+)*")

NEW = ""
"""The digest of a file that is not there yet."""


class NoSuchEntry(LookupError):
    """What was asked for is no entry and cannot be one."""


@dataclass(frozen=True)
class Opened:
    """A file as it was when somebody opened it."""

    id: str
    text: str
    digest: str
    """SHA-256 of its bytes, 64 hex digits; `NEW` if it is not there."""


class Shelf:
    """One knowledge folder. Threads may share it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._lock = threading.Lock()
        self._state: frozenset[tuple[str, int, int]] = frozenset()
        self._reading: Reading | None = None

    def reading(self) -> Reading:
        """What the files say now; they are read again only when one has changed."""
        with self._lock:
            state = frozenset(
                (str(path), stat.st_mtime_ns, stat.st_size)
                for path in self.folder.rglob("*")
                if path.is_file() and (stat := path.stat())
            )
            if self._reading is None or state != self._state:
                self._state, self._reading = state, read_folder(self.folder)
            return self._reading

    def families(self) -> list[str]:
        """The folders that an answer can be in."""
        names = (path.name for path in self.folder.glob("[a-z0-9]*/") if path.is_dir())
        return sorted(name for name in names if name != WORDINGS)

    def path(self, id_: str) -> Path:
        """The file of an id.

        Raises:
            NoSuchEntry: it is no id, or of no family: nothing outside the families has a path.
        """
        if not ID.fullmatch(id_) or id_.partition("/")[0] not in self.families():
            raise NoSuchEntry(id_)
        return self.folder / f"{id_}.md"

    def open(self, id_: str) -> Opened:
        """The file of an entry; an empty text with the digest `NEW` while there is none.

        Raises:
            NoSuchEntry: see `path`.
            OSError: the file cannot be read.
        """
        try:
            with self.path(id_).open("rb") as file:
                raw = file.read(MAX_BYTES + 1)
        except FileNotFoundError:
            return Opened(id_, "", NEW)
        text = raw.decode("utf-8-sig", errors="replace").replace("\r\n", "\n")
        return Opened(id_, text, hashlib.sha256(raw).hexdigest())

    def write(self, id_: str, text: str) -> None:
        """Put the whole text in the place of the file, or change nothing.

        Raises:
            NoSuchEntry: see `path`.
            OSError: it cannot be written; the old file is as it was.
        """
        path = self.path(id_)
        # A name that begins with '.' is not read as an entry while it is being written.
        handle, name = tempfile.mkstemp(dir=path.parent, prefix=".saving-")
        try:
            with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as file:
                file.write(text)
                file.flush()
                os.fsync(file.fileno())
            Path(name).chmod(path.stat().st_mode & 0o777 if path.exists() else 0o644)
            Path(name).replace(path)
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


def tidy(text: str) -> str:
    """A text from a form, with the line ends and the one last line end of a file."""
    return text.replace("\r\n", "\n").replace("\r", "\n").rstrip() + "\n"

"""What is learned from about messages with several questions.

``data/several/*.jsonl`` has messages written for it by hand, one JSON object a line: ``parts`` are
its questions in order, each with its ``text`` as typed and ``needs``, the ids of the entries any of
which would answer it. The texts joined by one space are the message. Nearly a quarter have
one part only, and look as if they had several. Needs that are no entries
stand for what the clinic answers of itself ("service/book": `bot.advice.services`), for small talk
("smalltalk/thanks") and for what is not answered ("other").
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bot.nlu.json_lines import read_lines

FOLDER = Path(__file__).parents[2] / "data" / "several"


@dataclass(frozen=True)
class Several:
    """A message whose questions are marked."""

    texts: tuple[str, ...]
    """Its parts, each with one question and what is told around it."""
    needs: tuple[frozenset[str], ...]
    """Of each part: the entries any of which answers it."""

    @property
    def text(self) -> str:
        """The message."""
        return " ".join(self.texts)

    @property
    def starts(self) -> tuple[int, ...]:
        """Where in the message each part begins."""
        return tuple(len(" ".join([*self.texts[:part], ""])) for part in range(len(self.texts)))


def read_several(folder: Path = FOLDER) -> list[Several]:
    """The messages of all files.

    Raises:
        ValueError: a line is not such an object; the message names it.
    """
    paths, name = sorted(folder.glob("*.jsonl")), "a message with its parts marked"
    return [one for path in paths for one in read_lines(path, name, _example)]


def _example(data: dict[str, Any]) -> Several:
    parts = data["parts"]
    texts = tuple(part["text"] for part in parts)
    needs = tuple(part["needs"] for part in parts)
    if not texts or not all(isinstance(text, str) and text.strip() for text in texts):
        raise ValueError("a part has no text")
    if not all(isinstance(ids, list) and ids for ids in needs):
        raise ValueError("a part has no list of needs")
    return Several(
        tuple(str(text) for text in texts),
        tuple(frozenset(map(str, ids)) for ids in needs if isinstance(ids, list)),
    )

"""Which texts of an entry are indexed, and their vectors, made anew only where a text is new."""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.entry import Entry, Knowledge, Status

Floats = NDArray[np.float32]
SAME = 0.999
"""Cosine from which two vectors of one text come from one encoder: batches of different sizes
differ by 1e-6, other models by far more."""


class TextEncoder(Protocol):
    """What `bot.knowledge.encode.Encoder` promises."""

    def encode(self, texts: Sequence[str]) -> Floats:
        """Vectors of length 1, shape (len(texts), dims)."""


class LazyEncoder:
    """The encoder of a folder, loaded when it is first asked for a vector: that takes 0.4 s, and
    most checks ask for none.
    """

    def __init__(self, folder: Path, threads: int = 1) -> None:
        self._folder = folder
        self._threads = threads

    def encode(self, texts: Sequence[str]) -> Floats:
        """As `bot.knowledge.encode.Encoder.encode`.

        Raises:
            EncoderError: it is not ready.
        """
        return self._encoder.encode(texts)

    @cached_property
    def _encoder(self) -> TextEncoder:
        from bot.knowledge.encode import Encoder

        return Encoder.load(self._folder, self._threads)


def ready(knowledge: Knowledge) -> dict[str, Entry]:
    """The entries that are published: sourced or signed off, whatever the day, sorted by id."""
    shown = (Status.SOURCED, Status.SIGNED_OFF)
    return {id_: entry for id_, entry in sorted(knowledge.entries.items()) if entry.status in shown}


def indexed_texts(entry: Entry) -> list[str]:
    """What search compares a message with: questions, more wordings, title, and other names with
    the family.

    Measured on 463 test questions of 119 entries: the questions alone found the entry first in
    40.4 % and among three in 62.0 %, with title and other names 44.5 and 66.3 %. What the answers
    say is another view, not further questions: see `bot.knowledge.answers`.
    """
    family = entry.id.partition("/")[0]
    names = [f"{family} {name}" for name in entry.also_called]
    return list(dict.fromkeys([*entry.questions, *entry.wordings, entry.title, *names]))


@dataclass(frozen=True)
class Vectors:
    """Texts and their vectors; immutable."""

    by_text: Mapping[str, Floats]

    def of(self, texts: Sequence[str]) -> Floats:
        """The vectors of known texts, shape (len(texts), dims).

        Raises:
            KeyError: a text is not known.
        """
        if not texts:
            return np.zeros((0, 1), dtype=np.float32)
        return np.stack([self.by_text[text] for text in texts])

    def without(self, texts: Sequence[str]) -> Vectors:
        """Those of all other texts."""
        left = set(texts)
        return Vectors({text: one for text, one in self.by_text.items() if text not in left})

    def and_of(self, texts: Sequence[str], vectors: Floats) -> Vectors:
        """These and those of `texts`, shape (len(texts), dims)."""
        return Vectors({**self.by_text, **dict(zip(texts, vectors, strict=True))})

    def to_bytes(self) -> bytes:
        """An npz archive without pickles."""
        texts = sorted(self.by_text)
        buffer = io.BytesIO()
        np.savez(
            buffer,
            texts=np.frombuffer(json.dumps(texts).encode(), dtype=np.uint8),
            vectors=self.of(texts),
        )
        return buffer.getvalue()

    @classmethod
    def from_bytes(cls, data: bytes) -> Vectors:
        """What `to_bytes` wrote; no vectors at all if it is something else."""
        try:
            with np.load(io.BytesIO(data), allow_pickle=False) as arrays:
                texts = json.loads(arrays["texts"].tobytes())
                return cls(dict(zip(texts, arrays["vectors"], strict=True)))
        except (ValueError, KeyError, OSError, EOFError, zipfile.BadZipFile):
            return cls({})


NO_VECTORS = Vectors({})


def embed(texts: Sequence[str], encoder: TextEncoder, known: Vectors = NO_VECTORS) -> Vectors:
    """Vectors of all `texts`, taking those in `known` from there.

    One known text is embedded again as a probe: if it comes out differently, `known` was made
    by another encoder and is not used.
    """
    wanted = list(dict.fromkeys(texts))
    found = {text: known.by_text[text] for text in wanted if text in known.by_text}
    missing = [text for text in wanted if text not in found]
    probe = next(iter(found), None)
    fresh = encoder.encode([*missing, probe] if probe is not None else missing)
    if probe is not None and not _same(fresh[-1], found[probe]):
        return Vectors(dict(zip(wanted, encoder.encode(wanted), strict=True)))
    return Vectors({**found, **dict(zip(missing, fresh[: len(missing)], strict=True))})


def _same(one: Floats, other: Floats) -> bool:
    return one.shape == other.shape and float(one @ other) > SAME

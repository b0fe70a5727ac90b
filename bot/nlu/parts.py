"""The questions of one message: what each is about, and whether it is answered by itself.

A message is cut where `bot.nlu.seams` says that a question begins. Each part is read in several
ways, because most name their subject only once ("does botox hurt, how long till it works"): alone,
with its subject in front, with all that was said before it, and in the whole message. A weighted
sum of what the readings score ranks the entries. What another part asks for is less likely asked
for again.

A part may ask for what only the clinic can say of itself (`bot.nlu.service_parts`). Any other is
answered if a logistic regression says so. It weighs how sure the ranking is, how clear the seams
are, what the message as a whole is near to, and whether it reads like one with several questions
(`bot.nlu.multi_question`). All numbers are computed by `advisor tune` (`bot.nlu.parts_tuning`) and
stand in ``bot/advice/thresholds.json``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from bot.advice.decide import THRESHOLDS
from bot.advice.understanding import Term
from bot.nlu.logistic import Logistic, log_odds
from bot.nlu.seams import Seam, bare
from bot.nlu.service_parts import Service, ServiceParts, is_told_only

Floats = NDArray[np.float32]

MOST = 3
"""How many questions of one message are answered."""

READINGS = ("alone", "with_subject", "so_far", "whole", "family", "elsewhere")
"""What ranks the entries: the scores of four readings; whether an entry is of the family that the
part is about; how likely another part asks for it."""
SCORED = READINGS[:4]


@dataclass(frozen=True)
class Piece:
    """A stretch of a message with one question."""

    text: str
    """Without what joins it to the one before ("and", a comma)."""
    so_far: str
    """The message up to its end."""
    seams: tuple[float, ...]
    """The chances of the cuts at its two ends; of the first and the last piece there is one."""


@dataclass(frozen=True)
class Read:
    """A message taken apart, and what it scores against n entries."""

    pieces: tuple[Piece, ...]
    scores: Floats
    """(pieces, READINGS without the last, n); scores as log-odds of one entry against another."""
    families: tuple[str, ...]
    """Of the n entries."""
    vectors: Floats
    """Of the pieces, (pieces, dims)."""
    several: float = 0.0
    """How much the message reads like one with several questions (`bot.nlu.multi_question`)."""
    services: tuple[Service | None, ...] = ()
    """Of each piece what it asks of the clinic itself; empty where that is not looked for."""

    @property
    def served(self) -> tuple[Service | None, ...]:
        """As `services`, with one for each piece."""
        return self.services or (None,) * len(self.pieces)


@dataclass(frozen=True)
class PartModel:
    """The fitted numbers."""

    seam: float
    """From this chance on a message is cut."""
    service: float
    """Above these odds a piece asks for what the clinic answers of itself."""
    readings: tuple[float, ...]
    """The weights of `READINGS`."""
    model: Logistic
    """Over the features of `evidence`."""

    @classmethod
    def load(cls, path: Path = THRESHOLDS) -> PartModel:
        """Read what `advisor tune` wrote."""
        data = json.loads(path.read_text(encoding="utf-8"))["parts"]
        seam, service = float(data["seam"]), float(data["service"])
        return cls(seam, service, tuple(data["readings"]), Logistic.of(data["model"]))

    def chances(self, read: Read, ranked: Floats) -> list[float]:
        """Of each part how likely it is a question that its best entry answers, or the clinic."""
        return [
            service.chance if service else self.model.chance(row)
            for service, row in zip(read.served, evidence(read, ranked), strict=True)
        ]


def cut(text: str, seams: Sequence[Seam], least: float) -> list[Piece]:
    """The pieces of a message, in order; one if there is no seam with a chance of `least`.

    There are `MOST` at most: of more seams the clearest count. A piece of joining words alone
    ("and") belongs to the next.
    """
    clear = [seam for seam in seams if seam.chance >= least]
    clear = sorted(clear, key=lambda seam: -seam.chance)[: MOST - 1]
    kept: list[Seam] = []
    for seam in sorted(clear, key=lambda seam: seam.start):
        if bare(text[kept[-1].start if kept else 0 : seam.start]):
            kept.append(seam)
    if kept and not bare(text[kept[-1].start :]):
        kept.pop()
    ends = [0, *(seam.start for seam in kept), len(text)]
    chances = [seam.chance for seam in kept]
    return [
        Piece(bare(text[start:end]), text[:end].strip(), tuple(chances[max(n - 1, 0) : n + 1]))
        for n, (start, end) in enumerate(pairwise(ends))
    ]


def read(
    text: str,
    pieces: Sequence[Piece],
    terms: Callable[[str], Sequence[Term]],
    encode: Callable[[Sequence[str]], Floats],
    score: Callable[[Sequence[str], Floats], Floats],
    families: Sequence[str],
) -> Read:
    """Read the pieces of a message in each way.

    A piece that names no subject is about the one named last before it, or else first in the
    message.

    Args:
        terms: gives the subjects that a text names.
        encode: gives the vectors of m texts, (m, dims).
        score: of m texts and their vectors gives their log-odds for n entries, (m, n).
        families: of the n entries.
    """
    subject = next(iter(terms(text)), Term("", ""))
    rows, own_families = [], []
    for number, piece in enumerate(pieces):
        own = terms(piece.text)
        subject = own[-1] if own else subject
        told = piece.text if own else f"{subject.text} {piece.text}".strip()
        so_far = piece.so_far if 0 < number < len(pieces) - 1 else (text if number else piece.text)
        rows.append((piece.text, told, so_far, text))
        own_families.append([family == subject.family for family in families])
    texts = list(dict.fromkeys(one for row in rows for one in row))
    vectors = encode(texts)
    scores = dict(zip(texts, score(texts, vectors), strict=True))
    known = [
        [*(scores[one] for one in row), np.array(family, dtype=np.float32)]
        for row, family in zip(rows, own_families, strict=True)
    ]
    alone = vectors[[texts.index(piece.text) for piece in pieces]]
    return Read(tuple(pieces), np.array(known, dtype=np.float32), tuple(families), alone)


def with_services(read: Read, services: ServiceParts, least: float) -> Read:
    """The same, with what each piece asks of the clinic where its odds are above `least`."""
    likeliest = services.likeliest(read.vectors)
    asked = tuple(
        one if one.odds > least and not is_told_only(piece.text) else None
        for piece, one in zip(read.pieces, likeliest, strict=True)
    )
    return replace(read, services=asked)


def features(read: Read) -> Floats:
    """What ranks the n entries for each piece: (pieces, n, READINGS)."""
    told = np.exp(_log_softmax(read.scores[:, SCORED.index("with_subject")]))
    others = [
        np.delete(told, number, axis=0).max(axis=0, initial=0.0) for number in range(len(told))
    ]
    every = np.concatenate([read.scores, np.stack(others)[:, None]], axis=1)
    by_entry: Floats = every.transpose(0, 2, 1).astype(np.float32)
    return by_entry


def rank(read: Read, weights: Sequence[float]) -> Floats:
    """The logarithms of the chances of the n entries for each piece: (pieces, n)."""
    scores: Floats = features(read) @ np.array(weights, dtype=np.float32)
    return _log_softmax(scores)


def evidence(read: Read, ranked: Floats) -> NDArray[np.float64]:
    """What tells whether an entry answers a part, one row a part: how sure its best entry is, and
    the least sure one of the others, the clinic's own facts included; the less and the more clear
    of its seams; how near the whole is to that entry, and to its own nearest; the part's length;
    whether there are three parts; whether not all are about the same; whether its entry is of the
    family of the whole's nearest; whether that entry is also the nearest to it with its subject in
    front; whether it is the first; and how much the message reads like one with several questions.
    """
    best = ranked.argmax(axis=1)
    sure = [
        service.odds if service else log_odds(math.exp(row[entry]))
        for service, row, entry in zip(read.served, ranked, best, strict=True)
    ]
    whole = _log_softmax(read.scores[:, SCORED.index("whole")])[0]
    told = read.scores[:, SCORED.index("with_subject")].argmax(axis=1)
    family = read.families[whole.argmax()]
    asked = [
        service.need if service else int(entry)
        for service, entry in zip(read.served, best, strict=True)
    ]
    differ = len(set(asked)) > 1
    return np.array(
        [
            (
                sure[number],
                min((one for other, one in enumerate(sure) if other != number), default=0.0),
                log_odds(min(piece.seams)),
                log_odds(max(piece.seams)),
                whole[best[number]],
                whole.max(),
                math.log(len(piece.text.split()) + 1),
                len(read.pieces) == MOST,
                differ,
                read.families[best[number]] == family,
                told[number] == best[number],
                number == 0,
                read.several,
            )
            for number, piece in enumerate(read.pieces)
        ],
        dtype=np.float64,
    )


def _log_softmax(rows: Floats) -> Floats:
    shifted = rows - rows.max(axis=-1, keepdims=True)
    result: Floats = shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))
    return result

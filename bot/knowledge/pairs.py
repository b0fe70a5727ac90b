"""How near every indexed text is to all the others: 115 million pairs, the slowest part of a check.

After an edit only what it touches is compared anew: the rows of new texts, the columns of entries
that have gained or lost one, and the rows of texts with a rare n-gram that has become rarer or
commoner by more than `DRIFT`. What stays is therefore within about `DRIFT` of a comparison from
nothing.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.blend import NEAREST
from bot.knowledge.cores import in_threads
from bot.knowledge.groups import Groups
from bot.knowledge.search import Floats, SearchIndex

DRIFT = 0.02
"""Of an idf, which is 1 to 10."""
MOST = 0.25
"""Share of the texts from which on all are compared anew."""
_BATCH = 128

Places = NDArray[np.int64]


@dataclass(frozen=True)
class Pairs:
    """Of some texts of an index: each with the *other* texts of every entry, (rows, entries)."""

    nearest: Floats
    """Mean cosine of the `NEAREST` nearest."""
    closest: Floats
    """Cosine of the nearest."""
    letters: Floats
    """Cosine of the n-grams of the text that is nearest by these."""

    @classmethod
    def of(cls, index: SearchIndex, rows: Places | None = None) -> Pairs:
        """Compare the texts at `rows`, by default all, with all texts."""
        everything = np.arange(len(index.questions))
        return _compare(index, everything if rows is None else rows, everything)


@dataclass(frozen=True)
class Compared:
    """The comparison of all texts of an index."""

    index: SearchIndex
    pairs: Pairs
    idf: Floats
    """Of the n-grams when all texts were last compared, so that drift does not add up."""

    @classmethod
    def of(cls, index: SearchIndex, before: Compared | None = None) -> Compared:
        """Compare all texts, taking from `before` what an edit has not touched."""
        if before is None or before.index.vectors.shape[1:] != index.vectors.shape[1:]:
            return cls(index, Pairs.of(index), index.ngrams.idf)
        known = _known(index, before.index)
        fresh = np.flatnonzero((known < 0) | _drifted(index, before.idf))
        if len(fresh) > MOST * len(known):
            return cls(index, Pairs.of(index), index.ngrams.idf)
        columns, changed = _columns(index, before.index, known)
        old = np.where(known < 0, 0, known)[:, None], np.where(columns < 0, 0, columns)[None, :]
        nearest, closest, letters = (
            part[old] for part in (before.pairs.nearest, before.pairs.closest, before.pairs.letters)
        )
        everything = np.arange(len(index.questions))
        entries = np.flatnonzero(changed)
        of_changed = np.flatnonzero(changed[index.owners])
        for rows, among, texts in (
            (everything, entries, of_changed),
            (fresh, np.arange(len(index)), everything),
        ):
            if not len(rows) or not len(texts):
                continue
            found = _compare(index, rows, texts)
            where = np.ix_(rows, among)
            nearest[where], closest[where] = found.nearest, found.closest
            letters[where] = found.letters
        return cls(index, Pairs(nearest, closest, letters), before.idf)


def _compare(index: SearchIndex, rows: Places, texts: Places) -> Pairs:
    """The texts at `rows` with those at `texts`, which are all of some entries."""
    if not len(rows):
        nothing = np.zeros((0, len(np.unique(index.owners[texts]))), dtype=np.float32)
        return Pairs(nothing, nothing, nothing)
    _, owners = np.unique(index.owners[texts], return_inverse=True)
    groups = Groups(owners)
    groups.prepare()
    ngrams = index.ngrams.matrix()
    by_bucket = ngrams[texts].T.tocsr()
    vectors = index.vectors[texts].T
    column = np.full(len(index.questions), -1)
    column[texts] = np.arange(len(texts))

    def part(start: int) -> tuple[Floats, Floats, Floats]:
        some = rows[start : start + _BATCH]
        cosines = index.vectors[some] @ vectors
        letters = (ngrams[some] @ by_bucket).toarray()
        own = column[some]
        itself = np.flatnonzero(own >= 0)
        cosines[itself, own[itself]] = -np.inf
        letters[itself, own[itself]] = -np.inf
        return (
            groups.mean_of_best(cosines, NEAREST),
            groups.mean_of_best(cosines, 1),
            groups.mean_of_best(letters, 1),
        )

    parts = in_threads(part, range(0, len(rows), _BATCH))
    return Pairs(*(np.concatenate(several) for several in zip(*parts, strict=True)))


def _known(index: SearchIndex, old: SearchIndex) -> Places:
    """The row in `old` of each text that it has under the same entry with the same vector, or
    -1.
    """
    place = {
        (old.entry_ids[owner], text): row
        for row, (owner, text) in enumerate(zip(old.owners.tolist(), old.questions, strict=True))
    }
    known = np.array(
        [
            place.get((index.entry_ids[owner], text), -1)
            for owner, text in zip(index.owners.tolist(), index.questions, strict=True)
        ],
        dtype=np.int64,
    )
    rows = np.flatnonzero(known >= 0)
    other = (index.vectors[rows] != old.vectors[known[rows]]).any(axis=1)
    known[rows[other]] = -1
    return known


def _columns(
    index: SearchIndex, old: SearchIndex, known: Places
) -> tuple[Places, NDArray[np.bool_]]:
    """The column in `old` of each entry, or -1; and whether it has gained or lost a text."""
    place = {id_: column for column, id_ in enumerate(old.entry_ids)}
    columns = np.array([place.get(id_, -1) for id_ in index.entry_ids], dtype=np.int64)
    kept = np.bincount(index.owners[known >= 0], minlength=len(index))
    before = np.append(np.bincount(old.owners, minlength=len(old)), -1)[columns]
    return columns, (kept != index.groups.sizes) | (kept != before)


def _drifted(index: SearchIndex, idf: Floats) -> NDArray[np.bool_]:
    """Which texts have an n-gram whose idf is no longer the same."""
    now = index.ngrams.idf
    moved = np.abs(now - idf) > DRIFT
    rows = index.ngrams.rows[np.repeat(moved, np.diff(index.ngrams.starts))]
    found: NDArray[np.bool_] = np.bincount(rows, minlength=len(index.questions)) > 0
    return found

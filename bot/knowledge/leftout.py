"""What the search would find for each indexed question if that question were not indexed.

This tells whether entries steal each other's questions, and how far a score can be trusted.
Refitting for each of 15,000 questions would take half a day, so:

* cosines and n-grams, which compare pairs of questions, and naive Bayes, which counts, are left out
  exactly, by striking the question's own column or taking off its counts; only the idf still has
  it, one text in 15,000;
* the regression is fitted three times, each time without a third of every entry's questions, and
  each question gets the logits of the fit that had not seen it. Those fits know less than the
  full one, so the result is a little worse than the truth, never better;
* the answers hold no question, so there is nothing to leave out of them. The questions were written
  with the answer at hand, though, so they share more words with it than a visitor's will.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.blend import Views, blend
from bot.knowledge.cores import in_threads
from bot.knowledge.linear import Linear
from bot.knowledge.pairs import Compared, Pairs
from bot.knowledge.search import Floats, SearchIndex

FOLDS = 3
_BATCH = 512


@dataclass(frozen=True)
class LeftOut:
    """All that is compared and fitted to leave questions out; a later build goes on from it."""

    compared: Compared
    folds: tuple[Linear, ...]

    @classmethod
    def of(cls, index: SearchIndex, before: LeftOut | None = None) -> LeftOut:
        """Leave each question of `index` out, taking from `before` what an edit has not touched."""
        if before is not None and before.compared.index.vectors is index.vectors:
            return cls(replace(before.compared, index=index), before.folds)
        compared = Compared.of(index, before.compared if before is not None else None)
        return cls(compared, fit_folds(index, before.among(index) if before is not None else ()))

    def among(self, index: SearchIndex) -> tuple[Linear, ...]:
        """The folds for the entries of another index; none if its vectors are of another
        encoder.
        """
        mine = self.compared.index
        if mine.vectors.shape[1:] != index.vectors.shape[1:]:
            return ()
        return tuple(fold.among(mine.entry_ids, index.entry_ids) for fold in self.folds)

    @cached_property
    def scores(self) -> Floats:
        """The blended scores of every question without itself, shape (questions, entries)."""
        return left_out_scores(self.compared.index, self.folds, self.compared.pairs)

    @cached_property
    def usual_nearness(self) -> Floats:
        """Each question's cosine with the nearest other one of its entry, shape (questions,)."""
        index = self.compared.index
        near: Floats = self.compared.pairs.closest[np.arange(len(index.questions)), index.owners]
        return near


def fit_folds(index: SearchIndex, start: Sequence[Linear] = ()) -> tuple[Linear, ...]:
    """The regressions that have not seen a third of the questions each.

    Args:
        start: of an earlier index, with this one's entries, to go on from.
    """
    folds = _folds(index.owners)

    def fit(fold: int) -> Linear:
        seen = folds != fold
        before = start[fold] if start else None
        return Linear.fit(index.vectors[seen], index.owners[seen], len(index), before)

    return tuple(in_threads(fit, range(FOLDS)))


def left_out_scores(
    index: SearchIndex,
    folds: Sequence[Linear] | None = None,
    pairs: Pairs | None = None,
    rows: NDArray[np.int64] | None = None,
) -> Floats:
    """The blended scores of questions without themselves, shape (rows, entries).

    Args:
        folds: of `fit_folds`, if they are there already.
        pairs: of these rows, if they are there already.
        rows: which questions; all by default.
    """
    rows = np.arange(len(index.questions)) if rows is None else rows
    if len(rows) == 0:
        return np.zeros((0, len(index)), dtype=np.float32)
    folds = fit_folds(index) if folds is None else folds
    pairs = Pairs.of(index, rows) if pairs is None else pairs
    logits = np.zeros((len(rows), len(index)), dtype=np.float32)
    held = _folds(index.owners)[rows]
    for fold, fitted in enumerate(folds):
        logits[held == fold] = fitted.logits(index.vectors[rows[held == fold]])
    ngrams, stems = index.ngrams.matrix(), index.stems.matrix()
    bayes = index.letters_bayes, index.words_bayes  # made once, before threads share them

    def part(start: int) -> Floats:
        here = slice(start, start + _BATCH)
        some = rows[here]
        owners, vectors = index.owners[some], index.vectors[some]
        return blend(
            Views(
                logits=logits[here],
                nearest=pairs.nearest[here],
                letters=pairs.letters[here],
                letters_bayes=bayes[0].left_out(ngrams[some], owners),
                words_bayes=bayes[1].left_out(stems[some], owners),
                gist=index.answers.cosines(vectors),
                words=index.answers.word_scores([index.questions[row] for row in some]),
            )
        )

    return np.concatenate(in_threads(part, range(0, len(rows), _BATCH)))


def calibrate(index: SearchIndex, left_out: Floats) -> SearchIndex:
    """The index with the temperature at which left-out questions are most likely.

    Minimises the mean negative log likelihood of each question's own entry over a grid of 61
    temperatures from 0.1 to 10 (steps of 8 %). Questions alone in their entry do not count.
    """
    sizes = np.bincount(index.owners, minlength=len(index.entry_ids))
    rows = np.flatnonzero(sizes[index.owners] > 1)
    if len(index.entry_ids) < 2 or len(rows) == 0:
        return index

    def loss(temperature: float) -> float:
        chances = index.with_temperature(temperature).confidences(left_out[rows])
        own = chances[np.arange(len(rows)), index.owners[rows]]
        return float(-np.log(np.maximum(own, 1e-9)).mean())

    return index.with_temperature(float(min(np.geomspace(0.1, 10, 61), key=loss)))


def _folds(owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """Deals each entry's questions round the folds in turn, so that every fold has of each."""
    sizes = np.bincount(owners)
    starts = np.cumsum(sizes) - sizes
    folds: NDArray[np.int64] = (np.arange(len(owners)) - starts[owners]) % FOLDS
    return folds

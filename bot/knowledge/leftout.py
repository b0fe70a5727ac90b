"""What the search would find for each indexed question if that question were not indexed.

This tells whether entries steal each other's questions, and how far a score can be trusted.
Refitting for each of 10,000 questions would take half a day, so:

* cosines and n-grams, which compare pairs of questions, and naive Bayes, which counts, are left out
  exactly, by striking the question's own column or taking off its counts; only the idf still has it,
  one text in 10,000;
* the regression is fitted three times, each time without a third of every entry's questions, and
  each question gets the logits of the fit that had not seen it. Those fits know less than the
  full one, so the result is a little worse than the truth, never better;
* the answers hold no question, so there is nothing to leave out of them. The questions were written
  with the answer at hand, though, so they share more words with it than a visitor's will.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.blend import blend
from bot.knowledge.cores import in_threads
from bot.knowledge.linear import Linear
from bot.knowledge.search import Floats, Raw, SearchIndex

FOLDS = 3
_BATCH = 128


def left_out_scores(index: SearchIndex) -> Floats:
    """The blended scores of every question without itself, shape (questions, entries)."""
    count = len(index.questions)
    if count == 0:
        return np.zeros((0, 0), dtype=np.float32)
    logits = _fold_logits(index)
    ngrams, stems = index.ngrams.matrix(), index.stems.matrix()
    by_bucket = ngrams.T.tocsr()

    def part(start: int) -> Floats:
        rows = np.arange(start, min(start + _BATCH, count))
        own, owners = (np.arange(len(rows)), rows), index.owners[rows]
        raw = Raw(
            cosines=index.vectors[rows] @ index.vectors.T,
            ngrams=(ngrams[rows] @ by_bucket).toarray(),
            logits=logits[rows],
            letters_bayes=index.letters_bayes.left_out(ngrams[rows], owners),
            words_bayes=index.words_bayes.left_out(stems[rows], owners),
        )
        raw.cosines[own] = -np.inf
        raw.ngrams[own] = -np.inf
        texts = [index.questions[row] for row in rows]
        return blend(index.views(texts, index.vectors[rows], raw))

    return np.concatenate(in_threads(part, range(0, count, _BATCH)))


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


def _fold_logits(index: SearchIndex) -> Floats:
    """Logits of each question from a fit that has not seen it, shape (questions, entries)."""
    folds = _folds(index.owners)
    logits = np.zeros((len(index.questions), len(index.entry_ids)), dtype=np.float32)

    def fit(fold: int) -> None:
        held, seen = folds == fold, folds != fold
        if held.any():
            fitted = Linear.fit(index.vectors[seen], index.owners[seen], len(index.entry_ids))
            logits[held] = fitted.logits(index.vectors[held])

    in_threads(fit, range(FOLDS))
    return logits


def _folds(owners: NDArray[np.int64]) -> NDArray[np.int64]:
    """Deals each entry's questions round the folds in turn, so that every fold has of each."""
    sizes = np.bincount(owners)
    starts = np.cumsum(sizes) - sizes
    folds: NDArray[np.int64] = (np.arange(len(owners)) - starts[owners]) % FOLDS
    return folds

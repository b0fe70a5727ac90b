from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from sklearn.naive_bayes import MultinomialNB

from bot.knowledge.bayes import ALPHA, Bayes
from bot.knowledge.stems import StemIndex
from bot.knowledge.tfidf import BUCKETS, TfidfIndex

TEXTS = [
    "how long does botox last",
    "when will botox wear off",
    "months until botox fades",
    "retinol at night",
    "start retinol slowly at night",
    "botox and retinol together",
    "botox and retinol on one day",
]
OWNERS = np.array([0, 0, 0, 1, 1, 2, 2])
QUERIES = ["does botox fade", "retinol tonight", "botox with retinol", "zebra", ""]


def dense(index: TfidfIndex, text: str) -> NDArray[np.float64]:
    """The values of a text as a row for scikit-learn."""
    row = np.zeros(BUCKETS)
    terms = index.terms(text)
    row[terms.buckets] = terms.values
    return row


@pytest.fixture
def index() -> StemIndex:
    return StemIndex.fit(TEXTS)


def test_scores_are_those_of_scikit_learn_but_for_what_all_entries_share(index: StemIndex) -> None:
    bayes = Bayes.of(index, OWNERS, 3)
    theirs = MultinomialNB(alpha=ALPHA, fit_prior=False)
    theirs.fit(np.stack([dense(index, text) for text in TEXTS]), OWNERS)
    for query in QUERIES:
        ours = bayes.scores(index.terms(query))
        wanted = theirs.predict_joint_log_proba(dense(index, query)[None, :])[0]
        np.testing.assert_allclose(ours - ours[0], wanted - wanted[0], atol=1e-4)


@pytest.mark.parametrize("row", range(len(TEXTS)))
def test_text_is_left_out_exactly(index: StemIndex, row: int) -> None:
    """As a fit without the text, with the idf of all."""
    seen = np.arange(len(TEXTS)) != row
    theirs = MultinomialNB(alpha=ALPHA, fit_prior=False)
    rows = np.stack([dense(index, text) for text in TEXTS])
    theirs.fit(rows[seen], OWNERS[seen])
    wanted = theirs.predict_joint_log_proba(rows[row][None, :])[0]
    own = OWNERS[row]
    ours = Bayes.of(index, OWNERS, 3).left_out(index.matrix()[[row]], OWNERS[[row]])[0]
    np.testing.assert_allclose(ours - ours[own - 1], wanted - wanted[own - 1], atol=1e-4)


def test_no_texts_work() -> None:
    empty = StemIndex.fit([])
    bayes = Bayes.of(empty, np.zeros(0, dtype=np.int64), 0)
    assert bayes.scores(empty.terms("botox")).shape == (0,)

"""Which questions would find another answer without their own even being offered."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from ruamel.yaml import YAML

from bot.advice.decide import Thresholds, decide_question
from bot.advice.understanding import Candidate, Understanding
from bot.knowledge.build import Built
from bot.knowledge.live import Publication
from bot.knowledge.search import Floats, SearchIndex

LISTED = YAML(typ="safe", pure=True).load(
    Path(__file__).with_name("elsewhere.yml").read_text(encoding="utf-8")
)
MOST = 0.05
"""Of all questions and test questions, how many may go elsewhere at most."""


def asked(publication: Publication, built: Built) -> Iterator[tuple[str, str, Floats]]:
    """The entry, the text and the scores of every question, left out, and every test question."""
    index, entries = publication.index, publication.knowledge.entries
    for row, text in enumerate(index.questions):
        id_ = index.entry_ids[index.owners[row]]
        if text in entries[id_].questions:
            yield id_, text, built.left_out.scores[row]
    tests = [(id_, text) for id_ in index.entry_ids for text in entries[id_].test_questions]
    texts = [text for _, text in tests]
    blended = index.scores(texts, built.vectors.of(texts)).blended
    for (id_, text), scores in zip(tests, blended, strict=True):
        yield id_, text, scores


def shown(index: SearchIndex, scores: Floats, publication: Publication) -> tuple[str, ...]:
    """The entries that a visitor would be answered with or offered, if this were all we knew."""
    confidences = index.confidences(scores[None, :])[0]
    best = np.argsort(-scores, kind="stable")[:5]
    candidates = tuple(
        Candidate(index.entry_ids[n], float(scores[n]), float(confidences[n]), 1.0) for n in best
    )
    found = Understanding(candidates=candidates, in_scope=1.0)
    decision = decide_question(found, publication.knowledge.entries, Thresholds.load())
    return decision.entries + decision.suggestions


@pytest.fixture(scope="module")
def elsewhere(publication: Publication, built: Built) -> tuple[set[tuple[str, str]], int]:
    """Those that go elsewhere, and how many were asked."""
    gone, count = set(), 0
    for id_, text, scores in asked(publication, built):
        count += 1
        if id_ not in shown(publication.index, scores, publication):
            gone.add((id_, text))
    return gone, count


def test_hardly_any_question_goes_elsewhere(elsewhere: tuple[set[tuple[str, str]], int]) -> None:
    gone, count = elsewhere
    assert count > 2000
    assert len(gone) / count <= MOST


def test_each_that_does_is_listed_with_a_reason(
    elsewhere: tuple[set[tuple[str, str]], int],
) -> None:
    """When this fails, reword the question, add wordings to its entry, or write down why."""
    listed = {(line["entry"], line["text"]) for line in LISTED if line["why"].strip()}
    gone, _ = elsewhere
    assert len(listed) == len(LISTED)
    assert gone - listed == set()


def test_what_is_listed_are_questions_that_there_are(publication: Publication) -> None:
    entries = publication.knowledge.entries
    for line in LISTED:
        entry = entries[line["entry"]]
        assert line["text"] in (*entry.questions, *entry.test_questions)
        assert line["to"] in entries

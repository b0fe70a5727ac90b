"""Everything that is computed from the knowledge before it is checked and published."""

from __future__ import annotations

from dataclasses import dataclass

from bot.knowledge.answers import Answers, gist, whole
from bot.knowledge.embed import NO_VECTORS, TextEncoder, Vectors, embed, indexed_texts, ready
from bot.knowledge.entry import Knowledge
from bot.knowledge.leftout import calibrate, left_out_scores
from bot.knowledge.search import Floats, SearchIndex


@dataclass(frozen=True)
class Built:
    """The search over the entries that are ready, and how it does on what it has not seen."""

    index: SearchIndex
    vectors: Vectors
    """Of the indexed texts, the answers and the test questions (which are never indexed)."""
    left_out: Floats
    """Scores of each indexed text without itself, shape (texts, entries)."""


def build(knowledge: Knowledge, encoder: TextEncoder, known: Vectors = NO_VECTORS) -> Built:
    """Embed, fit and calibrate. With 135 entries it takes 12 s of CPU, 7 of them to embed.

    Args:
        knowledge: entries that are not ready are left out.
        encoder: embeds the texts that `known` lacks.
        known: vectors of an earlier build.
    """
    entries = ready(knowledge)
    pairs = [(id_, text) for id_, entry in entries.items() for text in indexed_texts(entry)]
    tests = [text for entry in entries.values() for text in entry.test_questions]
    gists = {id_: gist(entry) for id_, entry in entries.items()}
    vectors = embed([*(text for _, text in pairs), *gists.values(), *tests], encoder, known)
    answers = Answers(
        gists={id_: vectors.by_text[text] for id_, text in gists.items()},
        texts={id_: whole(entry) for id_, entry in entries.items()},
    )
    index = SearchIndex.fit(pairs, vectors.of([text for _, text in pairs]), answers)
    left_out = left_out_scores(index)
    return Built(calibrate(index, left_out), vectors, left_out)

"""Everything that is computed from the knowledge before it is checked and published."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np

from bot.knowledge.answers import Answers, gist, whole
from bot.knowledge.blend import Views, blend
from bot.knowledge.embed import NO_VECTORS, TextEncoder, Vectors, embed, indexed_texts, ready
from bot.knowledge.entry import Knowledge
from bot.knowledge.leftout import LeftOut, calibrate
from bot.knowledge.search import Floats, SearchIndex

SAME = 0.99
"""Share of an index's texts that have to be as they were for its temperature to be kept: it is
fitted on all of them, and a hundredth does not move it by the 8 % of a step."""


@dataclass(frozen=True)
class Tried:
    """Texts compared with all that is indexed, shape (texts, entries) each."""

    index: SearchIndex
    texts: tuple[str, ...]
    views: Views

    @classmethod
    def of(
        cls, index: SearchIndex, texts: tuple[str, ...], vectors: Floats, before: Tried | None
    ) -> Tried:
        """Compare texts, with vectors (texts, dims); only with the answers if `before` compared
        them with the same questions.
        """
        if before is None or before.index.ngrams is not index.ngrams or before.texts != texts:
            return cls(index, texts, index.views(texts, vectors, index.compare(texts, vectors)))
        gist, words = index.answers.cosines(vectors), index.answers.word_scores(texts)
        return cls(index, texts, replace(before.views, gist=gist, words=words))

    def found(self, count: int) -> list[tuple[str, ...]]:
        """The ids of the `count` best entries for each text, best first."""
        best = np.argsort(-blend(self.views), axis=1, kind="stable")[:, :count]
        return [tuple(self.index.entry_ids[column] for column in row) for row in best.tolist()]


@dataclass(frozen=True)
class Earlier:
    """What an earlier build leaves to the next, as far as it is there."""

    vectors: Vectors = NO_VECTORS
    index: SearchIndex | None = None
    left_out: LeftOut | None = None
    tried: Tried | None = None


NOTHING = Earlier()


@dataclass(frozen=True)
class Built:
    """The search over the entries that are ready, and how it does on what it has not seen."""

    index: SearchIndex
    vectors: Vectors
    """Of the indexed texts, the answers and the test questions (which are never indexed)."""
    before: LeftOut | None = None
    """Of an earlier build."""
    tried_before: Tried | None = None
    """Of an earlier build."""

    @cached_property
    def left_out(self) -> LeftOut:
        """The questions left out; it takes some seconds, and is done when it is first asked for."""
        return LeftOut.of(self.index, self.before)

    def tried(self, texts: tuple[str, ...]) -> Tried:
        """Some of the texts that there are vectors of, compared; the next build goes on from it."""
        if (done := vars(self).get("_tried")) is None or done.texts != texts:
            vectors = self.vectors.of(texts)
            done = Tried.of(self.index, texts, vectors, self.tried_before)
            vars(self)["_tried"] = done
        return done

    def as_earlier(self) -> Earlier:
        """What the next build goes on from."""
        done = vars(self)
        left_out = done.get("left_out", self.before)
        return Earlier(self.vectors, self.index, left_out, done.get("_tried", self.tried_before))


def build(
    knowledge: Knowledge, encoder: TextEncoder, earlier: Earlier = NOTHING, *, learn: bool = True
) -> Built:
    """Embed, fit and calibrate. 135 entries with 29,600 texts take about a minute and a half of two
    cores from nothing, most of it to embed; after the edit of one entry 0.3 to 1 s.

    Args:
        knowledge: entries that are not ready are left out.
        encoder: embeds the texts that are new.
        earlier: of an earlier build. Where it has nearly all the texts its temperature is kept,
            and questions are left out only when they are asked for.
        learn: without it, the regression is not fitted anew unless there is a new entry, and no
            text is embedded to see whether the encoder is the same: enough for a first look.
    """
    entries = ready(knowledge)
    pairs = [(id_, text) for id_, entry in entries.items() for text in indexed_texts(entry)]
    tests = [text for entry in entries.values() for text in entry.test_questions]
    gists = {id_: gist(entry) for id_, entry in entries.items()}
    wanted = [*(text for _, text in pairs), *gists.values(), *tests]
    known = earlier.vectors
    if not learn and all(text in known.by_text for text in wanted):
        vectors = Vectors({text: known.by_text[text] for text in wanted})
    else:
        vectors = embed(wanted, encoder, known)
    answers = Answers(
        gists={id_: vectors.by_text[text] for id_, text in gists.items()},
        texts={id_: whole(entry) for id_, entry in entries.items()},
    )
    index = SearchIndex.fit(
        pairs, vectors.of([text for _, text in pairs]), answers, earlier.index, learn=learn
    )
    if earlier.index is not None and _shared(index, earlier.index) >= SAME:
        temperature = earlier.index.temperature
        return Built(index.with_temperature(temperature), vectors, earlier.left_out, earlier.tried)
    return calibrated(Built(index, vectors, earlier.left_out, earlier.tried))


def calibrated(built: Built) -> Built:
    """The same with the temperature of its own left-out questions."""
    left_out = built.left_out
    index = calibrate(built.index, left_out.scores)
    done = LeftOut(replace(left_out.compared, index=index), left_out.folds)
    again = Built(index, built.vectors, done, built.as_earlier().tried)
    vars(done)["scores"] = left_out.scores  # which do not depend on the temperature
    vars(again)["left_out"] = done
    return again


def _shared(index: SearchIndex, other: SearchIndex) -> float:
    """The share of the texts of the larger that both have."""
    most = max(len(index.questions), len(other.questions), 1)
    return len(set(index.questions) & set(other.questions)) / most

"""No entry may steal another's questions.

An entry's questions and tests are written to be unlike each other, so a single miss is no fault:
of 119 entries' 463 test questions, 44.5 % found their entry first and 66.3 % among three. What is
reported is therefore what somebody can mend: an entry that none of its tests finds, and a question
that is plainly nearer to another entry. The rest is listed on request.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from bot.knowledge.build import Built
from bot.knowledge.entry import Entry, Knowledge
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context
from bot.knowledge.search import SearchIndex
from bot.knowledge.wordings import FOLDER as WORDINGS

FOUND = 3
"""An entry counts as found among so many: when unsure, the bot offers the nearest three."""
CLEAR = 0.9
"""A theft is clear when the other entry's question is nearer than nine of ten questions are to
the nearest of their own entry."""


def entries_find_their_tests(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """An entry that none of its test questions finds cannot be reached by visitors."""
    if context.built is None:
        return
    for id_ in context.built.index.entry_ids:
        tests = knowledge.entries[id_].test_questions
        hits = context.built.index.search_many(tests, context.built.vectors.of(tests), FOUND)
        found = [[hit.entry_id for hit in three] for three in hits]
        if tests and not any(id_ in three for three in found):
            yield context.error(
                id_,
                "test_questions",
                f"none of them finds this entry among the first {FOUND};"
                f" the first finds '{found[0][0]}'.",
                "Add questions in more varied words, or move these to the other entry.",
            )
        if not context.all_overlaps:
            continue
        for index, (test, three) in enumerate(zip(hits, found, strict=True)):
            if three[0] != id_:
                yield context.warning(
                    id_,
                    "test_questions",
                    f"it finds '{three[0]}' first, by its question '{test[0].nearest_question}'.",
                    "Add a question in words like these here, or move it to the other entry.",
                    index=index,
                )


def no_stolen_questions(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Each question is left out and searched for; it should find the entry that it is from.

    See `bot.knowledge.leftout` for how that is done in seconds.
    """
    built = context.built
    if built is None or len(built.index) < 2:
        return
    index = built.index
    nearest_own, nearest_other = _nearest(built)
    rows = np.arange(len(index.questions))
    better = (built.left_out > built.left_out[rows, index.owners][:, None]).sum(axis=1)
    near = _cosines(index.vectors, nearest_own)
    far = _cosines(index.vectors, nearest_other)
    clear = (better >= FOUND) & (far > near) & (far >= np.quantile(near, CLEAR))
    for row in np.flatnonzero(better > 0 if context.all_overlaps else clear):
        id_ = index.entry_ids[index.owners[row]]
        place = _place(knowledge.entries[id_], index.questions[row])
        if place is None:
            continue
        thief = int(nearest_other[row])
        if clear[row]:
            says = f"it is nearer to '{index.entry_ids[index.owners[thief]]}' than to this entry;"
        else:
            first = int(built.left_out[row].argmax())
            thief = _nearest_of(index, row, first)
            says = f"without it, search would find '{index.entry_ids[first]}' first;"
        yield context.warning(
            id_,
            place[0],
            f"{says} the wording there is '{index.questions[thief]}'.",
            "Reword one of the two so that they differ, or move it to the other entry.",
            index=place[1],
        )


def _place(entry: Entry, text: str) -> tuple[str, int] | None:
    """The field and the place in it of an indexed text; None for a title or another name."""
    for field, texts in (("questions", entry.questions), (WORDINGS, entry.wordings)):
        if text in texts:
            return field, texts.index(text)
    return None


Places = NDArray[np.int64]


def _nearest(built: Built) -> tuple[Places, Places]:
    """For each indexed text the nearest other one of its own entry, and of the others."""
    index = built.index
    own, other = [], []
    for row, vector in enumerate(index.vectors):
        cosines = index.vectors @ vector
        cosines[row] = -np.inf
        same = index.owners == index.owners[row]
        own.append(int(np.where(same, cosines, -np.inf).argmax()))
        other.append(int(np.where(same, -np.inf, cosines).argmax()))
    return np.array(own), np.array(other)


def _nearest_of(index: SearchIndex, row: int, entry: int) -> int:
    """The text of `entry` that is nearest to the text `row`."""
    cosines = index.vectors @ index.vectors[row]
    return int(np.where(index.owners == entry, cosines, -np.inf).argmax())


def _cosines(vectors: NDArray[np.float32], others: Places) -> NDArray[np.float32]:
    """Each vector's cosine with the one that `others` names for it."""
    cosines: NDArray[np.float32] = np.einsum("ij,ij->i", vectors, vectors[others])
    return cosines

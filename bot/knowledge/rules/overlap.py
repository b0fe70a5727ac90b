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
from bot.knowledge.leftout import left_out_scores
from bot.knowledge.pairs import Pairs
from bot.knowledge.problem import Problem
from bot.knowledge.rules.context import Context
from bot.knowledge.search import Floats, SearchIndex
from bot.knowledge.wordings import FOLDER as WORDINGS

Places = NDArray[np.int64]

FOUND = 3
"""An entry counts as found among so many: when unsure, the bot offers the nearest three."""
CLEAR = 0.9
"""A theft is clear when the other entry's question is nearer than nine of ten questions are to
the nearest of their own entry."""


def entries_find_their_tests(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """An entry that none of its test questions finds cannot be reached by visitors."""
    built = context.built
    if built is None:
        return
    ids = [id_ for id_ in built.index.entry_ids if context.asks_for(id_)]
    asked = [(id_, test) for id_ in ids for test in knowledge.entries[id_].test_questions]
    if not asked:
        return
    tests = tuple(test for _, test in asked)
    found = built.tried(tests).found(FOUND)
    by_entry: dict[str, list[tuple[str, ...]]] = {}
    for (id_, _), best in zip(asked, found, strict=True):
        by_entry.setdefault(id_, []).append(best)
    for id_, several in by_entry.items():
        if not any(id_ in best for best in several):
            yield context.error(
                id_,
                "test_questions",
                f"none of them finds this entry among the first {FOUND};"
                f" the first finds '{several[0][0]}'.",
                "Add questions in more varied words, or move these to the other entry.",
            )
        for index, best in enumerate(several if context.all_overlaps else ()):
            if best[0] != id_:
                test = knowledge.entries[id_].test_questions[index]
                (hit,) = built.index.search(test, built.vectors.by_text[test], 1)
                yield context.warning(
                    id_,
                    "test_questions",
                    f"it finds '{best[0]}' first, by its question '{hit.nearest_question}'.",
                    "Add a question in words like these here, or move it to the other entry.",
                    index=index,
                )


def no_stolen_questions(knowledge: Knowledge, context: Context) -> Iterator[Problem]:
    """Each question is left out and searched for; it should find the entry that it is from.

    See `bot.knowledge.leftout` for how that is done in seconds.
    """
    built = context.built
    if built is None or not context.stolen or len(built.index) < 2:
        return
    index = built.index
    rows, scores, closest, usual = _left_out(built, context)
    places, owners = np.arange(len(rows)), index.owners[rows]
    better = (scores > scores[places, owners][:, None]).sum(axis=1)
    near = closest[places, owners]
    others = closest.copy()
    others[places, owners] = -np.inf
    far = others.max(axis=1)
    clear = (better >= FOUND) & (far > near) & (far >= np.quantile(usual, CLEAR))
    for number in np.flatnonzero(better > 0 if context.all_overlaps else clear):
        row = int(rows[number])
        id_ = index.entry_ids[owners[number]]
        place = _place(knowledge.entries[id_], index.questions[row])
        if place is None:
            continue
        if clear[number]:
            other = int(others[number].argmax())
            says = f"it is nearer to '{index.entry_ids[other]}' than to this entry;"
        else:
            other = int(scores[number].argmax())
            says = f"without it, search would find '{index.entry_ids[other]}' first;"
        yield context.warning(
            id_,
            place[0],
            f"{says} the wording there is '{index.questions[_nearest_of(index, row, other)]}'.",
            "Reword one of the two so that they differ, or move it to the other entry.",
            index=place[1],
        )


def _left_out(built: Built, context: Context) -> tuple[Places, Floats, Floats, Floats]:
    """The questions that are asked for, their scores without themselves, their cosines with the
    nearest other question of each entry, and how near all questions are to their own entry.
    """
    index, before = built.index, built.before
    asked = [context.asks_for(id_) for id_ in index.entry_ids]
    if all(asked) or before is None:
        left_out = built.left_out
        rows = np.flatnonzero(np.array(asked)[index.owners])
        closest = left_out.compared.pairs.closest[rows]
        return rows, left_out.scores[rows], closest, left_out.usual_nearness
    rows = np.flatnonzero(np.array(asked)[index.owners])
    pairs = Pairs.of(index, rows) if len(rows) else None
    scores = left_out_scores(index, before.among(index), pairs, rows)
    closest = scores if pairs is None else pairs.closest
    return rows, scores, closest, before.usual_nearness


def _place(entry: Entry, text: str) -> tuple[str, int] | None:
    """The field and the place in it of an indexed text; None for a title or another name."""
    for field, texts in (("questions", entry.questions), (WORDINGS, entry.wordings)):
        if text in texts:
            return field, texts.index(text)
    return None


def _nearest_of(index: SearchIndex, row: int, entry: int) -> int:
    """The text of `entry` that is nearest to the text `row`."""
    cosines = index.vectors @ index.vectors[row]
    return int(np.where(index.owners == entry, cosines, -np.inf).argmax())

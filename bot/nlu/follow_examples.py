"""What `bot.nlu.follow_tuning` learns from: ``data/follow_ups/tuned.jsonl``, whose README says what
stands in a line, and what is borrowed.

Few follow-ups are no question. So small talk and wishes are borrowed from the classifier's
examples, messages that are out of scope from the tuning data, and new subjects from the entries'
test questions.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from bot.advice.route import QUESTION
from bot.advice.understanding import OUTSIDE
from bot.knowledge.encode import Encoder
from bot.nlu.follow import Intents
from bot.nlu.intent_classifier import IntentModel, rank_unseen
from bot.nlu.json_lines import read_lines

FILE = Path(__file__).parents[2] / "data" / "follow_ups" / "tuned.jsonl"

EVERY = 2
"""Of messages out of scope, and of test questions, every second one is borrowed: with all of them
no more was found."""

NO_QUESTION = frozenset({"smalltalk", "service", "other"})
"""What `needs` has where nothing of ours is asked."""


@dataclass(frozen=True)
class FollowUp:
    """One message after others of the same visitor."""

    context: tuple[str, ...]
    """Oldest first."""
    text: str
    needs: tuple[str, ...]
    """The entries of which any answers it; none where it asks nothing of ours."""


def read_follow_ups(path: Path = FILE) -> list[FollowUp]:
    """The messages of a file.

    Raises:
        ValueError: a line is not such an object; the message names it.
    """
    return list(read_lines(path, "a follow-up", _follow_up))


def _follow_up(data: dict[str, Any]) -> FollowUp:
    context, text, needs = tuple(data["context"]), data["text"], tuple(data["needs"])
    if not context or not needs or not all(isinstance(one, str) for one in (*context, text)):
        raise ValueError("it needs a context, a text and needs, none of them empty")
    return FollowUp(context, text, () if NO_QUESTION & set(needs) else needs)


@dataclass(frozen=True)
class Borrowed:
    """Messages that were written for other ends, with what the classifier makes of each."""

    talk: Sequence[tuple[str, Intents]]
    """Small talk and wishes, ranked by a classifier that has not seen them."""
    outside: Sequence[tuple[str, Intents]]
    questions: Sequence[tuple[str, Intents]]
    intents: IntentModel
    """Has seen none of `outside`, `questions` and the follow-ups."""


def talk(
    examples: Mapping[str, Sequence[str]],
    vectors: NDArray[np.float32],
    intents: IntentModel,
    strength: float,
    questions: NDArray[np.float32],
) -> list[tuple[str, Intents]]:
    """The examples of small talk and wishes, ranked by a classifier that has not seen them.

    Args:
        examples: of each intent, and `vectors` theirs, in order.
        intents: fitted on all of them, with `strength` and `questions`.
    """
    names = [name for name, texts in examples.items() for _ in texts]
    texts = [text for group in examples.values() for text in group]
    ranked = rank_unseen(vectors, names, intents, strength, questions)
    rows = zip(names, texts, ranked, strict=True)
    return [(text, each) for name, text, each in rows if name not in (QUESTION, *OUTSIDE)]


def seen(texts: Sequence[str], encoder: Encoder, intents: IntentModel) -> list[tuple[str, Intents]]:
    """Every second of other messages, with what the classifier makes of it."""
    some = list(texts[::EVERY])
    ranked = [intents.ranking(vector) for vector in encoder.encode(some)]
    return list(zip(some, ranked, strict=True))

"""How the model of follow-ups is fitted, on a small world whose answers are plain."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from bot.nlu.finder import Finder
from bot.nlu.follow_examples import Borrowed, FollowUp
from bot.nlu.follow_tuning import TunedFollow, tune_follow
from bot.nlu.intent_classifier import IntentModel
from tests.nlu.test_knowledge_search import BOUNDARY, ENCODER, LIVE, SCOPE

ASKS, CHATS = (("ask_question", 0.9), ("chitchat", 0.1)), (("chitchat", 0.9), ("ask_question", 0.1))
INTENTS = IntentModel(
    ("ask_question", "chitchat"), np.zeros((2, 64), np.float32), np.zeros(2, np.float32), 1.0
)
"""Makes the same of every message."""
PAIN = [
    FollowUp((f"{word} {family}",), "needle pain", (f"{family}/pain",))
    for word in ("price of", "what do", "money")
    for family in ("botox", "fillers")
]
TALK = [FollowUp(("price of botox",), text, ()) for text in ("zebra", "quantum kettle", "match")]
BORROWED = Borrowed(
    talk=[(text, CHATS) for text in ("zebra", "kettle", "boil", "won", "quantum", "egg")],
    outside=[(text, CHATS) for text in ("who won the match", "boil an egg")],
    questions=[(text, ASKS) for text in ("does botox hurt", "price of fillers", "sun and skin")],
    intents=INTENTS,
)
THRESHOLDS = (0.4, 0.0)


def tuned(*follow_ups: FollowUp, borrowed: Borrowed = BORROWED) -> TunedFollow:
    assert LIVE.publication is not None
    finder = Finder.of(LIVE.publication, ENCODER, SCOPE, BOUNDARY)  # type: ignore[arg-type]  # stands in
    return tune_follow(finder, follow_ups, borrowed, THRESHOLDS)


def test_it_finds_what_goes_on_and_leaves_talk_alone() -> None:
    found = tuned(*PAIN, *TALK)
    assert found.found == 1.0
    assert found.declined <= 0.2
    assert THRESHOLDS[0] <= found.goes_on < 1
    assert len(found.model.readings) == 5
    assert len(found.model.model.weights) == 16


def test_the_subject_of_the_answer_comes_to_count() -> None:
    """Alone "needle pain" is as near to either subject."""
    assert sum(tuned(*PAIN, *TALK).model.readings[:3]) > 0.5


def test_the_same_messages_give_the_same_model() -> None:
    assert tuned(*PAIN, *TALK) == tuned(*PAIN, *TALK)


def test_what_comes_after_no_answer_is_no_follow_up() -> None:
    """Nothing is found out from it, rather than something wrong."""
    stray = FollowUp(("zebra quantum kettle",), "needle pain", ("lifestyle/sun",))
    assert tuned(*PAIN, *TALK, stray).model.readings == tuned(*PAIN, *TALK).model.readings


@pytest.mark.parametrize(
    ("follow_ups", "borrowed"),
    [
        ([], BORROWED),
        (TALK, BORROWED),
        (PAIN, replace(BORROWED, talk=(), outside=())),
    ],
)
def test_without_messages_of_both_sorts_there_is_no_model(
    follow_ups: list[FollowUp], borrowed: Borrowed
) -> None:
    with pytest.raises(ValueError, match="class"):
        tuned(*follow_ups, borrowed=borrowed)

"""A message without marks is read as if it had some; any other stays as it was typed."""

from __future__ import annotations

from collections import Counter

import pytest

from bot.advice import safety
from bot.advice.safety import Safety
from bot.advice.unmarked import LEAST, with_marks
from bot.knowledge.entry import Urgency
from bot.nlu.alarm_examples import read_examples, without_marks

TYPED = (
    "saw a thing on your page about strokes i did the test and my arm drifts down do you have a"
    " cream"
)


def test_clauses_begin_with_who_is_told_of_and_sentences_with_a_question() -> None:
    assert with_marks(TYPED) == (
        "saw a thing on your page about strokes, i did the test and my arm drifts down."
        " do you have a cream"
    )


def test_a_question_is_not_cut_in_two() -> None:
    told = "my lip is white since the filler on friday can i have my peel today will it be ok"
    parts = with_marks(told).split(". ")
    assert parts[1:] == ["can i have my peel today", "will it be ok"]
    told = "had my lips done and they have gone grey oh no what do i do i cant breathe"
    assert with_marks(told).endswith(", i cant breathe")


@pytest.mark.parametrize("mark", [".", "?", "!", ";", ",", ":", "\n"])
def test_a_message_with_a_mark_of_its_own_stays_as_it_is(mark: str) -> None:
    assert with_marks(TYPED + mark) == TYPED + mark


def test_a_short_message_is_one_clause() -> None:
    words = ["i"] * (LEAST - 1)
    assert with_marks(" ".join(words)) == " ".join(words)
    assert with_marks(" ".join([*words, "i"])).count(",") == LEAST - 1


@pytest.mark.parametrize("text", ["", "   ", "😭 " * 40])
def test_nothing_said_is_nothing_marked(text: str) -> None:
    assert with_marks(text) == text


def test_of_emergencies_typed_without_marks_more_are_found(monkeypatch: pytest.MonkeyPatch) -> None:
    """And what else is typed so is not taken for one much more often."""
    examples = [one for one in read_examples()[::8] if "\n" not in one.text]

    def found() -> Counter[bool]:
        return Counter(
            one.entry_id is not None
            for one in examples
            if any(
                finding.urgency.rank >= Urgency.URGENT_SAME_DAY.rank
                for finding in Safety.builtin().check(without_marks(one.text))
            )
        )

    marked = found()
    monkeypatch.setattr(safety, "with_marks", str)
    plain = found()
    assert marked[True] > plain[True]
    assert marked[False] - plain[False] < marked[True] - plain[True]

"""Where a question begins, learned from messages whose questions a person has marked."""

from __future__ import annotations

import re

import numpy as np
import pytest

from bot.knowledge.adapter import kept_back
from bot.knowledge.encode import Encoder
from bot.nlu.seams import Seams, bare, first_words, fit
from bot.nlu.several_examples import Several, read_several

MESSAGES = read_several()
LEARNED = [message for message in MESSAGES if not kept_back(message.text)][::15]
JUDGED = [message for message in MESSAGES if kept_back(message.text)][::6]
"""Of those that the encoder's adapter was not shown."""


def learned(messages: list[Several]) -> Seams:
    """A model of these messages."""
    texts = [message.text for message in messages]
    return fit(texts, Encoder.shared().tokens(texts), [message.starts for message in messages])


@pytest.fixture(scope="module")
def seams() -> Seams:
    return learned(LEARNED)


def test_questions_begin_where_a_person_says_and_not_elsewhere(seams: Seams) -> None:
    """Of two words, one with which a question begins is likelier to, in messages that it has not
    seen: the area under the curve.
    """
    begins, others = [], []
    for message in JUDGED:
        found = seams.chances(message.text, Encoder.shared().tokens_one(message.text))
        firsts = {
            next((one.start for one in found if one.start >= start), None)
            for start in message.starts[1:]
        }
        for one in found:
            (begins if one.start in firsts else others).append(one.chance)
    above = np.mean([np.mean(np.array(others) < chance) for chance in begins])
    assert above > 0.93
    assert np.mean(begins) > 5 * np.mean(others)


@pytest.mark.parametrize(
    ("starts", "begins"),
    [
        ((), ()),
        ((0,), ()),
        ((0, 13), ("how",)),
        ((0, 11), ("how",)),
        ((0, 3, 13), ("it", "how")),
        ((99,), ()),
    ],
)
def test_a_question_begins_with_the_first_word_after_its_mark(
    starts: tuple[int, ...], begins: tuple[str, ...]
) -> None:
    """The first word of a message begins none: there is no seam before it."""
    text = "is it ok?  - how long"
    words = first_words(text, starts)
    assert [start for start, _ in words] == [
        text.index(word) for word in ["it", "ok", "how", "long"]
    ]
    found = tuple(text[start:].split(maxsplit=1)[0] for start, is_first in words if is_first)
    assert found == begins


def test_no_mark_is_needed(seams: Seams) -> None:
    """As in voice to text."""
    text = "does botox hurt how long does it last"
    found = seams.chances(text, Encoder.shared().tokens_one(text))
    assert text[max(found, key=lambda one: one.chance).start :] == "how long does it last"


@pytest.mark.parametrize(
    "text",
    ["", "?", "why", "¿¿ ??", "💉 does it hurt 💉", "ça coûte combien et ça dure", "肉毒 how long"],
)
def test_any_text_has_a_chance_at_the_start_of_words_but_the_first(seams: Seams, text: str) -> None:
    found = seams.chances(text, Encoder.shared().tokens_one(text))
    starts = [match.start() for match in re.finditer(r"\w+", text)]
    assert [one.start for one in found] == sorted({one.start for one in found})
    assert {one.start for one in found} <= set(starts[1:])
    assert all(0 <= one.chance <= 1 for one in found)


def test_what_is_beyond_the_encoders_reach_has_none(seams: Seams) -> None:
    """It reads 256 tokens of a message."""
    text = "does it hurt " * 200
    found = seams.chances(text, Encoder.shared().tokens_one(text))
    assert 200 < len(found) < 256


def test_what_is_saved_is_what_was_fitted(seams: Seams) -> None:
    text = "does it hurt and what does it cost"
    tokens = Encoder.shared().tokens_one(text)
    assert Seams.of(seams.arrays()).chances(text, tokens) == seams.chances(text, tokens)


def test_without_a_second_question_nothing_can_be_learned() -> None:
    with pytest.raises(ValueError, match="several questions"):
        learned([message for message in LEARNED if len(message.texts) == 1])
    with pytest.raises(ValueError, match="several questions"):
        learned([])


def test_greetings_and_joining_words_are_not_what_is_asked() -> None:
    assert bare(" - hi, and then also how long? ") == "how long?"
    assert bare("normal to bruise") == "normal to bruise"

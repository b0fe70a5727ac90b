"""Whether a message reads like one with several questions, learned from messages that a person has
marked.
"""

from __future__ import annotations

import numpy as np
import pytest

from bot.knowledge.adapter import kept_back
from bot.knowledge.encode import Encoder
from bot.nlu.logistic import log_odds
from bot.nlu.multi_question import MultiQuestion, fit
from bot.nlu.several_examples import Several, read_several

MESSAGES = read_several()
LEARNED = [message for message in MESSAGES if not kept_back(message.text)][::6]
JUDGED = [message for message in MESSAGES if kept_back(message.text)][::6]
"""Of those that the encoder's adapter was not shown."""


def learned(messages: list[Several]) -> MultiQuestion:
    """A model of these messages."""
    return fit(messages, Encoder.shared().tokens([message.text for message in messages]))


@pytest.fixture(scope="module")
def multi() -> MultiQuestion:
    return learned(LEARNED)


def score(multi: MultiQuestion, text: str) -> float:
    """Of one message."""
    return multi.score(Encoder.shared().tokens_one(text))


def test_several_questions_score_higher_than_what_looks_like_them(multi: MultiQuestion) -> None:
    """In messages that it has not seen: the area under the curve. It tells something else than the
    clearest seam, which is what there would be without it: the two together tell more.
    """
    several = [message for message in JUDGED if len(message.texts) > 1]
    single = [message for message in JUDGED if len(message.texts) == 1]

    def area(scores: dict[str, float]) -> float:
        below = np.array([scores[one.text] for one in single])
        return float(np.mean([np.mean(below < scores[one.text]) for one in several]))

    whole = {one.text: score(multi, one.text) for one in JUDGED}
    clearest = {
        one.text: max(
            seam.chance for seam in multi.chances(one.text, Encoder.shared().tokens_one(one.text))
        )
        for one in JUDGED
    }
    both = {text: whole[text] + log_odds(clearest[text]) / 3 for text in whole}
    assert area(whole) > 0.8
    assert area(both) > area(clearest)


def test_seams_come_with_it(multi: MultiQuestion) -> None:
    text = "does botox hurt how long does it last"
    found = multi.chances(text, Encoder.shared().tokens_one(text))
    assert text[max(found, key=lambda one: one.chance).start :] == "how long does it last"


@pytest.mark.parametrize("text", ["", "?", "why", "💉", "肉毒 how long", "does it hurt " * 300])
def test_any_text_has_a_score(multi: MultiQuestion, text: str) -> None:
    assert np.isfinite(score(multi, text))


def test_what_is_saved_is_what_was_fitted(multi: MultiQuestion) -> None:
    text = "does it hurt and what does it cost"
    again = MultiQuestion.of(multi.arrays())
    assert score(again, text) == score(multi, text)
    tokens = Encoder.shared().tokens_one(text)
    assert again.chances(text, tokens) == multi.chances(text, tokens)


def test_it_is_learned_from_both_kinds() -> None:
    with pytest.raises(ValueError, match="several questions"):
        learned([message for message in LEARNED[:60] if len(message.texts) == 1])
    with pytest.raises(ValueError, match="beside what has one"):
        learned([message for message in LEARNED[:60] if len(message.texts) > 1])

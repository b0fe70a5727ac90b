from __future__ import annotations

import numpy as np

from bot.knowledge.answers import NO_ANSWERS, AnswerIndex, Answers, gist, whole
from bot.knowledge.entry import Entry

ENTRY = Entry(
    id="botox/last",
    title="How long it lasts",
    short="**Three** months. See [the label](https://a.example/b).",
    more="## Longer\n\n- some say four",
)


def test_gist_is_title_and_short_answer_without_markup() -> None:
    assert gist(ENTRY) == "How long it lasts. Three months. See the label."


def test_whole_has_all_words_of_the_answer() -> None:
    assert whole(ENTRY) == f"{gist(ENTRY)}\nLonger\n\nsome say four"


def test_each_view_is_in_the_order_of_the_entries() -> None:
    one, other = np.eye(2, dtype=np.float32)
    answers = Answers({"b": other, "a": one}, {"b": "cream", "a": "needle"})
    index = AnswerIndex.fit(["a", "b"], 2, answers)
    assert index.cosines(other[None]).tolist() == [[0, 1]]
    assert index.word_scores(["needles"]).argmax() == 0


def test_an_answer_that_is_lacking_is_like_nothing() -> None:
    index = AnswerIndex.fit(["a", "b"], 2, NO_ANSWERS)
    assert not index.cosines(np.ones((1, 2), dtype=np.float32)).any()
    assert not index.word_scores(["cream"]).any()

"""One spelling of the many ways a message can be typed."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.normalise import Spelling, plain, words

SPELLING = Spelling.of(
    {"swallow", "breathe", "cant", "see", "throat", "white", "lip"},
    {"throte": "throat", "cnt": "cant"},
    {"can not": "cant"},
)


def read(text: str) -> str:
    return " ".join(word.text for word in words(text, SPELLING, ("but",)))


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("CAN'T", "cant"),
        ("can’t", "cant"),
        ("can not", "cant"),
        ("cnt", "cant"),
        ("swalow", "swallow"),
        ("swallwo", "swallow"),
        ("whitte", "white"),
        ("seeeeee", "see"),
        ("cantbreathe", "cant breathe"),
        ("ѕwаllоw", "swallow"),
        ("s\u200bwa\u00adllow", "swallow"),
        ("ｓｗａｌｌｏｗ", "swallow"),
        ("swállow", "swallow"),
        ("sw4ll0w", "swallow"),
        ("lip's", "lip"),
        ("throte", "throat"),
    ],
)
def test_disguises_come_off(typed: str, meant: str) -> None:
    assert read(typed) == meant


@pytest.mark.parametrize("word", ["shallow", "while", "lid", "38.5"])
def test_everyday_words_are_left_alone(word: str) -> None:
    """One letter from a sign's word ("shallow", "swallow"), and still no typo of it."""
    assert read(word) == word


def test_sentences_and_clauses_are_counted() -> None:
    found = words("white lip, cold. see but white", SPELLING, ("but",))
    assert [(word.text, word.sentence) for word in found][-1] == ("white", 1)
    assert len({word.clause for word in found}) == 4


def test_an_eye_drawn_as_emoji_is_an_eye() -> None:
    assert "eye" in plain("my 👁 hurts").split()


SHORT = Spelling.of({"face", "lip", "eye", "lid"}, {"cannot": "cant"}, {}, {"face", "lip", "eye"})


@pytest.mark.parametrize(
    ("typed", "meant"),
    [("fuce", "face"), ("faec", "face"), ("ilp", "lip"), ("lipp", "lip"), ("cnnot", "cant")],
)
def test_typos_of_short_words_that_count_are_read(typed: str, meant: str) -> None:
    assert SHORT.read(typed) == (meant,)


@pytest.mark.parametrize("word", ["lap", "fade", "eve", "lix", "dace", "ldi", "ip", "xyz"])
def test_english_words_and_far_ones_are_not_taken_for_short_typos(word: str) -> None:
    """Another first letter, a word of English, or one that nobody asked to be read."""
    assert SHORT.read(word) == (word,)


@given(st.text(st.characters(max_codepoint=127)))
def test_plain_letters_are_read_as_those_beside_an_accent(typed: str) -> None:
    """The quick way and the thorough one."""
    assert plain(typed) + " e" == plain(f"{typed} \N{LATIN SMALL LETTER E WITH ACUTE}")

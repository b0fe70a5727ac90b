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


LETTERS = Spelling.of({"i", "want", "to", "die", "my", "lip", "is", "cant", "breathe"}, {}, {})


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


@pytest.mark.parametrize("code", [0x34F, 0xFE0F, 0x180B, 0x17B4, 0x3164, 0x115F, 0x1160, 0x2800])
def test_what_is_not_seen_within_a_word_does_not_part_it(code: int) -> None:
    assert read(f"swal{chr(code)}low") == "swallow"


@pytest.mark.parametrize("code", [0x3164, 0x115F, 0x1160, 0x2800, 0xFFA0])
def test_what_looks_like_a_space_parts_words(code: int) -> None:
    assert plain(f"white{chr(code)}lip") == "white lip"


@given(st.characters(categories=["Cf", "Cc", "Cs", "Me", "Mn"], exclude_characters="\n\t"))
def test_no_mark_that_is_not_seen_or_stands_over_a_letter_hides_it(mark: str) -> None:
    assert plain(f"l{mark}ip") == "lip"


@pytest.mark.parametrize(
    "lip",
    [
        "ʟɪᴘ",
        "🅻🅸🅿",
        "🄻🄸🄿",
        "🅛🅘🅟",
        "🇱🇮🇵",
        "🇱\u200b🇮\u200b🇵",
        "𝓁𝒾𝓅",
        "ⓛⓘⓟ",
        "ƚɨᵽ",
        "ӏір",
        "Ӏір",
        "ꓡꓲꓑ",
        "ᏞᏆᏢ",
        "lιρ",
        "լір",
        "lı̇p",
    ],
)
def test_letters_that_are_drawn_alike_are_read_alike(lip: str) -> None:
    assert plain(lip) == "lip"


@pytest.mark.parametrize(
    ("drawn", "meant"),
    [("ոօse", "nose"), ("ΝΟΗ", "noh"), ("νον", "vov"), ("Տսո", "sun"), ("ҝңҽҽ", "khee")],
)
def test_other_alphabets_are_read_by_their_looks(drawn: str, meant: str) -> None:
    """A capital Nu is an N, and a small one a v."""
    assert plain(drawn) == meant


@pytest.mark.parametrize("flags", ["🇬🇧", "🇮🇹", "🇳🇴", "🇬🇧🇺🇸"])
def test_flags_are_no_words(flags: str) -> None:
    assert plain(flags) == flags


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("i wanna di3", "i wanna die"),
        ("k1ll ki11 k!ll myself", "kill kill kill myself"),
        ("suicid3 5uicide su1c1d3", "suicide suicide suicide"),
        ("f4c3 f@ce", "face face"),
    ],
)
def test_digits_and_symbols_that_stand_for_letters_are_read_as_these(
    typed: str, meant: str
) -> None:
    assert plain(typed) == meant


@pytest.mark.parametrize(
    "text",
    ["2ml 0.5ml 50s 1st 4th 14st 1am 5in", "day3 day5 b12 co2 spf50 lip5", "$50 me@x.com help!"],
)
def test_digits_that_are_meant_stay(text: str) -> None:
    assert plain(text) == text


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("i w a n t to d i e", "i want to d i e"),
        ("i w a n t t o d i e", "i want to die"),
        ("I C A N T  B R E A T H E", "i cant breathe"),
        ("m y  l i p", "my lip"),
        ("my l i p i s white", "my lip is white"),
    ],
)
def test_spaced_letters_are_joined_to_known_words(typed: str, meant: str) -> None:
    assert " ".join(word.text for word in words(typed, LETTERS)) == meant


@pytest.mark.parametrize("text", ["vitamin a b c d e", "i i i i", "d i e", "a b c d i e"])
def test_letters_that_are_no_words_stay(text: str) -> None:
    assert " ".join(word.text for word in words(text, LETTERS)) == text


def test_many_spaced_letters_take_no_longer_each() -> None:
    assert len(words("i w a n t " * 2000, LETTERS)) == 4000

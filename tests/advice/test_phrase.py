"""The phrase language of signs."""

from __future__ import annotations

import pytest

from bot.advice.normalise import Word
from bot.advice.phrase import NEAR, Lexicon, Phrase, PhraseError
from bot.advice.run_tree import GAP


def found(phrase: str, text: str) -> bool:
    read = Phrase.read(phrase)
    lists = {"pale": (Phrase.read("white"), Phrase.read("gone pale"))}
    words = [
        Word(word, sentence, sentence)
        for sentence, part in enumerate(text.split("."))
        for word in part.split()
    ]
    return bool(Lexicon.of(lists, [read]).read(words).matches(read))


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("blurred vision", "my blurred vision"),
        ("eye ... blurry", "eye is a bit blurry"),
        ("eye ... blurry", "eye blurry"),
        ("lip ~ white", "white patch on my lip"),
        ("lip ~ white", "lip with a white patch"),
        ("swell*", "it is swelling"),
        ("lip ~ <pale>", "my lip has gone pale"),
        ("<pale> patch", "a white patch"),
        ("lip ~ white ~ cold", "cold white lip"),
    ],
)
def test_phrases_match(phrase: str, text: str) -> None:
    assert found(phrase, text)


@pytest.mark.parametrize(
    ("phrase", "text"),
    [
        ("blurred vision", "vision blurred"),
        ("blurred vision", "it is blurred. vision"),
        ("eye ... blurry", "eye " + "x " * (GAP + 1) + "blurry"),
        ("lip ~ white", "lip " + "x " * (NEAR + 1) + "white"),
        ("lip ~ white", "my lip. white"),
        ("numb ~ numb", "numb"),
    ],
)
def test_phrases_keep_their_distance(phrase: str, text: str) -> None:
    assert not found(phrase, text)


def test_a_list_may_not_hold_near_phrases() -> None:
    with pytest.raises(PhraseError, match="may not use ~"):
        Lexicon.of({"x": (Phrase.read("a ~ b"),)}, [])

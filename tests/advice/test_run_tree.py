"""The search for runs of words in a message."""

from __future__ import annotations

from bot.advice.normalise import Word
from bot.advice.phrase import Lexicon, Phrase, Reading

LISTS = {
    "lips": (Phrase.read("lip"), Phrase.read("upper lip"), Phrase.read("upper lip ... left")),
    "part": (Phrase.read("<lips>"), Phrase.read("nose"), Phrase.read("cheek*")),
}


def read(phrase: str, text: str) -> Reading:
    words = [
        Word(word, sentence, sentence)
        for sentence, part in enumerate(text.split("."))
        for word in part.split()
    ]
    return Lexicon.of(LISTS, [Phrase.read(phrase)]).read(words)


def matches(phrase: str, text: str) -> list[str]:
    reading = read(phrase, text)
    return [reading.text(chunks) for chunks in reading.matches(Phrase.read(phrase))]


def test_a_list_may_hold_lists_and_beginnings_of_words() -> None:
    assert matches("<part> is white", "lip is white") == ["lip is white"]
    assert matches("<part> is white", "upper lip is white") == [
        "upper lip is white",
        "lip is white",
    ]
    assert matches("my <part>", "my cheekbone") == ["my cheekbone"]


def test_the_longest_of_a_list_comes_first() -> None:
    assert matches("my <lips>", "my upper lip on the left") == [
        "my upper lip on the left",
        "my upper lip",
    ]


def test_of_a_gap_the_smallest_counts() -> None:
    assert matches("lip ... white", "lip is white so white") == ["lip ... white"]


def test_no_run_goes_over_the_end_of_a_sentence() -> None:
    assert matches("my <lips>", "my upper. lip") == []
    assert matches("lip ... white", "lip is. white") == []


def test_messages_read_one_by_one_are_as_if_read_at_once() -> None:
    both = Reading.joined((read("my <part>", "my lip"), read("my <part>", "so. my nose")))
    assert both == read("my <part>", "my lip.so. my nose")

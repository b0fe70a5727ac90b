"""Which signs may fire by what a message holds."""

from __future__ import annotations

from bot.advice.phrase import Phrase, PhraseGroup
from bot.advice.possible import Possible


def group(*phrases: str) -> PhraseGroup:
    return PhraseGroup(tuple(map(Phrase.read, phrases)))


POSSIBLE = Possible.of([(group("filler"), group("lip ~ white", "numb")), (group("numb"),)])


def signs(*found: str) -> set[int]:
    return POSSIBLE.signs(POSSIBLE.parts({tuple(run.split()): [] for run in found}))


def test_something_of_every_group_has_to_be_there() -> None:
    assert signs("filler") == set()
    assert signs("numb") == {1}
    assert signs("filler", "numb") == {0, 1}


def test_of_a_phrase_of_two_sides_both_have_to_be_there() -> None:
    assert signs("filler", "lip") == set()
    assert signs("filler", "lip", "white") == {0}

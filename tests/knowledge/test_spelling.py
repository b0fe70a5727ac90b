from __future__ import annotations

import time

import pytest

from bot.knowledge.entry import Entry, Knowledge
from bot.knowledge.spelling import Spelling, general_english, words

KNOWLEDGE = Knowledge(
    entries={
        "a/b": Entry(
            id="a/b", title="Tretinoin", short="Marionette lines.", questions=("botox peeling",)
        )
    },
    terms={"fillers": ("juvederm",)},
)


@pytest.fixture(scope="module")
def spelling() -> Spelling:
    return Spelling(KNOWLEDGE)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("tretinon", "tretinoin"),
        ("tretionin", "tretinoin"),
        ("trettinoin", "tretinoin"),
        ("Tretinoim", "tretinoin"),
        ("juvaderm", "juvederm"),
        ("actualy", "actually"),
    ],
)
def test_a_word_one_letter_away_is_put_right(spelling: Spelling, written: str, meant: str) -> None:
    assert spelling.correct(f"Is {written}, 2%?") == f"Is {meant}, 2%?"


@pytest.mark.parametrize(
    "text",
    [
        "How long does it take?",
        "my friend's bo-tox isn't working",
        "cigs and vino",
        "injectables",
        "peelings",
        "a@clinics.example 07700 900123",
        "retino1",
        "",
        "x" * 5_000,
        "pourquoi kwyjibo",
    ],
)
def test_all_else_stays(spelling: Spelling, text: str) -> None:
    assert spelling.correct(text) == text


def test_a_word_of_ours_wins_where_several_fit() -> None:
    """Both "wheels" and "wheals" are one letter away, and "wheels" is the commoner word."""
    ours = Knowledge(entries={"a/b": Entry(id="a/b", title="Wheals", short="")})
    assert Spelling(Knowledge()).correct("whexls") == "wheels"
    assert Spelling(ours).correct("whexls") == "wheals"


def test_words_are_counted_in_all_that_is_searched() -> None:
    found = words(KNOWLEDGE)
    assert {"tretinoin", "marionette", "botox", "juvederm"} <= found.keys()


def test_the_list_of_general_english_is_there() -> None:
    assert general_english()["wrinkle"] > 0


def test_a_message_takes_less_than_five_milliseconds(spelling: Spelling) -> None:
    """One of ten unknown words, by CPU time, the best of five."""
    rounds = []
    for _ in range(5):
        start = time.process_time()
        spelling.correct(
            "zzqqzz kwyjibo blorfing snarkle wumpus qwerty grobble flimp vexxed yibble"
        )
        rounds.append(time.process_time() - start)
    assert min(rounds) < 0.005

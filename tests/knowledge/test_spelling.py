from __future__ import annotations

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


def test_the_work_grows_with_the_letters_and_no_faster(
    monkeypatch: pytest.MonkeyPatch, spelling: Spelling
) -> None:
    """Counted in look-ups, which no other work on the machine changes: 54 a letter, and
    54 a word.
    """
    unknown = ["zzqqzz", "kwyjibo", "blorfing", "snarkle", "wumpus", "grobble", "flimp", "yibble"]
    looked_up: list[str] = []
    rank = Spelling._rank

    def counted(self: Spelling, word: str) -> tuple[int, int]:
        looked_up.append(word)
        return rank(self, word)

    monkeypatch.setattr(Spelling, "_rank", counted)
    spelling.correct(" ".join(unknown))
    letters = sum(map(len, unknown))
    assert len(unknown) < len(looked_up) <= 54 * (letters + len(unknown))
    looked_up.clear()
    spelling.correct("z" * 2000)
    assert not looked_up  # what is longer than any word is none

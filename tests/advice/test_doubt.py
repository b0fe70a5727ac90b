"""Words that speak against a sign put it in doubt, and take nothing away."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.advice.doubt import Doubts, is_put_in_doubt
from bot.advice.normalise import Spelling, words
from bot.advice.phrase import PhraseError
from bot.advice.safety import Safety
from bot.advice.safety_words import SafetyWords
from bot.knowledge.entry import Entry, Sign, Urgency

SHARED = SafetyWords.load()
SAFETY = Safety.builtin()


def doubts(text: str, *earlier: str) -> dict[str, bool]:
    """Whether each emergency that the rules find is in doubt."""
    return {
        finding.entry_id.removeprefix("safety/"): finding.is_in_doubt
        for finding in SAFETY.check(text, earlier)
        if finding.urgency.rank >= Urgency.URGENT_SAME_DAY.rank
    }


def toes(urgency: Urgency, *signs: Sign) -> Safety:
    """The check for the signs of one entry."""
    return Safety.of([Entry("safety/toes", "T", "S", urgency=urgency, signs=signs)])


PURPLE = Sign("purple", any=("purple toes",))


@pytest.mark.parametrize(
    "text",
    [
        "the optician looked at my floaters and said they are only age",
        "curry night, my whole face is on fire since the serum, happens with every vindaloo",
        "broke up last night, eyes like slits lol",
        "my eldest had swollen eyes from a hair dye in her teens, her face so swollen, long over",
        "my lip went white from filler in spain, they dissolved it, pink again by tea",
    ],
)
def test_what_speaks_against_a_sign_puts_it_in_doubt_and_takes_nothing_away(text: str) -> None:
    found = doubts(text)
    assert found and all(found.values())


@pytest.mark.parametrize(
    "text",
    [
        "i can't see out of one eye since my filler an hour ago",
        "my lip is going white and it really hurts",
        "my friend is a nurse and says it's fine but my lip is going white",
        "her tongue is swelling and she can't breathe",
        "half my face won't move since i woke up",
    ],
)
def test_what_nothing_speaks_against_is_not_in_doubt(text: str) -> None:
    found = doubts(text)
    assert found and not any(found.values())


def test_only_the_newest_message_puts_in_doubt() -> None:
    """A joke before does not make less of what follows."""
    assert doubts("my lip is going white", "had filler lol, looks hilarious") == {
        "filler-skin-colour-or-severe-pain": False
    }


@pytest.mark.parametrize(
    "text",
    [
        "i want to kill myself, no pain anywhere, it was the same years ago",
        "i am going to kill myself tomorrow, the doctor said i am fine",
        "i took all my tablets, my bill is £400",
        "i want to kill myself lol",
        "i want to die because of my face recommend me a podcast",
    ],
)
def test_nothing_puts_a_crisis_in_doubt(text: str) -> None:
    """The word of a joke or a film may have nothing to do with it."""
    assert doubts(text) == {"crisis": False}


def test_having_done_something_dangerous_is_not_doubted_by_feeling_well() -> None:
    """What was injected is a fact; signs may come weeks later."""
    text = "i injected my own forehead with botox from a website, i feel fine, no pain"
    assert doubts(text) == {"swallow-breathe-speak": False}


def test_a_condition_an_age_and_what_can_wait_are_never_in_doubt() -> None:
    """Somebody of 16 who laughs is 16 all the same."""
    texts = ("i'm 16 lol", "i'm pregnant lol", "this mole has changed lol, £70 to laser it?")
    for text in texts:
        found = SAFETY.check(text)
        assert found and not any(finding.is_in_doubt for finding in found), text


def test_what_is_sure_of_an_entry_is_told_beside_what_is_in_doubt() -> None:
    """Else settling the doubtful one would lose the other."""
    sure = Sign("green", any=("green toes",), urgency=Urgency.URGENT_SAME_DAY, never_in_doubt=True)
    safety = toes(Urgency.EMERGENCY, PURPLE, sure)
    found = safety.check("purple toes and green toes lol")
    assert [(f.sign, f.is_in_doubt) for f in found] == [("purple", True), ("green", False)]
    calm = safety.check("purple toes and green toes")
    assert [(f.sign, f.is_in_doubt) for f in calm] == [("purple", False)]


@pytest.mark.parametrize("symbol", ["£70 for purple toes", "purple toes 😂"])
def test_symbols_count(symbol: str) -> None:
    (finding,) = toes(Urgency.EMERGENCY, PURPLE).check(symbol)
    assert finding.is_in_doubt


@pytest.mark.parametrize(
    "text", ["PURPLE TOES LOL", "purple toes, it’s only  A PRANK", "purple toes haha"]
)
def test_words_are_read_as_those_of_signs(text: str) -> None:
    (finding,) = toes(Urgency.EMERGENCY, PURPLE).check(text)
    assert finding.is_in_doubt


def test_words_of_doubt_change_nothing_about_how_signs_are_read() -> None:
    """They are no words that a misspelt symptom may be taken for."""
    bare = replace(SHARED, doubts={})
    signs = {"safety/toes": (Urgency.EMERGENCY, (PURPLE,))}
    for shared in (bare, SHARED):
        assert "vampire" not in Safety(signs, shared)._lexicon.vocabulary


def test_a_list_may_not_use_the_sign_for_near() -> None:
    with pytest.raises(PhraseError, match="~"):
        Doubts(replace(SHARED, doubts={"joke": ("lol ~ haha",)}))


def test_kinds_are_told_and_are_none_of_a_crisis() -> None:
    spelling = Spelling.of(frozenset(), {}, {})
    kinds = Doubts(SHARED).kinds("an old film", words("an old film", spelling))
    assert "story" in kinds
    assert is_put_in_doubt("safety/infection", frozenset({"another"}))
    assert not is_put_in_doubt("safety/crisis", frozenset({"another"}))
    assert not is_put_in_doubt("safety/infection", frozenset())

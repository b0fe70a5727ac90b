"""Words that speak against a sign put it in doubt, and take nothing away."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.advice.doubt import FILE, Doubts
from bot.advice.safety import Safety
from bot.advice.safety_words import SafetyWords
from bot.knowledge.entry import Entry, Sign, Urgency

SAFETY = Safety.builtin()


def doubts(text: str, *earlier: str) -> dict[str, bool]:
    """Whether each emergency that the rules find is in doubt."""
    return {
        finding.entry_id.removeprefix("safety/"): finding.is_in_doubt
        for finding in SAFETY.check(text, earlier)
        if finding.urgency.rank >= Urgency.URGENT_SAME_DAY.rank
    }


def toes(urgency: Urgency, *signs: Sign) -> Safety:
    """The check for the signs of one entry, where words of a joke put in doubt."""
    entry = Entry("safety/toes", "T", "S", urgency=urgency, signs=signs)
    return Safety.of([entry]).doubting(JOKES)


PURPLE = Sign("purple", any=("purple toes",))
LOW = '{"weights": {"lol": 1}, "bias": 0, "least": -1}'
"""Would put every sign in doubt."""
JOKES = Doubts({"lol": 1.0, "prank": 1.0}, -0.5, 0.0)


@pytest.mark.parametrize(
    "text",
    [
        "the optician looked at my floaters and said they are only age",
        "curry night, my whole face is on fire since the serum, happens with every vindaloo",
        "broke up last night, eyes like slits lol",
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
        "i cant breathe",
        "my throat is closing",
        "my lips are blue",
        "cant see since filler though my mum said its fine and that it will get better",
    ],
)
def test_what_nothing_speaks_against_is_not_in_doubt(text: str) -> None:
    found = doubts(text)
    assert found and not any(found.values())


def test_only_the_newest_message_puts_in_doubt() -> None:
    """A joke before does not make less of what follows."""
    (finding,) = toes(Urgency.EMERGENCY, PURPLE).check("purple toes", ["had filler lol"])
    assert not finding.is_in_doubt


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


@pytest.mark.parametrize(
    "text", ["PURPLE TOES LOL", "purple toes, it’s only  A PRANK", "purple toes 😂 lol"]
)
def test_words_are_read_as_those_of_signs(text: str) -> None:
    (finding,) = toes(Urgency.EMERGENCY, PURPLE).check(text)
    assert finding.is_in_doubt


@pytest.mark.parametrize(
    "text",
    [
        "purple toes, but my friend says its nothing",
        'purple toes, as on "if you have any of these, it is no prank lol"',
    ],
)
def test_reassurance_and_what_a_sheet_says_put_nothing_in_doubt(text: str) -> None:
    """Only what the visitor tells counts."""
    doubts = Doubts({**JOKES.weights, "nothing": 1.0, "friend": 1.0}, -0.5, 0.0)
    (finding,) = toes(Urgency.EMERGENCY, PURPLE).doubting(doubts).check(text)
    assert not finding.is_in_doubt


def test_the_words_of_a_sign_do_not_speak_against_it() -> None:
    """Many can't breathe in a dress: that is no reason to doubt somebody who can't breathe."""
    doubts = Doubts({"purple": 9.0, "toes": 9.0, "lol": 1.0}, -0.5, 0.0)
    safety = toes(Urgency.EMERGENCY, PURPLE).doubting(doubts)
    assert [f.is_in_doubt for f in safety.check("purple toes")] == [False]
    assert [f.is_in_doubt for f in safety.check("purple toes lol")] == [True]


def test_of_a_long_message_each_stretch_has_to_speak_against_a_sign() -> None:
    """A joke at the end of a story is far away from what came before it."""
    safety = toes(Urgency.EMERGENCY, PURPLE)
    story = " ".join(["and so we went home"] * 30)
    assert [f.is_in_doubt for f in safety.check(f"purple toes, {story} lol")] == [False]
    assert [f.is_in_doubt for f in safety.check("purple toes and so we went home lol")] == [True]


def test_each_word_counts_once_and_the_least_doubtful_telling() -> None:
    doubts = Doubts({"lol": 1.0, "hours": -2.0}, 0.5, 0.0)
    joke, other = frozenset({"lol", "unknown"}), frozenset({"lol", "hours"})
    assert doubts.score([joke]) == 1.5
    assert doubts.score([joke, other]) == -0.5
    assert doubts.are_raised_by([joke])
    assert not doubts.are_raised_by([joke, other])


def test_what_was_computed_says_so_and_knows_a_joke() -> None:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    assert data["computed_by"] == "advisor tune"
    date.fromisoformat(data["computed_on"])
    doubts = Doubts.load()
    assert doubts.weights["lol"] > 0
    assert doubts.bias <= doubts.least < doubts.bias + max(doubts.weights.values())
    assert not doubts.weights.keys() & SafetyWords.load().never_doubt


@pytest.mark.parametrize(
    "plea",
    [
        "who can i call",
        "please help me",
        "what do i do",
        "my mum is scared",
        "its urgent",
        "should i go to A&E",
        "going to a&e now",
        "no one answered",
        "omg something is wrong",
        "im begging you x",
        "she is 60 years old",
        "my 5 year old",
        "is it a stroke",
    ],
)
@pytest.mark.parametrize("told", ["my husband is having a stroke", "emergency", "i cant breathe"])
def test_what_is_added_to_a_cry_for_help_is_no_reason_to_doubt(told: str, plea: str) -> None:
    found = doubts(f"{told} {plea}")
    assert found and not any(found.values())


def test_the_answer_to_a_question_of_ours_is_no_reason_to_doubt() -> None:
    found = doubts("yes it was lip filler", "my lip has gone white")
    assert found and not any(found.values())


@pytest.mark.parametrize(
    "content",
    [None, "", "{", "[]", "{}", '{"weights": 1, "bias": 0, "least": 0}', '{"weights": {}}', LOW],
)
def test_without_its_file_nothing_is_in_doubt_and_signs_work(
    tmp_path: Path, content: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "doubt_words.json"
    if content is not None:
        path.write_text(content)
    safety = toes(Urgency.EMERGENCY, PURPLE).doubting(Doubts.load_or_none(path))
    (finding,) = safety.check("purple toes lol, what a prank")
    assert not finding.is_in_doubt
    assert "doubt_words.json" in caplog.text

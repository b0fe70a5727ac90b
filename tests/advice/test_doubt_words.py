"""Computed words put a sign in doubt as listed ones do, and take nothing away."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest

from bot.advice.doubt_words import FILE, LONG, DoubtWords
from bot.advice.safety import Safety
from bot.advice.safety_words import SafetyWords
from bot.knowledge.entry import Entry, Sign, Urgency

SAFETY = Safety.builtin()
PARTY = DoubtWords({"piñata": 1.0, "pinata": 1.0, "hours": -2.0, "purple": -1.0}, -0.5, -0.2)
OPEN = '{"weights": {"pinata": 1}, "bias": 0, "least": -Infinity}'
"""Would put every sign in doubt beside such a word."""
TOES = Entry(
    "safety/toes", "T", "S", urgency=Urgency.EMERGENCY, signs=(Sign("p", any=("green toes",)),)
)


def in_doubt(text: str, *earlier: str) -> bool:
    (finding,) = Safety.of([TOES]).doubting(PARTY).check(text, earlier)
    return finding.is_in_doubt


@pytest.mark.parametrize("text", ["green toes from the piñata", "GREEN TOES, the pinata broke"])
def test_a_word_that_speaks_against_a_sign_puts_it_in_doubt(text: str) -> None:
    assert in_doubt(text)


def test_a_sign_stands_without_such_a_word_or_with_one_that_speaks_for_it() -> None:
    assert not in_doubt("green toes")
    assert not in_doubt("green toes after the pinata, for hours")


def test_only_the_newest_message_puts_in_doubt() -> None:
    assert not in_doubt("green toes", "a pinata at the party")


def test_of_a_long_message_each_stretch_has_to_speak_against_a_sign() -> None:
    story = " ".join(["and so we went home"] * (LONG // 5))
    assert not in_doubt(f"green toes, {story} to the pinata")


def test_too_little_that_speaks_against_a_sign_leaves_it() -> None:
    words = DoubtWords({"pinata": 0.4, "party": 0.2}, 5.0, -5.0)
    assert not words.speak_against(["green", "toes"])
    assert not words.speak_against(["green", "toes", "pinata"])
    assert words.speak_against(["green", "toes", "pinata", "party"])


def test_a_term_counts_once() -> None:
    words = DoubtWords({"pinata": 1.0, "the pinata": 0.25}, 0.5, 2.0)
    assert words.score(["pinata", "pinata", "unknown"]) == 1.5
    assert words.score(["the", "pinata", "the", "pinata"]) == 1.75
    assert not words.speak_against(["pinata"] * 5)


def test_nothing_puts_a_crisis_in_doubt() -> None:
    entry = Entry(
        "safety/crisis", "T", "S", urgency=Urgency.EMERGENCY, signs=(Sign("p", any=("no hope",)),)
    )
    (finding,) = Safety.of([entry]).doubting(PARTY).check("no hope, not even at the pinata")
    assert not finding.is_in_doubt


def test_what_was_computed_says_so_and_knows_no_word_of_a_plea() -> None:
    data = json.loads(FILE.read_text(encoding="utf-8"))
    assert data["computed_by"] == "advisor tune"
    date.fromisoformat(data["computed_on"])
    words = DoubtWords.load()
    assert words.least < words.bias + max(words.weights.values())
    shared = SafetyWords.load()
    assert not words.weights.keys() & shared.never_alone
    assert not {word for term in words.weights for word in term.split()} & shared.pleas


@pytest.mark.parametrize(
    "plea",
    [
        "who can i call",
        "please help me",
        "what do i do",
        "my mum is scared",
        "its urgent",
        "no one answered",
        "she is 60 years old",
        "is it a stroke",
    ],
)
@pytest.mark.parametrize("told", ["my husband is having a stroke", "emergency", "i cant breathe"])
def test_what_is_added_to_a_cry_for_help_is_no_reason_to_doubt(told: str, plea: str) -> None:
    found = [f for f in SAFETY.check(f"{told} {plea}") if f.urgency is Urgency.EMERGENCY]
    assert found and not any(finding.is_in_doubt for finding in found)


@pytest.mark.parametrize(
    "content",
    [None, "", "{", "[]", "{}", '{"weights": 1, "bias": 0, "least": 0}', '{"weights": {}}', OPEN],
)
def test_without_its_file_no_word_counts_and_signs_work(
    tmp_path: Path, content: str | None, caplog: pytest.LogCaptureFixture
) -> None:
    path = tmp_path / "doubt_words.json"
    if content is not None:
        path.write_text(content)
    words = DoubtWords.load_or_none(path)
    (finding,) = Safety.of([TOES]).doubting(words).check("green toes from the pinata")
    assert not finding.is_in_doubt
    assert "doubt_words.json" in caplog.text

"""Sentences and the names of our subjects."""

from __future__ import annotations

import pytest

from bot.advice.language import Language, addresses_us, is_command

LANGUAGE = Language({"botox": ["botox", "Dysport"], "fillers": ["filler", "lip filler"]})


def test_names_are_found_in_any_case_and_the_longest_wins() -> None:
    """So "lip filler" is one name."""
    terms = LANGUAGE.terms("is DYSPORT like Lip Filler")
    assert [(term.text, term.family) for term in terms] == [
        ("DYSPORT", "botox"),
        ("Lip Filler", "fillers"),
    ]


@pytest.mark.parametrize("text", ["", "   ", "\u200b", "🙂🙂", "does it hurt", "boto"])
def test_no_name_is_no_term(text: str) -> None:
    """Part of a word is not the word."""
    assert LANGUAGE.terms(text) == ()


def test_a_message_splits_at_its_sentences() -> None:
    """Each stripped, none empty."""
    assert LANGUAGE.sentences("Hi there. Does it hurt?  And how long?") == (
        "Hi there.",
        "Does it hurt?",
        "And how long?",
    )
    assert LANGUAGE.sentences("  ") == ()


@pytest.mark.parametrize(
    ("text", "addressed"),
    [("how much do YOU charge", True), ("whats ur price", True), ("how much is it", False)],
)
def test_speaking_to_this_clinic_is_noticed(text: str, addressed: bool) -> None:
    """A price asked of "you" is ours."""
    assert addresses_us(text) is addressed


@pytest.mark.parametrize("text", ["/restart", "  /start", "\u2060/back", "//restart", "/stop!"])
def test_a_word_behind_a_slash_is_a_command(text: str) -> None:
    assert is_command(text)


@pytest.mark.parametrize("text", ["restart", "and/or", "/restart please", "/", "botox/filler"])
def test_other_text_is_none(text: str) -> None:
    assert not is_command(text)

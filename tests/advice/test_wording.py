"""The manners vary, and a missing one is named."""

from __future__ import annotations

import re

import pytest

from bot.advice.wording import MissingWordingError, Wording

WORDING = Wording({"utter_hi": ("Hello {name}", "Hi {name}")})


def test_two_turns_in_a_row_differ() -> None:
    """A visitor does not read the same sentence twice running."""
    assert [WORDING.say("hi", turn, name="Ann") for turn in range(3)] == [
        "Hello Ann",
        "Hi Ann",
        "Hello Ann",
    ]


def test_a_missing_sentence_is_named() -> None:
    """The error says what to add to which file."""
    with pytest.raises(MissingWordingError, match=r"responses\.yml has no 'utter_bye'"):
        WORDING.say("bye")


def test_every_closing_names_a_doctor() -> None:
    """Whatever variant comes up, the visitor is sent to a doctor."""
    responses = Wording.load().responses
    closings = [text for name in responses if "closing" in name for text in responses[name]]
    assert len(closings) > 5
    assert all(re.search(r"\b(doctor|dermatologist)\b", text) for text in closings)

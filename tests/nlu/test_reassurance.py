"""What merely reassures is left out; symptoms, and what a professional found, never are."""

from __future__ import annotations

import pytest

from bot.nlu.reassurance import without_reassurance


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("my lip is white. but im sure its nothing", "my lip is white."),
        ("lip is grey, my friend is a nurse and says its totally normal", "lip is grey,"),
        ("cant see well. probably nothing! is that usual", "cant see well. is that usual"),
        ("i fell over twice, don't want to waste your time", "i fell over twice,"),
    ],
)
def test_what_reassures_is_left_out(text: str, left: str) -> None:
    assert without_reassurance(text) == left


@pytest.mark.parametrize(
    "text",
    [
        "my lip is white and cold",
        "is it normal that my eye is red, i had botox",
        "i had a lump. my doctor said its fine",
        "it was sore, the hospital checked and told me its nothing",
        "im sure its nothing",
        "",
    ],
)
def test_what_a_professional_found_stays_and_so_does_a_message_of_nothing_else(text: str) -> None:
    assert without_reassurance(text) == text

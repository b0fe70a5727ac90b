"""What a visitor quotes of a sheet is no sign; what somebody said is."""

from __future__ import annotations

import pytest

from bot.advice.quoted import without_sheets
from bot.advice.safety import Safety

SAFETY = Safety.builtin()


@pytest.mark.parametrize(
    "text",
    [
        'my leaflet: "contact us at once if you cannot swallow". is that for life?',
        "“Any change in your vision, call us.” Got it. Can I wear lashes?",
        'what is meant by "may cause slurred speech and a drooping face"',
    ],
)
def test_a_quoted_sheet_raises_no_alarm(text: str) -> None:
    assert without_sheets(text) != text
    assert not SAFETY.check(text)


@pytest.mark.parametrize(
    "text",
    [
        'my wife said "your face is drooping on the left" when i woke up',
        'she says she "can\'t breathe properly" since the filler',
        '"contact us if your lip turns white" it says, and my lip is white',
        'my lip is white" and it "hurts',
        '"my face is drooping on one side, can you help me"',
        'my sister wrote "can you help, I can\'t breathe, my throat is closing"',
    ],
)
def test_what_is_told_in_quotation_marks_or_beside_them_is_heard(text: str) -> None:
    assert SAFETY.check(text)


def test_text_without_quotations_stays_as_it_is() -> None:
    assert without_sheets("call us if it may hurt") == "call us if it may hurt"
    assert without_sheets("") == ""

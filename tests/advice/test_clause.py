"""What is said of now, and what is denied, asked in general, feared or over."""

from __future__ import annotations

import pytest

from bot.advice.safety import Safety
from bot.knowledge.entry import Sign, Urgency

SAFETY = Safety({"x": (Urgency.EMERGENCY, (Sign(name="white lip", any=("lip ~ white", "fever")),))})


@pytest.mark.parametrize(
    "text",
    [
        "my lip is white",
        "no pain but my lip is white",
        "no pain, my lip is white",
        "not sure why my lip is white",
        "i don't know if it's normal but my lip is white",
        "can filler do this? my lip is white",
        "is it normal that my lip is white",
        "had filler two years ago and now my lip is white",
        "she says it's nothing, my lip is white",
        "can a lip go white? mine is",
    ],
)
def test_of_now(text: str) -> None:
    assert SAFETY.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "my lip isn't white",
        "i've no fever",
        "no pain, swelling, bruising or fever",
        "can filler make a lip go white",
        "what if my lip goes white",
        "if my lip goes white what do i do",
        "i'm scared of my lip going white",
        "saw a tiktok of a lip going white",
        "years ago my lip went white, it was fine after a week",
        "watch for a white lip they said. none of that",
    ],
)
def test_not_of_now(text: str) -> None:
    assert not SAFETY.check(text)

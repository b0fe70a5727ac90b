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


@pytest.mark.parametrize(
    "text",
    [
        "i thought it was swelling, but my lip is white",
        "they always have been thin, and now my lip is white",
        "since my teens i bruise, today my lip is white",
        "in 2019 i had braces. my lip is white",
    ],
)
def test_what_was_believed_or_always_so_ends_where_news_begins(text: str) -> None:
    assert SAFETY.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "why is my lip white when i smile, it always has",
        "my lip is naturally white at the edge",
        "ive a white lip since birth",
        "in the winter of 1998 i had a white lip",
        "in the new series her lip goes white",
        "i keep reading of a white lip",
    ],
)
def test_what_was_always_so_or_is_told_is_not_of_now(text: str) -> None:
    assert not SAFETY.check(text)


PLANNED = Safety(
    {
        "x": (
            Urgency.EMERGENCY,
            (Sign(name="fever after it", needs=(("<injected>",),), any=("fever",)),),
        )
    }
)


@pytest.mark.parametrize(
    "text",
    [
        "i have a fever today, can i still have my filler",
        "i have a fever, is botox ok",
        "fever since last night, should i cancel my botox",
        "i have a fever and im booked for filler",
    ],
)
def test_nothing_comes_of_a_treatment_that_is_planned(text: str) -> None:
    assert not PLANNED.check(text)


@pytest.mark.parametrize(
    "text",
    [
        "i have a fever since my filler, can i still have the botox",
        "filler on monday. i have a fever, can i have more filler",
        "i have a fever after botox, is botox safe",
        "i had botox >> i have a fever, can i still have filler",
    ],
)
def test_a_plan_does_not_hide_what_was_done(text: str) -> None:
    *earlier, last = text.split(" >> ")
    assert PLANNED.check(last, earlier)


def test_a_caution_goes_for_what_is_planned() -> None:
    sign = Sign(name="a test", needs=(("<injected>",),), any=("warfarin",), in_general=True)
    caution = Safety({"x": (Urgency.CAUTION, (sign,))})
    assert caution.check("i take warfarin, can i have botox")

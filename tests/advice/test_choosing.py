from __future__ import annotations

import pytest

from bot.advice.choosing import chosen
from bot.advice.reply import Button

OFFERED = (
    Button("Tell me more", "more:botox/cost"),
    Button("How long Botox lasts", "show:botox/how-long-does-it-last"),
    Button("Does it hurt?", "show:botox/does-it-hurt"),
)


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("how long botox lasts", 1),
        ("Does it hurt", 2),
        ("the second one", 1),
        ("2", 1),
        ("number 3 please", 2),
        ("the last one", 2),
        ("first", 0),
        ("more", 0),
        ("tell me more please", 0),
        ("ok go on", 0),
        ("more info", 0),
        ("yes the 3rd option", 2),
        ("#2", 1),
    ],
)
def test_a_button_is_named_by_its_label_its_place_or_as_more(text: str, place: int) -> None:
    assert chosen(text, OFFERED) == OFFERED[place]


@pytest.mark.parametrize(
    "text",
    [
        "the fourth",
        "is one session enough",
        "2 weeks ago",
        "how long",
        "how much more is it",
        "does it hurt more the second time",
        "what about the second one being swollen",
        "no more botox",
        "last week",
        "",
        "?",
    ],
)
def test_what_says_more_than_that_is_a_message(text: str) -> None:
    assert chosen(text, OFFERED) is None


def test_more_of_what_has_no_more_is_a_message() -> None:
    assert chosen("tell me more", OFFERED[1:]) is None


def test_with_nothing_on_offer_nothing_is_chosen() -> None:
    assert chosen("the first one", ()) is None

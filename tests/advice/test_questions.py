"""What is taken apart, and what must not be."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.advice.questions import MOST, questions


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("does botox hurt and how long does it last", 2),
        ("does it hurt? how long does it last?", 2),
        ("does botox hurt n does it show", 2),
        ("what age do people start, what does it cost, n will i look frozen", 3),
        ("had filler last week. when can i go to the gym? also can i drink", 2),
        ("hi! is retinol safe in summer, and can i use it round my eyes", 2),
        ("1) does it hurt 2) is it permanent", 2),
        ("forehead botox - does it hurt?\nhow soon will i see it?", 2),
        ("is gua sha any good, what about the masks", 2),
        ("botox what is it? safe?", 2),
        ("what does it cost when can i drive does it hurt", 3),
    ],
)
def test_each_question_is_one(text: str, count: int) -> None:
    assert len(questions(text)) == count


@pytest.mark.parametrize(
    "text",
    [
        "botox and fillers together, ok?",
        "is it safe and normal to have a bruise",
        "tell me how long does it last",
        "how long does it last",
        "what is preventative botox, really?",
        "do you know how long it lasts and what it costs",
        "i had botox on monday and my forehead is heavy, normal?",
        "is botox or filler better for lines round the mouth",
        "how much more is it for men",
        "does botox hurt? please help",
        "hello",
        "why?",
        "",
        "?!",
    ],
)
def test_one_question_stays_one(text: str) -> None:
    assert len(questions(text)) <= 1


def test_what_is_said_before_a_question_is_left_out() -> None:
    asked = questions("so my sister had it done and loves it. does it hurt? and is it dear?")
    assert asked == ["does it hurt?", "is it dear?"]


def test_no_more_are_read_than_are_answered() -> None:
    assert len(questions("does it hurt? " * 9)) == MOST


@given(st.text(max_size=200))
def test_any_text_is_taken_apart_without_losing_its_letters(text: str) -> None:
    assert all(question in text for question in questions(text))

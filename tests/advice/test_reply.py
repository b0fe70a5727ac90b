"""A reply survives the tracker, and garbage is noticed."""

from __future__ import annotations

import json

import pytest

from bot.advice.reply import (
    Bar,
    Button,
    Buttons,
    Chart,
    Kind,
    Notice,
    Page,
    Reply,
    SourceItem,
    Sources,
    Text,
    buttons,
    plain_text,
)

REPLY = Reply(
    Kind.ANSWER,
    (
        Notice("I am automated."),
        Text("pH < 5.5 and **bold**"),
        Sources("Sources:", (SourceItem("Title", "Publisher", "trial", None, "2020"),)),
        Chart("Your habits", (Bar("Sun", "some", 0.5), Bar("Sleep", "low", 0.0))),
        Page("For your doctor", "/summary/abc"),
        Text("Speak with a doctor."),
        Buttons((Button("More", "more:botox/cost"),)),
    ),
    entries=("botox/cost",),
    offered=("botox/brands",),
    confidence=0.5,
    publication="abc",
    topic="botox/cost",
)


def test_a_reply_comes_back_from_json_unchanged() -> None:
    """What the tracker stores is the whole reply."""
    assert Reply.from_json(json.loads(json.dumps(REPLY.to_json()))) == REPLY


@pytest.mark.parametrize(
    "garbage",
    [
        {},
        {"kind": "answer"},
        {"kind": "nonsense", **{k: v for k, v in REPLY.to_json().items() if k != "kind"}},
        {**REPLY.to_json(), "blocks": [{"type": "script", "text": "x"}]},
        {**REPLY.to_json(), "blocks": ["text"]},
        {**REPLY.to_json(), "blocks": None},
        {**REPLY.to_json(), "entries": None},
    ],
)
def test_garbage_is_not_taken_for_a_reply(garbage: dict[str, object]) -> None:
    """An action that returns anything else is a failed action."""
    with pytest.raises(ValueError, match=r"not a reply|not a valid Kind"):
        Reply.from_json(garbage)


def test_plain_text_has_all_words_in_order_and_ends_with_the_last_text() -> None:
    """`advisor ask` shows what a visitor reads; buttons are listed apart."""
    words = plain_text(REPLY)
    assert (
        words.index("automated") < words.index("pH < 5.5") < words.index("Title, Publisher, 2020")
    )
    assert "- Sun: some\n- Sleep: low" in words
    assert words.endswith("/summary/abc\n\nSpeak with a doctor.")
    assert "More" not in words
    assert [button.label for button in buttons(REPLY)] == ["More"]


def test_a_reply_of_before_there_were_habits_is_still_read() -> None:
    """The record of conversations is older than the program that reads it."""
    old = Reply(Kind.SMALLTALK, (Text("Hello."),)).to_json()
    del old["heard"], old["forget_answers"]
    assert Reply.from_json(old) == Reply(Kind.SMALLTALK, (Text("Hello."),))

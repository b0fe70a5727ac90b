"""Replies of every form that a visitor can get."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

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
)
from tests.channels.small_agent import Action, answer, said

CLOSING = Text("Before you decide anything, please speak with a doctor or dermatologist.")
SOURCES = Sources(
    "Sources, last checked on 21 November 2026:",
    (
        SourceItem("Facial lines", "A health service", "guideline", "https://a.example/x", "2024"),
        SourceItem("A paper", "A journal", "trial"),
    ),
)
ANSWER = Reply(
    Kind.ANSWER,
    (
        Notice("I'm Example Clinic's automated assistant, not a clinician."),
        Text(
            "Sunlight is what ages skin most.\n\nWhat helps every day:\n\n- **shade** at noon\n"
            "- a hat\n- [sunscreen](https://a.example/sunscreen) on face and hands"
        ),
        SOURCES,
        CLOSING,
        Buttons((Button("Tell me more", "more:sun/ageing"), Button("Which sunscreen", "show:sun"))),
    ),
    entries=("sun/ageing",),
    publication="a" * 64,
)
EMERGENCY = Reply(
    Kind.EMERGENCY,
    (
        Text("Call 999 now. Sudden changes in your sight after a treatment are an emergency."),
        Text("Tell the ambulance crew and the doctor what was used, where and when."),
    ),
    entries=("safety/vision",),
)
URGENT = Reply(Kind.URGENT, (Text("Please get seen by a doctor today."),))
SCREENING = Reply(
    Kind.SCREENING,
    (
        Text("How often do you use sunscreen?"),
        Buttons((Button("Every day", "screen:answer:sun:a"), Button("Never", "screen:answer:b"))),
    ),
)
CHART = Reply(
    Kind.SCREENING,
    (
        Text("This is what you told me. A doctor can say what it means for you."),
        Chart(
            "Where habits leave most room",
            (Bar("Sun", "a lot", 1.0), Bar("Sleep", "some", 0.5), Bar("Smoking", "none", 0.0)),
        ),
        Page("Summary to print", "/summary/1800000000"),
    ),
)
GONE = Reply(Kind.SERVICE, (Text("Everything is erased. Please see a doctor."),), forget=True)

REPLIES: Mapping[str, Reply] = {
    "sun": ANSWER,
    "I can't see": EMERGENCY,
    "sore": URGENT,
    "habits": SCREENING,
    "Every day": CHART,
    "delete my data": GONE,
}


def action_of(replies: Mapping[str, Reply] = REPLIES) -> Action:
    """An action server that gives these replies to these texts, and else the usual one."""

    async def act(call: dict[str, Any]) -> dict[str, Any]:
        reply = replies.get(call["tracker"]["latest_message"]["text"])
        return await answer(call) if reply is None else said(reply.to_json())

    return act

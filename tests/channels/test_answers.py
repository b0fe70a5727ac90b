"""What of a typed answer is kept. Over the real agent: `tests/conversations/test_screening.py`."""

from __future__ import annotations

from typing import Any

from bot.advice.reply import Kind, Reply, Text
from bot.channels.answers import without_typed_answers

SECRET = "about a pack a day since my divorce"


def user(text: str, **metadata: Any) -> dict[str, Any]:
    parsed = {
        "intent": {"name": "out_of_scope"},
        "entities": [],
        "text": text,
        "understanding": {"sentences": [text]},
        "message_id": "m1",
    }
    return {
        "event": "user",
        "text": text,
        "parse_data": parsed,
        "message_id": "m1",
        "metadata": metadata,
    }


def bot(heard: str = "", kind: Kind = Kind.SCREENING) -> dict[str, Any]:
    reply = Reply(kind, (Text("See a doctor."),), heard=heard)
    return {"event": "bot", "text": None, "data": {"custom": reply.to_json()}}


def test_a_typed_answer_is_kept_as_the_option_and_nowhere_in_its_own_words() -> None:
    events = [user(SECRET), {"event": "slot", "name": "turns", "value": 3}, bot("10 or more")]
    kept = without_typed_answers(events)
    assert kept[0]["text"] == "10 or more"
    assert kept[0]["message_id"] == "m1"
    assert SECRET not in str(kept)
    assert kept[1:] == events[1:]
    assert SECRET in str(events)  # what Rasa still works with is not touched


def test_other_messages_stay_as_they_were_typed() -> None:
    events = [user("does it hurt"), bot(kind=Kind.ANSWER), user(SECRET), bot("10 or more")]
    kept = without_typed_answers(events)
    assert kept[:2] == events[:2]
    assert kept[2]["text"] == "10 or more"


def test_a_bot_without_a_reply_changes_nothing() -> None:
    events = [{"event": "bot", "text": "hi", "data": {}}, user("x"), {"event": "bot", "data": None}]
    assert without_typed_answers(events) == events
    assert without_typed_answers([]) == []

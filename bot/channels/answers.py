"""What the record keeps of the answers about habits, and how they are taken out of it.

An answer that was typed is kept as the words of the option it was read as, so that the database
holds no more than the code says; the visitor's own words never get there. A visitor may have the
answers deleted without the rest: their place in the conversation stays, and nothing of them.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy.engine import Engine

from bot.advice.reply import Kind, Reply, Text
from bot.advice.wording import Wording
from bot.store.erase import rewrite_conversation
from bot.store.events import BOT, SESSION_STARTED, USER

ANSWER = "answer"
"""Under which name the metadata of a visitor's message says that it was an answer."""

_SLOT = "slot"
_SLOTS = frozenset({"screening", "summary"})
_BUTTON = "screen:answer:"


def without_typed_answers(events: Sequence[dict[str, Any]]) -> list[dict[str, Any]]:
    """The events of a turn, in Rasa's form, with each typed answer as the option it was read as."""
    kept = list(events)
    typed: int | None = None
    for place, event in enumerate(events):
        if event.get("event") == USER:
            typed = place
        elif event.get("event") == BOT and typed is not None:
            heard = (_custom(event) or {}).get("heard")
            if heard:
                kept[typed] = _said(events[typed], str(heard))
    return kept


def erase_answers(engine: Engine, conversation: str, wording: Wording) -> int:
    """Take the answers about habits, and what was made of them, out of a conversation.

    Returns:
        How many events were changed.

    Raises:
        StoreError: the database cannot be used; nothing was changed.
    """
    erased = wording.say("screening_erased")
    stands_in = Reply(
        Kind.SERVICE, (Text(erased), Text(wording.say("closing_screening")))
    ).to_json()

    def change(type_name: str, data: dict[str, Any]) -> dict[str, Any] | None:
        if type_name == _SLOT and data.get("name") in _SLOTS and data.get("value") is not None:
            return {**data, "value": None}
        if type_name == SESSION_STARTED and (data.get("metadata") or {}).get("earlier"):
            return {**data, "metadata": {**data["metadata"], "earlier": []}}
        if type_name == USER and _is_answer(data):
            return _said(data, erased)
        custom = _custom(data) if type_name == BOT else None
        if custom and (custom.get("heard") or custom.get("kind") == Kind.SCREENING.value):
            return {**data, "data": {**data["data"], "custom": stands_in}}
        return None

    return rewrite_conversation(engine, conversation, change)


def _custom(event: Mapping[str, Any]) -> dict[str, Any] | None:
    custom = (event.get("data") or {}).get("custom")
    return custom if isinstance(custom, dict) else None


def _is_answer(event: Mapping[str, Any]) -> bool:
    metadata = event.get("metadata") or {}
    pressed = str(metadata.get("action", "")).startswith(_BUTTON)
    return pressed or bool(metadata.get(ANSWER))


def _said(event: Mapping[str, Any], text: str) -> dict[str, Any]:
    """A visitor's message with other words, and nothing of what was understood of its own."""
    before = event.get("parse_data") or {}
    metadata = {**(event.get("metadata") or {}), ANSWER: True}
    metadata.pop("action", None)
    parsed = {
        "intent": before.get("intent", {}),
        "entities": [],
        "text": text,
        "message_id": before.get("message_id"),
        "metadata": metadata,
    }
    return {**event, "text": text, "parse_data": parsed, "metadata": metadata}

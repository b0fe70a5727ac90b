"""Runs one action of the product, as the executor does, on a tracker that a test makes."""

from __future__ import annotations

from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.advice.reply import Reply
from bot.advice.understanding import KEY, Understanding


def tracker(
    text: str = "hello",
    intent: str = "",
    found: Understanding | None = None,
    events: list[dict[str, Any]] | None = None,
    metadata: dict[str, Any] | None = None,
    **slots: Any,
) -> Tracker:
    """A conversation whose last message is `text`."""
    latest: dict[str, Any] = {"text": text, "entities": [], "intent": {"name": intent}}
    if found is not None:
        latest[KEY] = found.to_json()
    if metadata is not None:
        latest["metadata"] = metadata
    said = [*(events or []), {"event": "user", "text": text}]
    return Tracker("visitor", slots, latest, said, False, None, {}, "action_listen")


def run(action: Action, on: Tracker) -> tuple[Reply, dict[str, Any]]:
    """The one reply of an action, and the slots it sets."""
    dispatcher = CollectingDispatcher()
    events = action.run(dispatcher, on, {})
    (message,) = dispatcher.messages
    assert all(event["event"] == "slot" for event in events)
    return Reply.from_json(message["custom"]), {e["name"]: e["value"] for e in events}

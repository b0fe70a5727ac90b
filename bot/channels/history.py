"""The conversation as visitor and bot had it, read from Rasa's tracker: there is no second log."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from rasa.core.agent import Agent
from rasa.core.tracker_store import FailSafeTrackerStore, SQLTrackerStore
from sqlalchemy.engine import Engine

from bot.advice.reply import Button, Reply, buttons
from bot.advice.understanding import KEY, RedFlag, Understanding, flags_of
from bot.channels.plain import unshield
from bot.store import events
from bot.store.events import Standing, StoredEvent

PAGE = 200
"""How much is read back at once: about 300 kB of answers."""


@dataclass(frozen=True)
class Said:
    """What the visitor wrote, or the label of the button that was pressed."""

    position: int
    at: float
    message_id: str
    text: str


@dataclass(frozen=True)
class Answered:
    """What the bot answered. ``at`` is in seconds since 1970."""

    position: int
    at: float
    reply: Reply


@dataclass(frozen=True)
class Page:
    """A part of a conversation, and from where to go on."""

    events: tuple[Said | Answered, ...]
    next: int
    more: bool


class History:
    """Reads conversations. Each method raises StoreError when the database cannot be used."""

    def __init__(self, engine: Engine) -> None:
        self.engine = engine

    def standing(self, conversation: str, message_id: str = "") -> Standing:
        """How far a conversation has come, and whether this message was handled before."""
        return events.standing(self.engine, conversation, message_id)

    def answer(self, conversation: str, message_id: str) -> Answered | None:
        """The recorded answer to a message; None while there is none."""
        return _answer(events.turn(self.engine, conversation, message_id))

    def last_answer(self, conversation: str, message_id: str, said_before: int) -> Answered | None:
        """The recorded answer to the message handled just now; None if it was not recorded.

        Args:
            said_before: `Standing.said` before it.
        """
        stored = events.last_turn(self.engine, conversation, said_before)
        if not stored or stored[0].data.get("message_id") != message_id:
            return None
        return _answer(stored)

    def last_understanding(self, conversation: str) -> Understanding:
        """What NLU found in the visitor's last message; an empty one for a pressed button."""
        data = next(events.newest(self.engine, conversation, events.USER), {})
        return Understanding.from_json((data.get("parse_data") or {}).get(KEY))

    def read(self, conversation: str, after: int = 0, limit: int = PAGE) -> Page:
        """What was said after position `after`, oldest first."""
        stored = events.said(self.engine, conversation, after, limit)
        found = tuple(event for event in map(_visible, stored) if event is not None)
        return Page(found, stored[-1].position if stored else after, len(stored) == limit)

    def flags(self, conversation: str, message_id: str) -> tuple[RedFlag, ...]:
        """What was found in a message that is on record; nothing if it is not its last."""
        data = next(events.newest(self.engine, conversation, events.USER), {})
        return flags_of(data.get("parse_data")) if data.get("message_id") == message_id else ()

    def earlier(self, conversation: str, count: int, but: str = "") -> list[str]:
        """The visitor's last texts, oldest first, without the message of the id `but`."""
        found: list[str] = []
        for data in events.newest(self.engine, conversation, events.USER):
            if len(found) == count:
                break
            if data.get("text") and (not but or data.get("message_id") != but):
                found.insert(0, unshield(data["text"]))
        return found

    def buttons(self, conversation: str) -> Iterator[Button]:
        """Every button that the bot offered in the conversation, newest first."""
        for data in events.newest(self.engine, conversation, events.BOT):
            reply = _reply(data)
            if reply is not None:
                yield from buttons(reply)


def engine_of(agent: Agent) -> Engine:
    """The database that the agent keeps its conversations in. Asking the store itself, and not
    the settings, leaves no way to read or erase in another database than the agent writes to.

    Raises:
        TypeError: they are not in an SQL database.
    """
    store = agent.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        store = store._tracker_store  # Rasa 3.6.21 offers no other way in
    if not isinstance(store, SQLTrackerStore):
        raise TypeError(f"conversations need an SQLTrackerStore, not a {type(store).__name__}")
    engine: Engine = store.engine
    return engine


def _answer(turn: list[StoredEvent]) -> Answered | None:
    answers = (_visible(event) for event in reversed(turn))
    return next((found for found in answers if isinstance(found, Answered)), None)


def _visible(event: StoredEvent) -> Said | Answered | None:
    if event.type_name == events.USER:
        text, message_id = event.data.get("text"), event.data.get("message_id") or ""
        return Said(event.position, event.timestamp, message_id, unshield(text)) if text else None
    reply = _reply(event.data)
    return Answered(event.position, event.timestamp, reply) if reply else None


def _reply(data: dict[str, Any]) -> Reply | None:
    custom = (data.get("data") or {}).get("custom")
    try:
        return Reply.from_json(custom) if custom else None
    except ValueError:
        return None  # an action said something that is no reply; the guard's follows it

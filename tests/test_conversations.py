"""The quicker store reads and writes what Rasa's own would, row for row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import bot.lean  # noqa: F401  # before Rasa

import pytest
from rasa.core.tracker_store import SQLTrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import (
    ActionExecuted,
    BotUttered,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from sqlalchemy import select
from sqlalchemy.exc import SQLAlchemyError

from bot.conversations import EVENTS, Conversations

DOMAIN = Domain.from_yaml(
    """
    version: "3.1"
    intents: [greet]
    slots: {topic: {type: any, mappings: [{type: custom}]}}
    """
)
NAMES = ("sender_id", "type_name", "timestamp", "intent_name", "action_name", "data")


def turn(number: int) -> list[Any]:
    """What a turn adds, at fixed times."""
    now = 1000.0 + 10 * number
    parsed = {"intent": {"name": "greet", "confidence": 1.0}, "entities": []}
    return [
        UserUttered("hello", parse_data=parsed, timestamp=now),
        ActionExecuted("action_greet", timestamp=now + 1),
        BotUttered("hi", timestamp=now + 2),
        SlotSet("topic", number, timestamp=now + 3),
        ActionExecuted("action_listen", timestamp=now + 4),
    ]


def session_start(at: float) -> list[Any]:
    return [
        ActionExecuted("action_session_start", timestamp=at),
        SessionStarted(timestamp=at),
        ActionExecuted("action_listen", timestamp=at),
    ]


def rows(store: SQLTrackerStore) -> list[tuple[Any, ...]]:
    columns = [EVENTS.c[name] for name in NAMES]
    with store.engine.connect() as connection:
        return [tuple(row) for row in connection.execute(select(*columns).order_by(EVENTS.c.id))]


def texts(tracker: Any) -> list[str]:
    return [str(event) for event in tracker.events]


@pytest.fixture
def ours(tmp_path: Path) -> Conversations:
    store = Conversations(f"sqlite:///{tmp_path / 'ours.db'}")
    store.domain = DOMAIN
    return store


@pytest.fixture
def theirs(tmp_path: Path) -> SQLTrackerStore:
    return SQLTrackerStore(DOMAIN, db=str(tmp_path / "theirs.db"))


async def converse(store: SQLTrackerStore) -> None:
    """Two turns, a new session, and two more; each turn reads the conversation back."""
    tracker = store.init_tracker("visitor")
    tracker.update_with_events(session_start(990.0), DOMAIN, override_timestamp=False)
    await store.save(tracker)
    for number in range(4):
        tracker = await store.retrieve("visitor")
        if number == 2:
            events = session_start(1015.0)
            tracker.update_with_events(events, DOMAIN, override_timestamp=False)
            await store.save(tracker)
            tracker = await store.retrieve("visitor")
        tracker.update_with_events(turn(number), DOMAIN, override_timestamp=False)
        await store.save(tracker)


async def test_stores_the_rows_that_rasa_stores(
    ours: Conversations, theirs: SQLTrackerStore
) -> None:
    await converse(ours)
    await converse(theirs)
    assert rows(ours) == rows(theirs)
    assert len(rows(ours)) == 2 * 3 + 4 * 5


async def test_reads_what_rasa_reads(ours: Conversations, theirs: SQLTrackerStore) -> None:
    """The latest session, and all of it when asked."""
    await converse(ours)
    await converse(theirs)
    latest, whole = await ours.retrieve("visitor"), await ours.retrieve_full_tracker("visitor")
    assert texts(latest) == texts(await theirs.retrieve("visitor"))
    assert texts(whole) == texts(await theirs.retrieve_full_tracker("visitor"))
    assert len(texts(latest)) < len(texts(whole)) == len(rows(ours))
    assert latest.get_slot("topic") == 3


async def test_knows_nobody_until_something_is_stored(ours: Conversations) -> None:
    assert await ours.retrieve("visitor") is None


async def test_a_new_conversation_is_stored_with_its_first_turn(ours: Conversations) -> None:
    tracker = await ours.get_or_create_tracker("visitor")
    assert texts(tracker) == [str(ActionExecuted("action_listen"))]
    assert rows(ours) == []
    tracker.update_with_events(turn(0), DOMAIN)
    await ours.save(tracker)
    assert len(rows(ours)) == 6


async def test_saving_twice_stores_nothing_twice(ours: Conversations) -> None:
    """Not even over the start of a session, where Rasa's own store would."""
    tracker = await ours.get_or_create_tracker("visitor")
    for number in range(2):
        tracker.update_with_events(session_start(990.0 + number), DOMAIN)
        tracker.update_with_events(turn(number), DOMAIN)
        await ours.save(tracker)
        await ours.save(tracker)
    assert len(rows(ours)) == 1 + 2 * (3 + 5)


async def test_a_tracker_made_elsewhere_is_counted(ours: Conversations) -> None:
    await converse(ours)
    before = rows(ours)
    found = await ours.retrieve("visitor")
    copied = found.copy()
    copied.update_with_events(turn(9), DOMAIN)
    await ours.save(copied)
    assert rows(ours)[: len(before)] == before
    assert len(rows(ours)) == len(before) + 5


async def test_a_save_that_fails_is_made_up_for_by_the_next(ours: Conversations) -> None:
    """Nothing of it is stored, and nothing of it is taken for stored."""
    tracker = await ours.get_or_create_tracker("visitor")
    tracker.update_with_events(turn(0), DOMAIN)
    with ours.engine.begin() as connection:
        connection.exec_driver_sql(
            "CREATE TRIGGER full BEFORE INSERT ON events WHEN NEW.type_name = 'bot'"
            " BEGIN SELECT RAISE(ABORT, 'no'); END"
        )
    with pytest.raises(SQLAlchemyError):
        await ours.save(tracker)
    assert rows(ours) == []
    with ours.engine.begin() as connection:
        connection.exec_driver_sql("DROP TRIGGER full")
    await ours.save(tracker)
    assert len(rows(ours)) == 6


async def test_conversations_do_not_mix(ours: Conversations) -> None:
    for sender in ("one", "two"):
        tracker = await ours.get_or_create_tracker(sender)
        tracker.update_with_events(turn(1 if sender == "one" else 2), DOMAIN)
        await ours.save(tracker)
    assert (await ours.retrieve("one")).get_slot("topic") == 1
    assert (await ours.retrieve("two")).get_slot("topic") == 2

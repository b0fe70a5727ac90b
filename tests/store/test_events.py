from __future__ import annotations

import json
from pathlib import Path

import pytest
from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine

from bot.store import events
from bot.store.events import REMEMBERED, Standing
from bot.store.session import StoreError, engine_for

TABLE = """CREATE TABLE events (
    id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"""
INSERT = "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:s, :n, :t, :d)"


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
    with made.begin() as connection:
        connection.exec_driver_sql(TABLE)
    return made


def write(engine: Engine, sender: str, *names: str, start: float = 1.0) -> None:
    """Write events as Rasa does; ``user:ID`` is a message with that id."""
    with engine.begin() as connection:
        for number, name in enumerate(names):
            type_name, _, id_ = name.partition(":")
            data = json.dumps({"event": type_name, "message_id": id_})
            row = {"s": sender, "n": type_name, "t": start + number, "d": data}
            connection.execute(text(INSERT), row)


def test_a_new_conversation_stands_at_nothing(engine: Engine) -> None:
    write(engine, "other", "session_started", "user:m1", "bot")
    assert events.standing(engine, "me", "m1") == Standing()
    assert events.turn(engine, "me", "m1") == []
    assert events.last_turn(engine, "me", 0) == []
    assert events.said(engine, "me", 0, 10) == []
    assert list(events.newest(engine, "me", "user")) == []


def test_what_was_said_is_counted_by_conversation_and_session(engine: Engine) -> None:
    write(engine, "me", "action", "session_started", "slot", "user:m1", "action", "bot", "bot")
    write(engine, "me", "session_started", "user:m2", "bot", "user:m3", start=20.0)
    assert events.standing(engine, "me", "m1") == Standing(3, 6, 2, 20.0, True)
    assert events.standing(engine, "me", "m4") == Standing(3, 6, 2, 20.0, False)


def test_a_conversation_without_a_session_is_one_session(engine: Engine) -> None:
    write(engine, "me", "user:m1", "bot", "user:m2")
    assert events.standing(engine, "me", "m9") == Standing(2, 3, 2, None, False)


def test_only_a_visitors_message_has_an_id(engine: Engine) -> None:
    write(engine, "me", "bot:m1", "action:m1")
    assert not events.standing(engine, "me", "m1").seen


def test_a_message_is_remembered_for_a_hundred_more(engine: Engine) -> None:
    write(engine, "me", *(f"user:m{n}" for n in range(REMEMBERED + 1)))
    assert events.standing(engine, "me", "m1").seen
    assert not events.standing(engine, "me", "m0").seen


def test_a_turn_is_a_message_and_its_answers(engine: Engine) -> None:
    write(engine, "me", "user:m1", "bot", "user:m2", "action", "bot", "bot", "user:m3")
    turn = events.turn(engine, "me", "m2")
    assert [(e.position, e.type_name) for e in turn] == [(3, "user"), (4, "bot"), (5, "bot")]
    assert [e.position for e in events.turn(engine, "me", "m3")] == [6]
    last = events.last_turn(engine, "me", 5)
    assert [(e.position, e.type_name) for e in last] == [(6, "user")]


def test_the_newest_come_first_and_are_read_as_needed(engine: Engine) -> None:
    write(engine, "me", *(f"user:m{n}" for n in range(50)))
    found = events.newest(engine, "me", "user")
    assert [next(found)["message_id"] for _ in range(3)] == ["m49", "m48", "m47"]
    found.close()


def test_the_index_is_made_once_and_used(engine: Engine) -> None:
    events.prepare(engine)
    events.prepare(engine)
    (index,) = inspect(engine).get_indexes("events")
    assert index["column_names"] == ["sender_id", "type_name", "timestamp"]
    with engine.connect() as connection:
        plan = connection.execute(
            text(
                "EXPLAIN QUERY PLAN SELECT max(timestamp) FROM events"
                " WHERE sender_id = 'me' AND type_name = 'session_started'"
            )
        ).all()
    assert "COVERING INDEX ix_advisor_events" in str(plan)


def test_a_database_without_rasas_table_is_said_so(tmp_path: Path) -> None:
    empty = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")
    with pytest.raises(StoreError):
        events.prepare(empty)
    with pytest.raises(StoreError):
        events.standing(empty, "me", "m1")

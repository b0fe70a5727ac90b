from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.store.erase import (
    DAY_S,
    erase_conversation,
    purge_older_than,
    rewrite_conversation,
)
from bot.store.session import StoreError, engine_for

NOW = 1_800_000_000.0
TABLE = """CREATE TABLE events (
    id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"""


@pytest.fixture
def engine(tmp_path: Path) -> Engine:
    made = engine_for(f"sqlite:///{tmp_path / 'advisor.db'}")
    with made.begin() as connection:
        connection.exec_driver_sql(TABLE)
    return made


INSERT = "INSERT INTO events (sender_id, type_name, timestamp, data) VALUES (:s, :n, :t, :d)"


def write(
    engine: Engine, sender: str, events: Iterable[tuple[str, float]], said: str = "x"
) -> None:
    """Write events as Rasa does: (type, age in days)."""
    data = json.dumps({"text": said})
    with engine.begin() as connection:
        for type_name, age in events:
            row = {"s": sender, "n": type_name, "t": NOW - age * DAY_S, "d": data}
            connection.execute(text(INSERT), row)


def ages(engine: Engine, sender: str) -> list[float]:
    """How old, in days, the events are that are left."""
    with engine.connect() as connection:
        rows = connection.execute(
            text("SELECT timestamp FROM events WHERE sender_id = :s ORDER BY id"), {"s": sender}
        )
        return [round((NOW - at) / DAY_S, 3) for (at,) in rows]


def test_events_are_rewritten_in_their_place_and_the_others_stay(
    engine: Engine, tmp_path: Path
) -> None:
    """Not to be read from the database's files either."""
    write(engine, "web-1", [("user", 2), ("bot", 2), ("slot", 1)], said="a pack a day")
    write(engine, "web-10", [("user", 1)], said="twenty drinks")

    def change(type_name: str, data: dict[str, str]) -> dict[str, str] | None:
        return {"text": "gone"} if type_name == "user" else None

    assert rewrite_conversation(engine, "web-1", change) == 1
    assert rewrite_conversation(engine, "nobody", change) == 0
    assert ages(engine, "web-1") == [2, 2, 1]
    with engine.connect() as connection:
        kept = [row[0] for row in connection.execute(text("SELECT data FROM events ORDER BY id"))]
    assert [json.loads(one)["text"] for one in kept] == [
        "gone",
        "a pack a day",
        "a pack a day",
        "twenty drinks",
    ]
    assert rewrite_conversation(engine, "web-1", lambda name, data: {"text": "gone"}) == 3
    files = b"".join(path.read_bytes() for path in tmp_path.glob("advisor.db*"))
    assert b"a pack" not in files
    assert b"twenty drinks" in files


def test_before_the_first_start_there_is_nothing_to_rewrite(tmp_path: Path) -> None:
    empty = engine_for(f"sqlite:///{tmp_path / 'empty.db'}")
    assert rewrite_conversation(empty, "web-1", lambda name, data: data) == 0


def test_a_conversation_goes_and_the_others_stay(engine: Engine) -> None:
    for sender in ("web-1", "web-10", "web-1%"):
        write(engine, sender, [("session_started", 1), ("user", 1), ("bot", 1)])
    assert erase_conversation(engine, "web-1") == 3
    assert ages(engine, "web-1") == []
    assert len(ages(engine, "web-10")) == len(ages(engine, "web-1%")) == 3
    assert erase_conversation(engine, "web-1") == 0
    assert erase_conversation(engine, "%") == 0


def test_the_words_are_in_none_of_the_databases_files(engine: Engine, tmp_path: Path) -> None:
    """SQLite alone would leave them in free pages and in its write-ahead log."""
    said = "a very particular rash " * 500
    write(engine, "web-1", [("user", 1)] * 20, said)
    write(engine, "web-2", [("user", 1)], "something else")
    assert any(b"particular rash" in file.read_bytes() for file in tmp_path.iterdir())
    erase_conversation(engine, "web-1")
    assert not any(b"particular rash" in file.read_bytes() for file in tmp_path.iterdir())


def test_before_rasas_first_start_there_is_nothing_to_erase(tmp_path: Path) -> None:
    engine = engine_for(f"sqlite:///{tmp_path / 'new.db'}")
    assert erase_conversation(engine, "web-1") == 0
    assert purge_older_than(engine, 30) == 0


def test_a_database_that_cannot_be_used_is_said_so(tmp_path: Path) -> None:
    broken = tmp_path / "broken.db"
    broken.write_bytes(b"no database" * 1000)
    with pytest.raises(StoreError):
        erase_conversation(engine_for(f"sqlite:///{broken}"), "web-1")


def test_a_conversation_past_retention_goes_whole(engine: Engine) -> None:
    write(engine, "old", [("session_started", 40), ("user", 40), ("bot", 30.001)])
    write(engine, "young", [("session_started", 29.9), ("user", 29.9)])
    assert purge_older_than(engine, 30, NOW) == 3
    assert ages(engine, "old") == []
    assert len(ages(engine, "young")) == 2


def test_of_one_that_goes_on_its_old_sessions_go(engine: Engine) -> None:
    write(
        engine,
        "long",
        [("session_started", 90), ("user", 90), ("session_started", 45), ("user", 45),
         ("session_started", 20), ("user", 20), ("session_started", 1), ("user", 1)],
    )  # fmt: skip
    assert purge_older_than(engine, 30, NOW) == 4
    assert ages(engine, "long") == [20, 20, 1, 1]


def test_the_current_session_is_never_cut(engine: Engine) -> None:
    """Rasa would count wrong and store events twice."""
    write(engine, "slow", [("session_started", 50), ("user", 50), ("user", 1)])
    assert purge_older_than(engine, 30, NOW) == 0
    assert ages(engine, "slow") == [50, 50, 1]


def test_purging_again_finds_nothing(engine: Engine) -> None:
    write(engine, "old", [("user", 40)])
    assert purge_older_than(engine, 30, NOW) == 1
    assert purge_older_than(engine, 30, NOW) == 0

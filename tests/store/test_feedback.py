from __future__ import annotations

from collections.abc import Iterator

import pytest
from sqlalchemy import text
from sqlalchemy.engine import Engine

from bot.store.erase import erase_conversation, purge_older_than
from bot.store.feedback import DOWN, UP, Rated, Thumbs, rate, ratings, thumbs_by_entry

NOW = 1_800_000_000.0
DAY_S = 86_400
EVENTS = """CREATE TABLE events (
    id INTEGER PRIMARY KEY, sender_id VARCHAR(255) NOT NULL, type_name VARCHAR(255) NOT NULL,
    timestamp FLOAT, intent_name VARCHAR(255), action_name VARCHAR(255), data TEXT)"""
INSERT = (
    "INSERT INTO events (id, sender_id, type_name, timestamp, data) VALUES (:i, :s, :n, :t, '{}')"
)


@pytest.fixture
def talked(database: Engine) -> Iterator[Engine]:
    """A database in which two visitors have talked: one 40 days ago, one yesterday too."""
    said = [
        ("old", "bot", 40), ("long", "user", 40),
        ("new", "bot", 1), ("long", "session_started", 1), ("long", "bot", 1),
    ]  # fmt: skip
    with database.begin() as connection:
        connection.execute(text("DROP TABLE IF EXISTS events"))
        connection.execute(text(EVENTS))
        for id_, (sender, kind, age) in enumerate(said):
            row = {"i": id_, "s": sender, "n": kind, "t": NOW - age * DAY_S}
            connection.execute(text(INSERT), row)
    yield database
    with database.begin() as connection:
        connection.execute(text("DROP TABLE events"))


def rated(conversation: str, position: int, *entries: str, publication: str = "a" * 64) -> Rated:
    return Rated(conversation, position, entries, publication)


def test_the_last_word_on_an_answer_counts(talked: Engine) -> None:
    assert rate(talked, rated("new", 2, "botox/cost"), UP)
    assert rate(talked, rated("new", 2, "botox/cost"), DOWN)
    assert ratings(talked, "new") == {2: DOWN}
    assert thumbs_by_entry(talked) == [Thumbs("botox/cost", 0, 1)]


def test_it_can_be_taken_back(talked: Engine) -> None:
    rate(talked, rated("new", 2, "botox/cost"), UP)
    assert rate(talked, rated("new", 2, "botox/cost"), None)
    assert ratings(talked, "new") == {}
    assert thumbs_by_entry(talked) == []


def test_staff_see_what_is_disliked_first(talked: Engine) -> None:
    rate(talked, rated("new", 2, "botox/cost", "botox/pain"), UP)
    rate(talked, rated("new", 4, "botox/pain"), DOWN)
    rate(talked, rated("old", 2, "botox/age"), UP)
    assert thumbs_by_entry(talked) == [
        Thumbs("botox/pain", 1, 1),
        Thumbs("botox/age", 1, 0),
        Thumbs("botox/cost", 1, 0),
    ]


def test_a_publication_can_be_judged_by_itself(talked: Engine) -> None:
    """An answer that was mended is not judged by what people thought before."""
    rate(talked, rated("new", 2, "botox/cost"), DOWN)
    rate(talked, rated("new", 4, "botox/cost", publication="b" * 64), UP)
    assert thumbs_by_entry(talked, ["b" * 64]) == [Thumbs("botox/cost", 1, 0)]
    assert thumbs_by_entry(talked, []) == []


def test_an_erased_conversation_leaves_no_feedback(talked: Engine) -> None:
    rate(talked, rated("new", 2, "botox/cost"), UP)
    rate(talked, rated("long", 2, "botox/cost"), UP)
    erase_conversation(talked, "new")
    assert ratings(talked, "new") == {}
    assert ratings(talked, "long") == {2: UP}


def test_nothing_is_saved_behind_an_erasure(talked: Engine) -> None:
    """The visitor's other tab may send it a moment later."""
    erase_conversation(talked, "new")
    assert not rate(talked, rated("new", 2, "botox/cost"), UP)
    assert thumbs_by_entry(talked) == []


def test_retention_takes_it_with_the_conversation(talked: Engine) -> None:
    """And with the beginning of one that goes on: positions count from what is kept."""
    for conversation in ("old", "new", "long"):
        rate(talked, rated(conversation, 1, "botox/cost"), UP)
    purge_older_than(talked, 30, NOW)
    assert [ratings(talked, c) for c in ("old", "new", "long")] == [{}, {1: UP}, {}]

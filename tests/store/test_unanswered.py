"""Messages that were not answered are kept for staff, and go with their conversation."""

from __future__ import annotations

import time
from datetime import datetime, timezone

from sqlalchemy import insert, update
from sqlalchemy.engine import Engine

from bot.store.erase import DAY_S, erase_conversation, purge_older_than
from bot.store.feedback import Thumbs, thumbs_by_entry
from bot.store.tables import feedback, unanswered
from bot.store.unanswered import NewUnanswered, add_unanswered, list_unanswered, put_away


def add(engine: Engine, text: str, conversation: str = "web-1") -> None:
    new = NewUnanswered(conversation, "unsure", text, "botox/cost", 0.25, "abc")
    add_unanswered(engine, new)


def judge(engine: Engine, conversation: str, position: int, entries: str, value: str) -> None:
    with engine.begin() as connection:
        now = datetime.now(timezone.utc)
        values = {"conversation": conversation, "position": position, "entries": entries}
        connection.execute(
            insert(feedback).values(publication="", value=value, created_at=now, **values)
        )


def test_what_is_kept_comes_back_newest_first_and_without_its_conversation(
    database: Engine,
) -> None:
    add(database, "one")
    add(database, "two 😀")
    newest, oldest = list_unanswered(database)
    assert (newest.text, oldest.text) == ("two 😀", "one")
    assert (oldest.kind, oldest.entry, oldest.score, oldest.publication) == (
        "unsure", "botox/cost", 0.25, "abc",
    )  # fmt: skip
    assert not hasattr(oldest, "conversation")
    assert abs((datetime.now(timezone.utc) - oldest.created_at).total_seconds()) < 60
    assert [one.text for one in list_unanswered(database, 1)] == ["two 😀"]


def test_what_is_put_away_is_gone_and_nothing_else(database: Engine) -> None:
    add(database, "one")
    add(database, "two")
    assert put_away(database, [list_unanswered(database)[0].id, 999]) == 1
    assert [one.text for one in list_unanswered(database)] == ["one"]
    assert put_away(database, []) == 0


def test_an_erased_conversation_takes_its_messages_and_thumbs_along(database: Engine) -> None:
    """Even where Rasa has no events of it."""
    for conversation in ("web-1", "web-2"):
        add(database, f"of {conversation}", conversation)
        judge(database, conversation, 2, '["botox/cost"]', "down")
    erase_conversation(database, "web-1")
    assert [one.text for one in list_unanswered(database)] == ["of web-2"]
    assert thumbs_by_entry(database) == [Thumbs("botox/cost", 0, 1)]


def test_retention_takes_old_messages(database: Engine) -> None:
    add(database, "old", "web-1")
    add(database, "young", "web-2")
    past = datetime.fromtimestamp(time.time() - 31 * DAY_S, timezone.utc)
    with database.begin() as connection:
        connection.execute(
            update(unanswered).where(unanswered.c.conversation == "web-1").values(created_at=past)
        )
    purge_older_than(database, 30)
    assert [one.text for one in list_unanswered(database)] == ["young"]


def test_thumbs_are_counted_by_entry_most_down_first(database: Engine) -> None:
    for position, (entries, value) in enumerate(
        [('["a/a"]', "up"), ('["a/a", "b/b"]', "down"), ('["b/b"]', "down"), ("[]", "down")]
    ):
        judge(database, "web-1", position, entries, value)
    assert thumbs_by_entry(database) == [Thumbs("b/b", 0, 2), Thumbs("a/a", 1, 1)]

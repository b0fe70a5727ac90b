"""Takes conversations out of the database: at a visitor's wish, and when retention ends."""

from __future__ import annotations

import sqlite3
import time

from sqlalchemy import delete, func, inspect, select
from sqlalchemy.engine import Engine

from bot.store.events import SESSION_STARTED, events
from bot.store.session import writing
from bot.store.tables import feedback

DAY_S = 86_400


def erase_conversation(engine: Engine, conversation: str) -> int:
    """Erase all that a conversation left in the database.

    On SQLite the freed pages are overwritten and the write-ahead log is emptied, so the words
    cannot be read from the files either (the log only once no other process is reading).

    Returns:
        How many events there were; 0 for an unknown conversation.

    Raises:
        StoreError: the database cannot be used; nothing was erased.
    """
    return _erase(engine, events.c.sender_id == conversation)


def purge_older_than(engine: Engine, days: int, now: float | None = None) -> int:
    """Erase what is older than `days` days. Safe while conversations go on.

    A conversation with nothing newer goes as a whole. Of one that goes on, only what came before
    its latest session start goes: Rasa counts the events of the current session to find the new
    ones, and sessions are ended after a day (`bot.channels.rotation`), so nothing stays behind.

    Returns:
        How many events were erased.

    Raises:
        StoreError: the database cannot be used; nothing was erased.
    """
    limit = (time.time() if now is None else now) - days * DAY_S
    ended = (
        select(events.c.sender_id)
        .group_by(events.c.sender_id)
        .having(func.max(events.c.timestamp) < limit)
    )
    other = events.alias("other")
    session_start = (
        select(func.max(other.c.timestamp))
        .where(other.c.sender_id == events.c.sender_id, other.c.type_name == SESSION_STARTED)
        .scalar_subquery()
    )
    past = (events.c.timestamp < limit) & (events.c.timestamp < session_start)
    # One statement: between two, a session could start and move the line.
    return _erase(engine, events.c.sender_id.in_(ended) | past)


def _erase(engine: Engine, condition: object) -> int:
    on_sqlite = engine.dialect.name == "sqlite"
    with writing(engine) as opened:
        connection = opened.connection()
        if not inspect(connection).has_table(events.name):
            return 0  # before Rasa's first start there is nothing to erase
        if on_sqlite:
            connection.exec_driver_sql("PRAGMA secure_delete = ON")
        if inspect(connection).has_table(feedback.name):
            # Thumbs point at positions, which change for a conversation that loses its beginning.
            theirs = select(events.c.sender_id).where(condition)
            opened.execute(delete(feedback).where(feedback.c.conversation.in_(theirs)))
        erased = int(opened.execute(delete(events).where(condition)).rowcount)
    if on_sqlite and erased:
        _empty_log(engine)
    return erased


def _empty_log(engine: Engine) -> None:
    connection = engine.raw_connection()
    try:
        connection.cursor().execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    except sqlite3.Error:
        pass  # another process reads just now; SQLite's next checkpoint does it
    finally:
        connection.close()
